"""Suggestions for wrong names: the same but for case and hyphens, or the nearest."""

import difflib
import re

#: Most names that a message lists; whoever registers cells of their own may have any number.
MOST = 20


def same(name, names):
    """The entry of `names` that equals `name` but for case, hyphens and underscores; or None."""
    if name in names:
        return name
    return next((known for known in names if _plain(known) == _plain(name)), None)


def nearest(name, names, cutoff=0.65):
    """The entry of `names` that is most similar to `name`, or None where none is by `cutoff`."""
    plain = {_plain(known): known for known in names}
    matches = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=cutoff)
    return plain[matches[0]] if matches else None


def suggestion(name, names):
    """Hint for a name that is none of `names`: the nearest one, or the first of them."""
    near = nearest(name, names)
    if near is not None:
        return f"did you mean {near!r}?"
    names = [*names]
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return f"there are: {', '.join(names[:MOST])}{more}"


def _plain(name):
    return re.sub(r"[-_ ]", "", name).lower()
