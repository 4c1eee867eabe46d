"""Names that were meant: exact but for case and hyphens, or the nearest."""

import difflib
import re

#: So many names a message lists; whoever registers cells of their own may have any number.
MOST = 20


def same(name, names):
    """The one of `names` that `name` is, whatever its case, hyphens and underscores; or None."""
    if name in names:
        return name
    return next((known for known in names if _plain(known) == _plain(name)), None)


def nearest(name, names):
    """The one of `names` that looks most like `name`, or None where none does."""
    plain = {_plain(known): known for known in names}
    found = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=0.65)
    return plain[found[0]] if found else None


def suggestion(name, names):
    """What to say of a name that is none of `names`: the nearest one, or the first of them."""
    near = nearest(name, names)
    if near is not None:
        return f"did you mean {near!r}?"
    names = [*names]
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return f"there are: {', '.join(names[:MOST])}{more}"


def _plain(name):
    return re.sub(r"[-_ ]", "", name).lower()
