"""What the package offers by name, to people, to tools and to `from kerasgates import *`."""

import importlib
import pkgutil
import sys
import types

import kerasgates as kg
from kerasgates import cells, layers, public

LATER = {"callbacks", "export", "gradient_flow", "jacobian", "plot", "report"}


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
    assert modules == {"callbacks", "convert", "export", "loops", "plot"}


def test_no_public_name_hides_a_module():
    """`kerasgates.x` is one thing, whatever has been imported before; so it is in every folder."""
    for module in pkgutil.walk_packages(kg.__path__, "kerasgates."):
        folder, _, name = module.name.rpartition(".")
        assert getattr(sys.modules[folder], name, None) in (None, sys.modules.get(module.name))
        imported = importlib.import_module(module.name)
        assert getattr(sys.modules[folder], name) is imported


def test_the_command_gets_the_same_names_when_it_has_read_its_arguments():
    before = {name: getattr(kg, name) for name in kg.__all__}
    for name in public.__all__:
        delattr(kg, name)
    try:
        kg.import_all()
        assert {name: getattr(kg, name) for name in kg.__all__} == before
    finally:
        vars(kg).update(before)
