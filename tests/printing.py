"""Whether a program prints what a page of the manual shows."""

import re

NUMBER = re.compile(r"(?<!\w)-?\d+\.\d*(?:e[-+]\d+)?")


def says(output, printed, by=None):
    """Whether a program prints what the page shows, numbers with a point but for so much."""
    if by is not None:
        numbers = [[*map(float, NUMBER.findall(text))] for text in (output, printed)]
        if len(numbers[0]) != len(numbers[1]):
            return False
        pairs = [(a, b, max(abs(a), abs(b))) for a, b in zip(*numbers)]
        if any(abs(a - b) > by * (size if size < 0.01 else max(1, size)) for a, b, size in pairs):
            return False
        # How wide a number is decides how many spaces stand before the next one.
        output, printed = (" ".join(NUMBER.sub("0", text).split()) for text in (output, printed))
    # What differs from one machine to another is left out in the page.
    wanted = ".*".join(map(re.escape, printed.rstrip().split("…")))
    return bool(re.fullmatch(wanted, output.rstrip(), re.S))
