"""The tests notice planted errors. Slow: each one is a run of its own."""

import pytest

from tests import mutants
from tests.mutants import MUTANTS, ROOT, kill
from tests.planted.mutant import Mutant


def test_there_are_enough_and_each_can_be_planted():
    assert len(MUTANTS) >= 92
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    for mutant in MUTANTS:
        text = (ROOT / "kerasgates" / mutant.file).read_text()
        assert mutant.old in text, f"{mutant.name}: the text to replace is gone"
        assert mutant.old != mutant.new


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_mutant_is_killed(mutant):
    killed, output = kill(mutant)
    assert killed, f"no test noticed: {mutant.name}\n{output}"


@pytest.mark.slow
def test_a_test_that_fails_anyway_kills_nothing(monkeypatch):
    """It would hide that no test notices the error: nothing is planted here, but a test fails."""
    monkeypatch.setattr(mutants, "run", lambda *arguments: (mutants.TESTS_FAILED, "a test"))
    monkeypatch.setattr(mutants, "plant", lambda mutant, folder: (folder / "output.txt").touch())
    nothing = Mutant("none", "nothing", "layers/rnn.py", "", "", ("test_layers.py", "mask"))
    with pytest.raises(ValueError, match="nothing: a test fails without the error, too"):
        kill(nothing)
