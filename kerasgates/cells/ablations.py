"""The LSTM with peepholes, each time without another of its parts, or with one more."""

from keras import ops

from kerasgates.core.cell import AbstractRNNCell, register


class _Ablation(AbstractRNNCell):
    """Base class of the variants: a peephole per unit for each gate that is left."""

    roles = {"peephole": "glorot_uniform"}
    letters = {"peephole": "p"}
    descriptions = {"peephole": "peepholes p"}

    def build(self, input_shape):
        super().build(input_shape)
        for gate in ("i", "f", "o"):
            if gate in self.gates:
                name = f"peephole_{gate}"
                setattr(self, name, self.add_role_weight(name, (self.units,), "peephole"))


@register
class NoForgetGateLSTMCell(_Ablation):
    """LSTM with peepholes without forget gate (NFG): memory only accumulates.

        i  = σ(W_i x + U_i h + p_i ⊙ c + b_i)
        g  = φ(W_g x + U_g h + b_g)
        c' = c + i ⊙ g
        o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
        h' = o ⊙ φ(c')

    Without peepholes it is OriginalLSTMCell. Further weights: `peephole_i` and `peephole_o`, each
    `(units,)`.

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """

    gates = ("i", "g", "o")
    states = ("h", "c")

    def step(self, Wx, U, h, c):
        i, g, o = Wx + h @ U
        i = self.recurrent_activation(i + self.peephole_i * c)
        g = self.activation(g)
        c = c + i * g
        o = self.recurrent_activation(o + self.peephole_o * c)
        h = o * self.output_activation(c)
        return (h, c), {"i": i, "g": g, "o": o}


@register
class NoOutputGatePeepholeLSTMCell(_Ablation):
    """LSTM with peepholes without output gate (NOG).

        i  = σ(W_i x + U_i h + p_i ⊙ c + b_i)
        f  = σ(W_f x + U_f h + p_f ⊙ c + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        h' = φ(c')

    Without peepholes it is NoOutputGateLSTMCell. Further weights: `peephole_i` and `peephole_f`,
    each `(units,)`.

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """

    gates = ("i", "f", "g")
    states = ("h", "c")

    def step(self, Wx, U, h, c):
        i, f, g = Wx + h @ U
        i = self.recurrent_activation(i + self.peephole_i * c)
        f = self.recurrent_activation(f + self.peephole_f * c)
        g = self.activation(g)
        c = f * c + i * g
        h = self.output_activation(c)
        return (h, c), {"i": i, "f": f, "g": g}


@register
class NoInputGateLSTMCell(_Ablation):
    """LSTM with peepholes without input gate (NIG): all that is new goes into the memory.

        f  = σ(W_f x + U_f h + p_f ⊙ c + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + g
        o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
        h' = o ⊙ φ(c')

    Further weights: `peephole_f` and `peephole_o`, each `(units,)`.

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """

    gates = ("f", "g", "o")
    states = ("h", "c")

    def step(self, Wx, U, h, c):
        f, g, o = Wx + h @ U
        f = self.recurrent_activation(f + self.peephole_f * c)
        g = self.activation(g)
        c = f * c + g
        o = self.recurrent_activation(o + self.peephole_o * c)
        h = o * self.output_activation(c)
        return (h, c), {"f": f, "g": g, "o": o}


@register
class NoInputActivationLSTMCell(_Ablation):
    """LSTM with peepholes without input activation (NIAF): nothing squashes the candidate.

        i  = σ(W_i x + U_i h + p_i ⊙ c + b_i)
        f  = σ(W_f x + U_f h + p_f ⊙ c + b_f)
        g  = W_g x + U_g h + b_g
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
        h' = o ⊙ φ(c')

    Further weights: `peephole_i`, `peephole_f` and `peephole_o`, each `(units,)`.

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """

    gates = ("i", "f", "g", "o")
    states = ("h", "c")
    without = ("output_activation",)
    descriptions = {"activation": "squashing function φ of the memory on its way to the output."}

    def step(self, Wx, U, h, c):
        i, f, g, o = Wx + h @ U
        i = self.recurrent_activation(i + self.peephole_i * c)
        f = self.recurrent_activation(f + self.peephole_f * c)
        c = f * c + i * g
        o = self.recurrent_activation(o + self.peephole_o * c)
        h = o * self.activation(c)
        return (h, c), {"i": i, "f": f, "g": g, "o": o}


@register
class NoOutputActivationLSTMCell(_Ablation):
    """LSTM with peepholes without output activation (NOAF): the gate shows the memory as it is.

        i  = σ(W_i x + U_i h + p_i ⊙ c + b_i)
        f  = σ(W_f x + U_f h + p_f ⊙ c + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
        h' = o ⊙ c'

    Further weights: `peephole_i`, `peephole_f` and `peephole_o`, each `(units,)`.

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """

    gates = ("i", "f", "g", "o")
    states = ("h", "c")
    without = ("output_activation",)

    def step(self, Wx, U, h, c):
        i, f, g, o = Wx + h @ U
        i = self.recurrent_activation(i + self.peephole_i * c)
        f = self.recurrent_activation(f + self.peephole_f * c)
        g = self.activation(g)
        c = f * c + i * g
        o = self.recurrent_activation(o + self.peephole_o * c)
        h = o * c
        return (h, c), {"i": i, "f": f, "g": g, "o": o}


@register
class FullGateRecurrenceLSTMCell(_Ablation):
    """LSTM with peepholes and full gate recurrence (FGR): gates see the last gates.

        i  = σ(W_i x + U_i h + R_i q + p_i ⊙ c + b_i)
        f  = σ(W_f x + U_f h + R_f q + p_f ⊙ c + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + R_o q + p_o ⊙ c' + b_o)
        h' = o ⊙ φ(c')
        q' = [i, f, o]

    The state q holds the three gates of the last step, 3 · `units` entries, 0 before the first.
    Further weights: `peephole_i`, `peephole_f` and `peephole_o`, each `(units,)`, and `gate_kernel`
    R `(3 · units, 3 · units)`: the paper's nine matrices, rows by the gate that was, columns by
    the gate that is, each in the order i, f, o.

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """

    gates = ("i", "f", "g", "o")
    states = ("h", "c", "q")
    roles = {"gate": "glorot_uniform"}
    letters = {"gate_kernel": "R"}
    descriptions = {"gate": "weights R of the gates of the last step"}

    @property
    def state_size(self):
        return [self.units, self.units, 3 * self.units]

    def blocks_of(self, weight):
        return ("i", "f", "o") if weight == "gate_kernel" else super().blocks_of(weight)

    def build(self, input_shape):
        super().build(input_shape)
        shape = 3 * self.units, 3 * self.units
        self.gate_kernel = self.add_role_weight("gate_kernel", shape, "gate")

    def step(self, Wx, U, h, c, q):
        i, f, g, o = Wx + h @ U
        r_i, r_f, r_o = ops.split(q @ self.matrix(self.gate_kernel), 3, axis=-1)
        i = self.recurrent_activation(i + r_i + self.peephole_i * c)
        f = self.recurrent_activation(f + r_f + self.peephole_f * c)
        g = self.activation(g)
        c = f * c + i * g
        o = self.recurrent_activation(o + r_o + self.peephole_o * c)
        h = o * self.output_activation(c)
        q = ops.concatenate([i, f, o], axis=-1)
        return (h, c, q), {"i": i, "f": f, "g": g, "o": o}
