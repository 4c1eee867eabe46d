"""Errors in the loop of a device's own library."""

from tests.planted.mutant import Mutant

_TESTS = ("test_vendor.py", "every_network")

MUTANTS = [
    Mutant(
        "vendor",
        "a switch that lets the memory go",
        "loops/vendor/network.py",
        '{"i": -SWITCH, "f": SWITCH}',
        '{"i": -SWITCH, "f": -SWITCH}',
        _TESTS,
    ),
    Mutant(
        "vendor",
        "a gate that is half open for one that is always open",
        "loops/vendor/network.py",
        "OPEN = 120.0",
        "OPEN = 0.0",
        _TESTS,
    ),
    Mutant(
        "vendor",
        "outputs of masked steps where they were moved to",
        "loops/vendor/masks.py",
        "cls(order, number[:, -1:], number - 1)",
        "cls(order, number[:, -1:], steps + 0 * number)",
        _TESTS,
    ),
    Mutant(
        "vendor",
        "a subclass is taken for its base",
        "loops/vendor/network.py",
        'vars(type(cell)).get("operator") is None',
        "type(cell).operator is None",
        ("test_vendor.py", "subclass"),
    ),
]
