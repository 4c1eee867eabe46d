"""Sizes: no file, function or list of parameters is longer than can be read at a look."""

import ast
import re
from pathlib import Path

import kerasgates as kg

ROOT = Path(kg.__file__).parent.parent
FOLDERS = ("kerasgates", "tests", "tools", "examples")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))

LINES_OF_A_FILE = 400
#: From `def` to its last line, without the docstring: what is told there is no code.
LINES_OF_A_FUNCTION = 50
#: By position or by name, without `self` and `cls`. A keyword-only option of a public function
#: that its `Args:` describe does not count: nobody needs to know it to call the function, it has a
#: default, and it can be read beside the others. That is how `trace` and `report` have many.
PARAMETERS = 7

#: Functions beyond a limit for good, with the reason; at most five.
EXCEPTIONS = {
    "kerasgates/core/cell.py: AbstractRNNCell.__init__": (
        "the arguments are those of Keras's own cells, in Keras's order, and each is read once"
    ),
}


def functions(node, outer=""):
    """Dotted name and node of every function in a tree, however deep."""
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        name = f"{outer}.{child.name}".lstrip(".") if named else outer
        if named and not isinstance(child, ast.ClassDef):
            yield name, child
        yield from functions(child, name)


def lines(function):
    """Number of lines without the docstring."""
    count = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is None:
        return count
    docstring = function.body[0]
    return count - (docstring.end_lineno - docstring.lineno + 1)


def parameters(function):
    """Names of the parameters that count."""
    taken = function.args
    names = [one.arg for one in (*taken.posonlyargs, *taken.args) if one.arg not in ("self", "cls")]
    text = ast.get_docstring(function) or ""
    described = {*re.findall(r"^ +(\w+): ", text.partition("Args:\n")[2], re.M)}
    public = not function.name.startswith("_")
    options = [one.arg for one in taken.kwonlyargs]
    return names + [name for name in options if not (public and name in described)]


def beyond():
    """What is beyond a limit: place -> what is too long about it."""
    found = {}
    for path in FILES:
        text, place = path.read_text("utf-8"), path.relative_to(ROOT).as_posix()
        if (count := len(text.splitlines())) > LINES_OF_A_FILE:
            found[place] = f"{count} lines"
        for name, function in functions(ast.parse(text)):
            told = []
            if (count := lines(function)) > LINES_OF_A_FUNCTION:
                told.append(f"{count} lines")
            if len(names := parameters(function)) > PARAMETERS:
                told.append(f"{len(names)} parameters")
            if told:
                found[f"{place}: {name}"] = ", ".join(told)
    return found


def test_files_functions_and_parameters_are_few():
    found = beyond()
    new = {place: told for place, told in found.items() if place not in EXCEPTIONS}
    assert not new, "is it one thing?"
    assert {*EXCEPTIONS} <= {*found}, f"within the limits by now: { ({*EXCEPTIONS} - {*found}) }"
    assert len(EXCEPTIONS) <= 5


def test_docstrings_and_options_that_are_described_do_not_count():
    body = "\n".join(["    x = 1"] * LINES_OF_A_FUNCTION)
    text = f'class A:\n def f(self):\n    """Docstring,\n    of two lines."""\n{body}'
    ((name, function),) = functions(ast.parse(text))
    assert (name, lines(function)) == ("A.f", LINES_OF_A_FUNCTION + 1)
    names = ", ".join(f"a{k}" for k in range(PARAMETERS))
    options = 'def f({0}, *, b, c):\n  """F.\n\n  Args:\n    b: an option.\n  """'
    (_, function), (_, private) = [
        next(functions(ast.parse(one.format(names)))) for one in (options, f"def _{options[4:]}")
    ]
    assert parameters(function) == [*names.split(", "), "c"]
    assert parameters(private) == [*names.split(", "), "b", "c"]
