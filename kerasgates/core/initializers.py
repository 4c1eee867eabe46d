"""Initialisers of the biases of gates, which know what a gate does."""

import keras
from keras import ops

from kerasgates.core import arguments
from kerasgates.core.operations import HALVES

#: Gates that hold on to a state where they are open, and those that let something new in.
HOLDING, LETTING_IN = ("f", "z"), ("i",)


class GateInitializer(keras.initializers.Initializer):
    """Base class of initialisers that decide for all gates of a cell at once.

    As `bias_initializer` of a cell it gives the biases of a gate f or z what is drawn, of which a
    gate i has the negative; all other biases are zero. By itself, as for one gate in a dict, it is
    an initialiser like any other.
    """

    def __init__(self, seed: int | None = None):
        owner = type(self).__name__
        self.seed = None if seed is None else arguments.integer("seed", seed, owner)
        # As Keras's own: called again, the same initialiser gives the same numbers.
        self._source = keras.initializers.RandomUniform(0.0, 1.0, seed=self.seed)

    def quantile(self, u):
        """Quantiles of the distribution of the biases, for `u` uniform on [0, 1)."""
        raise NotImplementedError(f"{type(self).__name__} must define `quantile(u)`.")

    def __call__(self, shape, dtype=None):
        dtype = keras.backend.standardize_dtype(dtype)
        # Half precision has not the numbers just below 1, nor large ones.
        wide = "float32" if dtype in HALVES else dtype
        return ops.cast(self.quantile(self._uniform(shape, wide)), dtype)

    def _uniform(self, shape, dtype):
        return self._source(shape, dtype=dtype)

    def of_gate(self, gate, replaces, shape, dtype=None):
        """Initial biases of a gate.

        Args:
            gate: its name.
            replaces: whether a state is replaced where it is open.
            shape: of its biases.
            dtype: of its biases.
        """
        if gate not in (*HOLDING, *LETTING_IN):
            return ops.zeros(shape, dtype)
        negative = gate in LETTING_IN or replaces
        return -self(shape, dtype) if negative else self(shape, dtype)

    def get_config(self):
        return {"seed": self.seed}


@keras.saving.register_keras_serializable(package="kerasgates")
class Chrono(GateInitializer):
    """Chrono initialisation: units that hold on to what they have for some up to `longest` steps.

        b_f = log(u),   u uniform between 1 and longest − 1
        b_i = −b_f

    A gate with the bias log(u) keeps a memory for about u steps. It is for f and i, as of the LSTM,
    and for z, as of the GRU; where an open gate replaces the state, its sign is turned round.

        >>> tuple(kg.LSTM(3, bias_initializer=kg.Chrono(200))(x).shape)       # x is (4, 5, 2)
        (4, 3)

    Source: Tallec & Ollivier, 2018, Can recurrent neural networks warp time?,
    https://arxiv.org/abs/1804.11188

    Args:
        longest: number of steps above 2, the longest dependency that is expected.
        seed: integer that makes what is drawn reproducible.

    Raises:
        ValueError: if an argument has an impossible value.
    """

    def __init__(self, longest: float, seed: int | None = None):
        super().__init__(seed)
        self.longest = arguments.number(
            "longest", longest, "Chrono", lambda t: 2 < t < float("inf"), "above 2"
        )

    def quantile(self, u):
        return ops.log(1 + u * (self.longest - 2))

    def get_config(self):
        return {**super().get_config(), "longest": self.longest}


@keras.saving.register_keras_serializable(package="kerasgates")
class UniformGates(GateInitializer):
    """Uniform gate initialisation: gates that begin anywhere between closed and open.

        b_f = log(u / (1 − u)),   u uniform between 1 / d and 1 − 1 / d
        b_i = −b_f

    d is the number of units, so that σ(b_f) is u: some units hold on to what they have for long,
    others for a step. It is for the gates that `Chrono` is for.

        >>> tuple(kg.GRU(3, bias_initializer=kg.UniformGates())(x).shape)     # x is (4, 5, 2)
        (4, 3)

    Source: Gu, Gulcehre, Paine, Hoffman & Pascanu, 2020, Improving the gating mechanism of
    recurrent neural networks, https://arxiv.org/abs/1910.09890

    Args:
        seed: integer that makes what is drawn reproducible.

    Raises:
        ValueError: if `seed` is no integer.
    """

    def _uniform(self, shape, dtype):
        least = 1 / max(shape[-1], 3)
        return least + (1 - 2 * least) * super()._uniform(shape, dtype)

    def quantile(self, u):
        return ops.log(u) - ops.log(1 - u)
