"""Errors planted one by one; the tests must notice each.

    python tests/mutants.py            # plant every error; a few minutes
    python tests/mutants.py --list     # show them by kind
    python tests/mutants.py gru        # those with "gru" in their name

Each mutant is a text of one file of the package replaced by another. The package is copied, the
error planted in the copy, and the tests named with it are run there until the first failure, in a
fork of a process that has imported TensorFlow (`planting.py`). A mutant that no test notices is a
hole in the tests. `test_mutants.py` runs them in CI.
"""

import argparse
import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CONTRACT = ("test_contract.py", "layer_equals and LSTMCell-default-keras")
ERRORS = ("test_errors.py", "")


@dataclass(frozen=True)
class Mutant:
    """One planted error: `old` becomes `new` in `file`; `tests` are a file and a `-k` choice."""

    kind: str
    name: str
    file: str
    old: str
    new: str
    tests: tuple


def cell(name, file, old, new):
    """An error in the equations of a file, which one step of its cells shows."""
    tests = ("test_contract.py", f"one_call and {file.replace('_', '')}")
    return Mutant("equation", name, f"cells/{file}.py", old, new, tests)


MUTANTS = [
    # ---------------------------------------------------------------- equations of cells
    cell("lstm: gates i and f swapped", "lstm", "i, f, g, o = Wx", "f, i, g, o = Wx"),
    cell("lstm: gate order g o swapped", "lstm", "i, f, g, o = Wx", "i, f, o, g = Wx"),
    cell("lstm: tanh of the output missing", "lstm", "o * self.output_activation(c)", "o * c"),
    cell("lstm: input gate lost", "lstm", "c = f * c + i * g", "c = f * c + g"),
    cell("lstm 1997: a forget gate slips in", "lstm", "c = c + i * g", "c = (1 - i) * c + i * g"),
    cell("peephole: o does not see the memory", "peephole", "o + self.peephole_o * c)\n", "o)\n"),
    cell("peephole: i and f exchanged", "peephole", "i + self.peephole_i", "i + self.peephole_f"),
    cell(
        "full peephole: f looks through the peephole of i", "peephole", "f + c @ P_f", "f + c @ P_i"
    ),
    cell("coupled: gates inverted", "coupled", "f * c + (1 - f) * g", "(1 - f) * c + f * g"),
    cell("no output gate: no tanh", "no_output_gate", "h = self.output_activation(c)", "h = c"),
    cell("gru: update gate inverted", "gru", "h = z * h + (1 - z) * n", "h = (1 - z) * h + z * n"),
    cell("gru: reset after the product", "gru", "(r * h) @ U.n", "r * (h @ U.n)"),
    cell("gru: z and r swapped", "gru", 'z, r = Wx["z r"]', 'r, z = Wx["z r"]'),
    cell(
        "reset-after gru: something added inside the reset", "gru", "r * m.n)", "r * (m.n - 0.1))"
    ),
    cell("ugrnn: update gate inverted", "ugrnn", "z * h + (1 - z) * n", "(1 - z) * h + z * n"),
    cell(
        "layer norm: memory carried on normalised",
        "layer_norm",
        "c = f * c + i * g\n",
        "c = self.layer_norm(f * c + i * g, self.gamma_c, self.beta_c)\n",
    ),
    cell(
        "layer norm: unbiased variance",
        "layer_norm",
        "ops.rsqrt(variance + self.epsilon)",
        "ops.rsqrt(variance * a.shape[-1] / (a.shape[-1] - 1) + self.epsilon)",
    ),
    cell(
        "layer norm: shift of the h product lost",
        "layer_norm",
        "(h @ U).tensor, self.gamma_h, self.beta_h",
        "(h @ U).tensor, self.gamma_h",
    ),
    cell("nas: sum in place of the product", "nas", "relu(a3 * m3)", "relu(a3 + m3)"),
    cell("nas: new memory without its own past", "nas", "tanh(l0 + c) * l1", "tanh(l0) * l1"),
    cell("esn: leak rate inverted", "esn", "(1 - self.leaky) * h", "self.leaky * h"),
    cell(
        "projected: memory projected, output not gated",
        "projected",
        "(o * self.output_activation(c)) @",
        "self.output_activation(c) @",
    ),
    cell("janet: no shift of the input side", "janet", "a_f - 1.0", "a_f"),
    # ---------------------------------------------------------------- weights
    Mutant(
        "weights",
        "bias lost",
        "core/cell.py",
        "value + ops.cast(self.input_bias(), value.dtype)",
        "value",
        CONTRACT,
    ),
    Mutant(
        "weights",
        "forget bias not raised",
        "core/weights.py",
        'if self.unit_forget_bias and "f" in gates:',
        "if False:",
        ("test_layers.py", "biases and LSTMCell"),
    ),
    Mutant(
        "weights",
        "both rows of the reset-after bias raised",
        "core/weights.py",
        "rows = ops.zeros(",
        "rows = value + ops.zeros(",
        ("test_layers.py", "bias"),
    ),
    Mutant(
        "weights",
        "recurrent regulariser of the kernel",
        "core/weights.py",
        'getattr(self, f"{role}_regularizer")',
        "self.kernel_regularizer",
        ("test_layers.py", "regularisers"),
    ),
    Mutant(
        "weights",
        "echo state weights trained",
        "cells/esn.py",
        "frozen = True",
        "frozen = False",
        ("test_layers.py", "echo"),
    ),
    Mutant(
        "weights",
        "reservoir not scaled",
        "cells/esn.py",
        "self.spectral_radius / radius if",
        "1.0 if",
        ("test_layers.py", "echo"),
    ),
    # ---------------------------------------------------------------- blocks
    Mutant(
        "blocks",
        "neighbour's columns",
        "core/blocks.py",
        "first * self.width : (first",
        "(first - 1) % 2 * self.width : (first",
        ("test_contract.py", "layer_equals and GRUCell-default-keras"),
    ),
    Mutant(
        "blocks",
        "recurrent dropout not applied",
        "core/blocks.py",
        "value if self.mask is None else",
        "value if True else",
        ("test_layers.py", "dropout"),
    ),
    # ---------------------------------------------------------------- masks and time
    Mutant(
        "masks",
        "inverted",
        "loops/__init__.py",
        'mask = ops.cast(mask, "bool")',
        'mask = ~ops.cast(mask, "bool")',
        CONTRACT,
    ),
    Mutant(
        "masks",
        "not turned round going backwards",
        "loops/__init__.py",
        "mask = None if mask is None else ops.flip(mask, axis=1)",
        "pass",
        CONTRACT,
    ),
    Mutant(
        "masks",
        "output before the first step is the initial state",
        "loops/__init__.py",
        "carried = [nothing, *carried]",
        "carried = [carried[0], *carried]",
        ("backend:jax", "begin_masked"),
    ),
    Mutant(
        "masks",
        "NaN at masked steps reaches the gradients",
        "loops/__init__.py",
        "ops.where(_spread(mask, sequences), sequences, ops.zeros_like(sequences))",
        "sequences",
        ("test_layers.py", "masked_steps"),
    ),
    Mutant(
        "masks",
        "not passed on",
        "layers.py",
        "self.supports_masking = True",
        "self.supports_masking = False",
        ("test_layers.py", "mask"),
    ),
    Mutant(
        "masks",
        "zeros asked for, not given",
        "loops/__init__.py",
        "if zero_output_for_mask and mask is not None:",
        "if False:",
        CONTRACT,
    ),
    Mutant(
        "time",
        "sequence not turned round going backwards",
        "loops/__init__.py",
        "sequences = ops.flip(sequences, axis=1)",
        "pass",
        CONTRACT,
    ),
    Mutant(
        "time",
        "stack runs its cells in the wrong order",
        "loops/__init__.py",
        "for c in cell.cells]",
        "for c in cell.cells[::-1]]",
        ("test_contract.py", "stack"),
    ),
    Mutant(
        "time",
        "hoisted loop forgets input dropout",
        "loops/__init__.py",
        "cell.project(cell.drop_inputs(sequences, training))",
        "cell.project(sequences)",
        ("test_layers.py", "dropout"),
    ),
    # ---------------------------------------------------------------- dropout and precision
    Mutant(
        "dropout",
        "one mask for ever",
        "core/dropout.py",
        "        self._dropout_mask = self._recurrent_dropout_mask = None\n",
        "        pass\n",
        ("test_layers.py", "dropout or wrappers or fresh"),
    ),
    Mutant(
        "dropout",
        "at inference too",
        "core/dropout.py",
        "if not (training and self.dropout):",
        "if self._dropout_mask is None:",
        ("test_layers.py", "dropout or fresh"),
    ),
    Mutant(
        "dropout",
        "seed ignored",
        "core/dropout.py",
        "SeedGenerator(self.seed)",
        "SeedGenerator()",
        ("test_layers.py", "reproducible"),
    ),
    Mutant(
        "precision",
        "memory rounded to half precision",
        "loops/__init__.py",
        "inner.variable_dtype if",
        "inner.compute_dtype if",
        ("test_layers.py", "memory"),
    ),
    Mutant(
        "precision",
        "step in half precision",
        "core/cell.py",
        "wide = self.variable_dtype",
        "wide = self.compute_dtype",
        ("test_layers.py", "precision"),
    ),
    Mutant(
        "precision",
        "weights in the layer's precision",
        "core/cell.py",
        "ops.cast(self.kernel, self.compute_dtype)",
        "ops.cast(self.kernel, 'float16')",
        ("test_layers.py", "own_precision"),
    ),
    Mutant(
        "weights",
        "peepholes all drawn alike",
        "core/weights.py",
        "initializer = initializer.clone()",
        "pass",
        ("test_layers.py", "one_shape_differ"),
    ),
    # ---------------------------------------------------------------- config and state
    Mutant(
        "config",
        "an argument not saved",
        "core/cell.py",
        "if name not in config:",
        'if name not in config and name != "recurrent_dropout":',
        ("test_layers.py", "config"),
    ),
    Mutant(
        "config",
        "loop not saved",
        "layers.py",
        'config = {**super().get_config(), "loop": self.loop}',
        "config = super().get_config()",
        ("test_layers.py", "file or signature"),
    ),
    Mutant(
        "config",
        "layer arguments do not reach the cell",
        "layers.py",
        "cell = self.cell_class(**bound)",
        'cell = self.cell_class(**{**bound, "use_bias": True})',
        ("test_layers.py", "config"),
    ),
    Mutant(
        "state",
        "reset to zeros",
        "layers.py",
        "variable.assign(ops.cast(value, variable.dtype))",
        "variable.assign(ops.zeros_like(value))",
        ("test_layers.py", "reset"),
    ),
    Mutant(
        "state",
        "output of the wrong state",
        "core/cell.py",
        "self.output_name or self.states[0]\n        if",
        "self.output_name or self.states[-1]\n        if",
        CONTRACT,
    ),
    # ---------------------------------------------------------------- conversion
    Mutant(
        "convert",
        "torch gru order",
        "interop/convert.py",
        "ResetAfterGRU r z n",
        "ResetAfterGRU z r n",
        ("test_convert.py", "torch"),
    ),
    Mutant(
        "convert",
        "onnx lstm order",
        "interop/convert.py",
        " LSTM i o f g,",
        " LSTM i o g f,",
        ("test_convert.py", "onnx"),
    ),
    Mutant(
        "convert",
        "signs lost",
        "interop/convert.py",
        ".tensor * (sign * signs[name])",
        ".tensor",
        ("test_convert.py", "lectures or negate or onnx or coupled"),
    ),
    Mutant(
        "convert",
        "second bias dropped",
        "interop/convert.py",
        "rows.sum(axis=0)",
        "rows[0]",
        ("test_convert.py", "torch"),
    ),
    Mutant(
        "convert",
        "run-time bias not added",
        "interop/convert.py",
        "rows[0] += _run_time(order, rows)",
        "pass",
        ("test_convert.py", "tf1"),
    ),
    # ---------------------------------------------------------------- exports
    Mutant(
        "exports",
        "the dense loop stays at the first step",
        "loops/dense.py",
        "values = advance(by_step[now], kept, last, states)",
        "values = advance(by_step[0], kept, last, states)",
        ("test_export_litert.py", "as_a_loop_and_as_a_step"),
    ),
    Mutant(
        "exports",
        "the dense loop does not see masks",
        "loops/dense.py",
        "if kept is None:\n",
        "if True:\n",
        ("test_export_litert.py", "stock_layers and masked"),
    ),
    Mutant(
        "exports",
        "the fused operator's memory is not emptied",
        "export/to_litert/fused_lstm.py",
        "front[..., -features] = signal",
        "front[..., -features] = 0",
        ("test_export_litert.py", "leaks"),
    ),
    Mutant(
        "exports",
        "peepholes hold the gates of a long memory",
        "export/to_litert/fused_lstm.py",
        "SHUT = -1e9",
        "SHUT = -1e3",
        ("test_export_litert.py", "long_memory"),
    ),
    Mutant(
        "exports",
        "NaN stays in the fused operator",
        "export/to_litert/fused_lstm.py",
        "return tf.where(good, sequences, 0.0), tf",
        "return sequences, tf",
        ("test_export_litert.py", "leaks"),
    ),
    Mutant(
        "exports",
        "a stream does not hand on its states",
        "loops/streaming.py",
        "self.after.update(zip(names, new))",
        "self.after.update(zip(names, old))",
        ("test_export_saved_model.py", "stream_equals and GRUCell and plain"),
    ),
    Mutant(
        "exports",
        "reset after and before exchanged",
        "interop/upgrade.py",
        'and config["reset_after"]:',
        'and not config["reset_after"]:',
        ("test_upgrade.py", ""),
    ),
    Mutant(
        "exports",
        "what preprocessing layers learned is lost",
        "interop/upgrade.py",
        "new.load_own_variables(store)",
        "pass",
        ("test_export_models.py", "normalisation"),
    ),
    Mutant(
        "exports",
        "differences pass",
        "export/source.py",
        "    if not distance <= tolerance:\n        raise",
        "    if distance != distance:\n        raise",
        ("test_export_litert.py", "other_outputs"),
    ),
    Mutant(
        "exports",
        "the old folder is gone when the new one fails",
        "utils/files.py",
        "                os.rename(moved, work.parent / moved.name)",
        "                pass",
        ("test_files.py", "killed or goes_wrong"),
    ),
    Mutant(
        "exports",
        "what is being written beside is taken for a leftover",
        "utils/files.py",
        "    except BlockingIOError:\n        return False",
        "    except BlockingIOError:\n        return True",
        ("test_files.py", "at_once or no_leftover"),
    ),
    Mutant(
        "exports",
        "outputs that are no numbers are compared",
        "export/source.py",
        "if output.size and not",
        "if False and not",
        ("test_export_numbers.py", "no_number_is_compared"),
    ),
    Mutant(
        "exports",
        "an int8 tensor reversed in another scale",
        "export/to_litert/flatbuffer.py",
        "or _scale(came) == _scale(given)",
        "or True",
        ("test_export_converter.py", "reversed"),
    ),
    # ---------------------------------------------------------------- checks
    Mutant(
        "checks",
        "states of another batch size let pass",
        "layers.py",
        "not all(map(_agree, came, wanted))",
        "False",
        ("test_errors.py", "initial_states"),
    ),
    Mutant(
        "checks",
        "units not checked",
        "core/cell.py",
        'arguments.positive_int("units", units, owner)',
        "units",
        ERRORS,
    ),
    Mutant(
        "checks",
        "features not checked",
        "core/cell.py",
        "if inputs.shape[-1] != self.features:",
        "if False:",
        ERRORS,
    ),
    # ---------------------------------------------------------------- the compiled loop
    Mutant(
        "compiled",
        "all products are taken to be added to the inputs",
        "loops/compiled/weight_gradients.py",
        "all(a is b for a, b in zip(d, theirs))",
        "True",
        ("test_compiled.py", "gradients_are_those and ResetAfterGRUCell-default"),
    ),
    Mutant(
        "compiled",
        "a block begins with the initial states",
        "loops/compiled/passes.py",
        "tf.where(k > 0, ",
        "tf.where(k > 99, ",
        ("test_compiled.py", "any_size_of_block"),
    ),
    Mutant(
        "compiled",
        "gradients reach outputs before a row begins",
        "loops/compiled/passes.py",
        "d_out = None if d_out is None else _after_begin(d_out, mask)",
        "pass",
        ("test_compiled.py", "gradients_are_those and LSTMCell-default"),
    ),
    Mutant(
        "compiled",
        "recurrent dropout is forgotten in the gradient of the weights",
        "loops/compiled/weight_gradients.py",
        "else self._masked(before[taken.state])",
        "else before[taken.state]",
        ("test_compiled.py", "recurrent_dropout"),
    ),
    Mutant(
        "compiled",
        "every length is compiled",
        "loops/compiled/ways.py",
        "halves=False, more_rows=True, more_steps=True",
        "halves=False, more_rows=True, more_steps=False",
        ("test_compiled.py", "not_known_are_rounded_up"),
    ),
    Mutant(
        "compiled",
        "batches of known size are rounded up",
        "loops/compiled/ways.py",
        "tf.constant(batch is None)",
        "tf.constant(True)",
        ("test_compiled.py", "not_known_are_rounded_up"),
    ),
    Mutant(
        "compiled",
        "the wrong form for what is rounded up",
        "loops/compiled/ways.py",
        "len(forms) // 2, 0)",
        "len(forms) // 4, 0)",
        ("test_compiled.py", "form_that_is_chosen"),
    ),
    Mutant(
        "compiled",
        "random numbers are compiled",
        "loops/compiled/analysis.py",
        "if not kept or any(op.op_def.is_stateful for op in graph.get_operations()):",
        "if not kept:",
        ("test_compiled.py", "cannot_be_compiled"),
    ),
    Mutant(
        "compiled",
        "gradients of gradients are gradients of constants",
        "loops/compiled/custom_gradient.py",
        "lambda *dd: self._second(inputs, d, found, dd)",
        "lambda *dd: [tf.zeros_like(v) for v in tensors]",
        ("test_compiled.py", "gradients_of_gradients"),
    ),
    Mutant(
        "compiled",
        "an input that is used twice is taken to be added only",
        "loops/compiled/analysis.py",
        "once=max(uses) == 1",
        "once=True",
        ("test_compiled.py", "unusual_steps"),
    ),
    Mutant(
        "compiled",
        "a step that assigns weights is compiled",
        "loops/compiled/analysis.py",
        "_are_same(values, scope.state_mapping) and ",
        "",
        ("test_compiled.py", "cannot_be_compiled"),
    ),
    Mutant(
        "compiled",
        "no size is ever warm",
        "loops/compiled/sizes.py",
        "return counted > warm_up",
        "return counted < counted",
        ("test_derivatives.py", "comes_often"),
    ),
    Mutant(
        "compiled",
        "steps that are added are zeros",
        "loops/compiled/passes.py",
        "xs = tf.where(at < steps, xs, last_step)",
        "pass",
        ("test_derivatives.py", "what_it_can_read"),
    ),
    Mutant(
        "compiled",
        "cells of other people share what was traced",
        "loops/compiled/analysis.py",
        "if not _is_known(cls):",
        "if False:",
        ("test_derivatives.py", "what_it_can_read"),
    ),
    Mutant(
        "compiled",
        "an attribute set anew goes unseen",
        "loops/compiled/analysis.py",
        "attributes is None or not _are_same(attributes, _attributes(cell))",
        "attributes is None",
        ("test_compiled.py", "set_anew"),
    ),
]


#: What pytest exits with.
TESTS_FAILED = 1
NO_TESTS_CHOSEN = 5


@functools.cache
def forks(backend):
    """The process that runs tests in forks of itself, on a backend of Keras; started once."""
    environment = {**os.environ, "KERAS_BACKEND": backend, "OPENBLAS_NUM_THREADS": "1"}
    # Options of the run outside, such as plugins, are not for this one.
    environment.pop("PYTEST_ADDOPTS", None)
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "planting.py")],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(_end, process)
    return process


def _end(process):
    process.stdin.close()
    process.wait()


def plant(mutant, folder):
    """A copy of the package and its tests with one error in it."""
    for name in ("kerasgates", "tests"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    target = folder / "kerasgates" / mutant.file
    text = target.read_text()
    if mutant.old not in text:
        raise ValueError(f"{mutant.name}: {mutant.file} has no {mutant.old!r}")
    target.write_text(text.replace(mutant.old, mutant.new))
    # Compiled code is told from its source by size and time, which may be the same by chance.
    for compiled in target.parent.glob(f"__pycache__/{target.stem}.*"):
        compiled.unlink()


def kill(mutant):
    """Plant one error in a copy and run its tests: True if they noticed, and what they printed."""
    file, choice = mutant.tests
    backend, warnings = "tensorflow", []
    if file.startswith("backend:"):
        backend, file = file.removeprefix("backend:"), "test_contract.py"
        # What other backends' libraries warn of is theirs.
        warnings = ["-W", "default"]
    options = ["-x", "-q", "-p", "no:cacheprovider", *warnings]
    selection = ["-k", choice] if choice else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plant(mutant, folder)
        question = {
            "folder": name,
            "arguments": [*options, f"tests/{file}", *selection],
            "environment": {"PYTHONPATH": name, "PYTHONDONTWRITEBYTECODE": "1"},
            "output": str(folder / "output.txt"),
        }
        process = forks(backend)
        print(json.dumps(question), file=process.stdin, flush=True)
        code = int(process.stdout.readline())
        printed = (folder / "output.txt").read_text()[-2000:]
    if code == NO_TESTS_CHOSEN:
        raise ValueError(f"{mutant.name}: no test of {file} is chosen by {choice!r}")
    # Anything else, such as a file that cannot be imported, is no proof.
    return code == TESTS_FAILED, printed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--list", action="store_true", help="show the mutants and stop")
    parser.add_argument("words", nargs="*", help="only mutants with one of these in the name")
    options = parser.parse_args()
    chosen = [m for m in MUTANTS if not options.words or any(w in m.name for w in options.words)]
    survivors = []
    for number, mutant in enumerate(chosen, 1):
        if options.list:
            print(f"{mutant.kind:10} {mutant.name}")
            continue
        killed, output = kill(mutant)
        print(
            f"{number:3}/{len(chosen)}  {'killed  ' if killed else 'SURVIVED'}  "
            f"{mutant.kind:10} {mutant.name}",
            flush=True,
        )
        if not killed:
            survivors.append(mutant.name)
            print(output)
    if not options.list:
        print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutants killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
