"""What arguments of several commands share."""

import argparse

from kerasgates.utils import suggestions

#: Files of numbers.
ARRAYS = (
    ".npy (batch, time, features), or (batch, time) of tokens; or .csv: one sequence with a step "
    "in each row, of tokens one in each row"
)


def one_of(what, names):
    """Settings of an option that takes one of `names`, whatever its case; a dict maps them."""

    def read(text):
        known = suggestions.same(text, names)
        if known is None:
            raise argparse.ArgumentTypeError(
                f"there is no {what} {text!r}: {suggestions.suggestion(text, names)}"
            )
        return names[known] if isinstance(names, dict) else known

    return {"type": read, "metavar": "{" + ",".join(names) + "}"}
