"""Errors in the equations of cells."""

from tests.planted.mutant import Mutant


def cell(name, file, old, new):
    """An error in the equations of a file, which one step of its cells shows."""
    tests = ("test_contract.py", f"one_call and {file.replace('_', '')}")
    return Mutant("equation", name, f"cells/{file}.py", old, new, tests)


MUTANTS = [
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
    cell("mgu: gate inverted", "mgu", "(1 - f) * h + f * n", "f * h + (1 - f) * n"),
    cell("mgu: candidate sees the whole state", "mgu", "(f * h) @ U.n", "h @ U.n"),
    cell("janet: no shift of the input side", "janet", "a_f - 1.0", "a_f"),
]
