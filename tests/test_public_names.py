"""What the package offers by name, to people, to tools and to `from kerasgates import *`."""

import inspect
import types

import kerasgates as kg
from kerasgates import cells, layers, public

LATER = {"callbacks", "export", "gradient_flow", "plot", "report"}


def test_all_names_are_listed_and_there():
    assert {*kg.__all__} == {*public.__all__} | LATER
    assert {*kg.__all__} >= {*cells.__all__} | {*layers.__all__}
    assert len({*kg.__all__}) == len(kg.__all__)
    for name in kg.__all__:
        assert getattr(kg, name) is not None


def test_tools_are_shown_the_public_names_and_no_others():
    shown = {name for name in dir(kg) if not name.startswith("__")}
    assert shown == {*kg.__all__}
    assert "__version__" in dir(kg)


def test_a_star_brings_the_public_names_and_no_internal_module():
    brought = {}
    exec("from kerasgates import *", brought)
    del brought["__builtins__"]
    assert {*brought} == {*kg.__all__}
    modules = {name for name, value in brought.items() if isinstance(value, types.ModuleType)}
    assert modules == {"callbacks", "convert", "export", "plot"}


def test_functions_are_not_hidden_by_the_modules_that_hold_them():
    """The command imports modules first, and the public names over them."""
    before = {name: getattr(kg, name) for name in kg.__all__}
    vars(kg).update(trace=None, equations=None, upgrade=None)
    try:
        kg.import_all()
        for name in ("trace", "equations", "upgrade"):
            assert inspect.isfunction(getattr(kg, name))
        assert {name: getattr(kg, name) for name in kg.__all__} == before
    finally:
        vars(kg).update(before)
