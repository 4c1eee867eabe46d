"""The tests notice planted errors. Slow: each one is a run of its own."""

import pytest

from tests import mutants
from tests.cases import named_cases
from tests.mutants import MUTANTS, ROOT, kill
from tests.planted.mutant import Mutant


def test_there_are_enough_and_each_can_be_planted():
    assert len(MUTANTS) >= 120
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    for mutant in MUTANTS:
        text = (ROOT / "kerasgates" / mutant.file).read_text()
        assert mutant.old in text, f"{mutant.name}: the text to replace is gone"
        assert mutant.old != mutant.new


#: So many of one file at a time: the tests that notice them are tried together without an error.
TOGETHER = 6


def by_file():
    """Mutants that tests of one file notice, by that file and a number."""
    groups = {}
    for mutant in MUTANTS:
        groups.setdefault(mutant.tests[0].removesuffix(".py"), []).append(mutant)
    return {
        f"{file} {first}": group[first : first + TOGETHER]
        for file, group in groups.items()
        for first in range(0, len(group), TOGETHER)
    }


GROUPS = by_file()


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_mutants_are_killed(group):
    with named_cases() as case:
        for name, (killed, output) in kill(*GROUPS[group]).items():
            with case(name):
                assert killed, f"no test noticed\n{output}"


def test_every_mutant_is_planted_once():
    planted = [mutant for group in GROUPS.values() for mutant in group]
    assert sorted(planted, key=MUTANTS.index) == MUTANTS


@pytest.mark.slow
def test_a_test_that_fails_anyway_kills_nothing(monkeypatch):
    """It would hide that no test notices the error: nothing is planted here, but a test fails."""
    monkeypatch.setattr(mutants, "run", lambda *arguments: (mutants.TESTS_FAILED, "a test"))
    monkeypatch.setattr(mutants, "plant", lambda mutant, folder: (folder / "output.txt").touch())
    nothing = Mutant("none", "nothing", "layers/rnn.py", "", "", ("test_layers.py", "mask"))
    with pytest.raises(ValueError, match="nothing: a test fails without the error, too"):
        kill(nothing)
