"""Errors in wrappers, and in weights that come from other libraries."""

from tests.planted.mutant import Mutant

AROUND, LIBRARIES = "test_wrappers_around.py", "test_convert_libraries.py"

MUTANTS = [
    Mutant(
        "wrappers",
        "zoneout keeps what is new",
        "wrappers/zoneout.py",
        "d * old + (1 - d) * new[number]",
        "d * new[number] + (1 - d) * old",
        ("test_wrappers.py", "has_the_rate"),
    ),
    Mutant(
        "wrappers",
        "the input is added after dropout",
        "wrappers/residual.py",
        "keeps_inputs = True",
        "keeps_inputs = False",
        ("test_wrappers.py", "before_dropout and keras"),
    ),
    Mutant(
        "wrappers",
        "states are clipped that should not be",
        "wrappers/clip.py",
        "if name in self.clipped else value",
        "if True else value",
        ("test_wrappers.py", "every_loop and clip"),
    ),
    Mutant(
        "wrappers",
        "a queue of states that is a stack",
        "wrappers/dilated.py",
        "ops.concatenate([queue[:, state.shape[-1] :], state], axis=-1)",
        "ops.concatenate([state, queue[:, state.shape[-1] :]], axis=-1)",
        (AROUND, "take_turns"),
    ),
    Mutant(
        "wrappers",
        "the newest output is the one that is let go",
        "wrappers/attention.py",
        "m[:, self.cell.output_size :], y",
        "m[:, : -self.cell.output_size], y",
        (AROUND, "every_loop and attention"),
    ),
    Mutant(
        "wrappers",
        "a query of the states before the step",
        "wrappers/attention.py",
        "self.attend(m, *new)",
        "self.attend(m, *inner)",
        (AROUND, "every_loop and attention"),
    ),
    Mutant(
        "wrappers",
        "layer normalisation without the mean",
        "wrappers/layer_norm_gates.py",
        "gamma * (a - mean)",
        "gamma * a",
        (AROUND, "layer_norm_cell"),
    ),
    Mutant(
        "convert",
        "a block of 1 − z without its sign",
        "interop/pieces.py",
        "view += piece.sign * (value",
        "view += (value",
        (LIBRARIES, "tf1_checkpoint-CFNCell"),
    ),
    Mutant(
        "convert",
        "a sum of two biases given twice",
        "interop/pieces.py",
        "if value is None or place in places:",
        "if value is None:",
        (LIBRARIES, "torchrecurrent-MGUCell"),
    ),
    Mutant(
        "convert",
        "a gate taken for what its module is called",
        "interop/libraries.py",
        '{"fgate": "i", "igate": "f", ',
        '{"fgate": "f", "igate": "i", ',
        (LIBRARIES, "xlstm-SLSTMCell"),
    ),
]
