"""Every gated recurrent cell for Keras 3. Written by tools/write_stub.py: do not edit."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, TypeAlias, TypeVar

import keras

from kerasgates import callbacks as callbacks
from kerasgates import convert as convert
from kerasgates import export as export
from kerasgates import loops as loops
from kerasgates import plot as plot
from kerasgates.core.initializers import Chrono as Chrono
from kerasgates.core.initializers import UniformGates as UniformGates
from kerasgates.core.lookup import list_cells as list_cells
from kerasgates.core.registry import register as register
from kerasgates.formulas.printing import equations as equations
from kerasgates.insight.gate_trace import GateTrace as GateTrace
from kerasgates.insight.gradient_flow import gradient_flow as gradient_flow
from kerasgates.insight.trace import trace as trace
from kerasgates.interop.upgrade import upgrade as upgrade
from kerasgates.reporting import report as report

_Activation: TypeAlias = str | dict[str, Any] | Callable[..., Any] | None
_Initializer: TypeAlias = (
    str | dict[str, Any] | keras.initializers.Initializer | Callable[..., Any] | None
)
_Regularizer: TypeAlias = (
    str | dict[str, Any] | keras.regularizers.Regularizer | Callable[..., Any] | None
)
_Constraint: TypeAlias = (
    str | dict[str, Any] | keras.constraints.Constraint | Callable[..., Any] | None
)
_DType: TypeAlias = str | dict[str, Any] | keras.DTypePolicy | None
_Loop: TypeAlias = Literal["auto", "keras", "hoisted", "compiled", "recomputed", "dense"]

class _KerasCell(Protocol):
    @property
    def state_size(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

_CellClass = TypeVar("_CellClass", bound=type[AbstractRNNCell])

__all__ = [
    "ATR",
    "BRC",
    "CFN",
    "CTRNN",
    "ESN",
    "GRU",
    "JANET",
    "LEM",
    "LSTM",
    "MGU",
    "MGU1",
    "MGU2",
    "MGU3",
    "MIGRU",
    "MILSTM",
    "MUT1",
    "MUT3",
    "NAS",
    "NBRC",
    "RAN",
    "RNN",
    "STAR",
    "UGRNN",
    "ATRCell",
    "AbstractRNNCell",
    "BRCCell",
    "CFNCell",
    "CTRNNCell",
    "CellClip",
    "CellWrapper",
    "Chrono",
    "CoRNN",
    "CoRNNCell",
    "CoupledLSTM",
    "CoupledLSTMCell",
    "DropConnect",
    "ESNCell",
    "FastRNN",
    "FastRNNCell",
    "FullPeepholeLSTM",
    "FullPeepholeLSTMCell",
    "GRUCell",
    "GateTrace",
    "Highway",
    "JANETCell",
    "LEMCell",
    "LSTMCell",
    "LayerNormGRU",
    "LayerNormGRUCell",
    "LayerNormLSTM",
    "LayerNormLSTMCell",
    "LayerNormSimpleRNN",
    "LayerNormSimpleRNNCell",
    "MGU1Cell",
    "MGU2Cell",
    "MGU3Cell",
    "MGUCell",
    "MIGRUCell",
    "MILSTMCell",
    "MUT1Cell",
    "MUT3Cell",
    "MinimalRNN",
    "MinimalRNNCell",
    "NASCell",
    "NBRCCell",
    "NoForgetGateLSTM",
    "NoForgetGateLSTMCell",
    "NoOutputGateLSTM",
    "NoOutputGateLSTMCell",
    "NoOutputGatePeepholeLSTM",
    "NoOutputGatePeepholeLSTMCell",
    "OriginalLSTM",
    "OriginalLSTMCell",
    "PeepholeLSTM",
    "PeepholeLSTMCell",
    "ProjectedLSTM",
    "ProjectedLSTMCell",
    "Projection",
    "RANCell",
    "ResetAfterGRU",
    "ResetAfterGRUCell",
    "Residual",
    "STARCell",
    "SimpleRNN",
    "SimpleRNNCell",
    "SlimGRU1",
    "SlimGRU1Cell",
    "SlimGRU2",
    "SlimGRU2Cell",
    "SlimGRU3",
    "SlimGRU3Cell",
    "UGRNNCell",
    "UniformGates",
    "WeightNorm",
    "Zoneout",
    "callbacks",
    "convert",
    "equations",
    "export",
    "get",
    "gradient_flow",
    "layer_of",
    "list_cells",
    "loops",
    "plot",
    "register",
    "report",
    "trace",
    "upgrade",
]
__version__: str

class AbstractRNNCell(keras.layers.Layer):
    """Base class of recurrent cells: three declarations and one function.

        @kerasgates.register
        class MyCell(kerasgates.AbstractRNNCell):
            gates = ("z", "n")         # column blocks of kernel, recurrent_kernel and bias
            states = ("h",)            # the first one is the output

            def step(self, Wx, U, h):
                z, n = Wx + h @ U
                z = self.recurrent_activation(z)
                h = z * h + (1 - z) * self.activation(n)
                return (h,), {"z": z}

    In `step`, `Wx` holds W x + b of every gate and `U` the recurrent weights, both with
    blocks by name (see `kerasgates.core.blocks`); then come the old states. It returns the new
    states and, by name, the values of the gates. Time, masks, dropout, mixed precision
    and speed are outside.

    What a subclass may declare or override:

    * `inputs`, `recurrent_gates`, `biased_gates`: which gates have columns in `kernel`, in
      `recurrent_kernel` and in `bias`, where not all have. The input itself is the block `"x"`:
      with `inputs = ("z", "x")`, `step` finds it in `Wx.x`. The block of a gate that has a bias
      alone is that bias.
    * `widths`: numbers of entries of the blocks that have not `units`, such as
      `{"f": 1, "q": "heads"}`: a number, or the name of an attribute of the cell that is one.
    * `replacing_gates`: those of the gates f and z that replace the old state where they are open.
      Their biases start lowered where others' start raised.
    * `without`: names of shared arguments that the cell does not have.
    * `output_name`: the state, or the value returned by `step`, that is the output.
    * `roles`: kinds of further weights with their default initialisers, such as
      `{"peephole": "glorot_uniform"}`; each brings the arguments `peephole_initializer`,
      `peephole_regularizer` and `peephole_constraint`.
    * `descriptions`: a sentence about each argument of the class's own, and the name of each
      role, such as `{"peephole": "peepholes p"}`; an `Args:` section of its docstring does as well.
    * `letters`: how equations write weights, roles, numbers among the arguments, and methods, such
      as `{"peephole": "p", "leaky": "α", "layer_norm": "LN"}`; a tuple for a weight with rows.
    * `example`: values of required arguments that are no numbers of entries, by which tools make
      a cell of the class.
    * `frozen = True`: weights that are never trained.
    * `sibling`: `(argument, value, name)`, an argument by which Keras tells two cells apart: the
      class stands for `value` alone, and is made into the cell of that name by the other value.
    * `keras_only`: arguments that Keras's cell has and that have no effect here, such as
      `implementation`.
    * `kernel_shape(features)`, `recurrent_kernel_shape()`, `bias_shape()`: None for no such weight.
    * `project(inputs)`: whatever can be computed from the input without the state.
    * `build(input_shape)`: further weights, with `add_role_weight`.
    * `state_size`, where not every state has `units` entries: a list, whose entries may be made of
      `features`, which is None before building.

    A class without `gates` is a cell in the style of Keras 2: it defines `call` and `state_size`
    itself, and calls `super().__init__(**kwargs)`; see `kerasgates.core.plain_cell`.

    Attributes after building: `kernel (features, gates · units)`,
    `recurrent_kernel (units, gates · units)`, `bias (gates · units,)`, with column blocks
    in the order of `gates`; or those of `inputs`, `recurrent_gates`, `biased_gates` and `widths`.

    Raises:
        ValueError: if an argument has an impossible value.
        TypeError: if the cell has no argument of that name.
    """

    inputs: Any
    recurrent_gates: Any
    biased_gates: Any
    widths: Any
    replacing_gates: Any
    features: Any
    seed_generator: Any
    noise_columns: Any
    expected: Any
    gates: tuple[str, ...]
    states: tuple[str, ...]
    without: tuple[str, ...]
    roles: dict[str, Any]
    descriptions: dict[str, str]
    letters: dict[str, str | tuple[str, ...]]
    example: dict[str, Any]
    output_name: str | None
    frozen: Any
    keras_only: tuple[str, ...]
    sibling: Any
    own_text: Any
    parametrised: Any
    kernel: Any
    recurrent_kernel: Any
    bias: Any
    state_size: Any
    state_sizes: Any
    output_size: Any
    output_state: Any
    kernel_blocks: Any
    projected_blocks: Any
    projected_layout: Any
    recurrent_layout: Any
    wide_features: Any
    units: int
    activation: Any
    recurrent_activation: Any
    use_bias: bool
    kernel_initializer: Any
    recurrent_initializer: Any
    bias_initializer: Any
    unit_forget_bias: bool
    kernel_regularizer: Any
    recurrent_regularizer: Any
    bias_regularizer: Any
    kernel_constraint: Any
    recurrent_constraint: Any
    bias_constraint: Any
    dropout: float
    recurrent_dropout: float
    seed: int | None
    output_activation: Any
    initial_update_bias: float
    def __init__(
        self,
        units: int = ...,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        **of_roles: Any,
    ) -> None: ...
    def build_plain(self, input_shape: Any) -> Any: ...
    def plain_config(self, config: Any) -> Any: ...
    def refuse_arguments(self, given: Any) -> Any: ...
    def get_initial_state(
        self,
        *args: Any,
        inputs: Any = None,
        batch_size: Any = None,
        dtype: Any = None,
    ) -> Any: ...
    def check_states(self, states: Any, batch_size: Any = None) -> Any: ...
    def block_width(self, name: Any) -> Any: ...
    def widths_of(self, names: Any) -> Any: ...
    def columns_of(self, names: Any) -> Any: ...
    def blocks_of(self, weight: Any) -> Any: ...
    def lay_out(self) -> Any: ...
    def check_columns(self, projected: Any, columns: Any) -> Any: ...
    def project_blocks(self, inputs: Any) -> Any: ...
    def kernel_shape(self, features: Any) -> Any: ...
    def recurrent_kernel_shape(self) -> Any: ...
    def bias_shape(self) -> Any: ...
    def build_weights(self, features: Any) -> Any: ...
    def add_role_weight(self, name: Any, shape: Any, role: Any, initializer: Any = None) -> Any: ...
    def initial_bias(self, shape: Any, dtype: Any = None) -> Any: ...
    def check_blocks(self, name: Any, value: Any) -> Any: ...
    def told_apart(self) -> Any: ...
    def init_dropout(self, dropout: Any, recurrent_dropout: Any, seed: Any) -> Any: ...
    def draw_dropout(self, batch_size: Any) -> Any: ...
    def forget_dropout(self) -> Any: ...
    def drop_inputs(self, inputs: Any, training: Any = False) -> Any: ...
    def with_noise(self, inputs: Any) -> Any: ...
    def draw_noise(self, shape: Any) -> Any: ...
    def recurrent_mask(self, training: Any = False) -> Any: ...
    def get_dropout_mask(self, step_input: Any) -> Any: ...
    def get_recurrent_dropout_mask(self, step_input: Any) -> Any: ...
    def reset_dropout_mask(self) -> Any: ...
    def reset_recurrent_dropout_mask(self) -> Any: ...
    def step(self, Wx: Any, U: Any, *states: Any, **named: Any) -> Any: ...
    def project(self, inputs: Any) -> Any: ...
    def project_kernel(self, inputs: Any) -> Any: ...
    def add_bias(self, value: Any) -> Any: ...
    def input_bias(self) -> Any: ...
    def matrix(self, weight: Any) -> Any: ...
    def recurrent(self, training: Any = False) -> Any: ...
    def parametrise(self, U: Any, training: Any = False) -> Any: ...
    def step_projected(self, projected: Any, U: Any, states: Any) -> Any: ...
    def check_features(self, inputs: Any) -> Any: ...

class ATRCell(AbstractRNNCell):
    """Addition-subtraction twin-gated recurrent network (ATR): one product of each kind.

        i  = σ(W x + U h)
        f  = σ(W x − U h)
        h' = i ⊙ W x + f ⊙ h

    With `use_bias=True` U h is U h + b in both gates, as in the authors' code; the paper has no
    bias.

    Source: Zhang, Xiong, Su, Lin & Zhang, 2018, Simplifying neural machine translation with
    addition-subtraction twin-gated recurrent networks, https://arxiv.org/abs/1810.12546
    """
    def __init__(
        self,
        units: int,
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = False,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class BRCCell(AbstractRNNCell):
    """Bistable recurrent cell (BRC): each unit sees its own state alone.

        a  = 1 + φ(W_a x + w_a ⊙ h + b_a)
        z  = σ(W_z x + w_z ⊙ h + b_z)
        n  = φ(W_n x + a ⊙ h)
        h' = z ⊙ h + (1 − z) ⊙ n

    Where a is above 1, a unit has two stable states and keeps a bit for good; z near 1, the paper's
    c, keeps the old state for a while. Further weights: `feedback_a` and `feedback_z`, each
    `(units,)`; there is no recurrent matrix.

    Source: Vecoven, Ernst & Drion, 2021, A bio-inspired bistable recurrent cell allows for
    long-lasting memory, https://arxiv.org/abs/2006.05252
    """

    feedback_initializer: Any
    feedback_regularizer: Any
    feedback_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_update_bias: float = 0.0,
        feedback_initializer: _Initializer = "ones",
        feedback_regularizer: _Regularizer = None,
        feedback_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class CFNCell(AbstractRNNCell):
    """Chaos-free network (CFN): forget and input gate between the squashed state and the input.

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        n  = φ(W_n x)
        h' = f ⊙ φ(h) + i ⊙ n

    Without input the state goes to zero from wherever it is. f and i are the paper's horizontal
    gate θ and vertical gate η; the candidate has neither recurrent weights nor a bias.

    The cell of TensorFlow 1 has 1 − i where the paper has i.

    Source: Laurent & von Brecht, 2017, A recurrent neural network without chaos,
    https://arxiv.org/abs/1612.06212
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class CTRNNCell(AbstractRNNCell):
    """Continuous-time RNN (CTRNN): firing rates that follow their input with a time constant.

        n  = φ(W x + U h + b)
        h' = h + Δt / τ (n − h)                          Δt = `dt`, τ = `tau`

    Another form, with φ before U and not after it, goes by the same name. ESNCell has these
    equations with weights that are not trained.

    Deviations: the authors' network adds noise to the sum within φ, and φ is softplus or relu:
    `activation`.

    Source: Yang, Joglekar, Song, Newsome & Wang, 2019, Task representations in neural networks
    trained to perform many cognitive tasks, Nature Neuroscience 22:297–306,
    https://doi.org/10.1038/s41593-018-0310-2
    """

    dt: float
    tau: float
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        dt: float = 20.0,
        tau: float = 100.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class CellClip(AbstractRNNCell):
    """Clipping: after each step no entry of a state is beyond a bound.

        c' = clip(c', −bound, bound)

    It keeps memories of long sequences from growing without end, and from the numbers that half
    precision or integers cannot hold.

    Deviations: where an output is computed from a memory, as h of an LSTM, it is computed before
    the memory is clipped, and the next step sees the clipped one; in Sak et al. it is after.

    Source: Sak, Senior & Beaufays, 2014, Long short-term memory recurrent neural network
    architectures for large scale acoustic modeling, https://arxiv.org/abs/1402.1128

    Raises:
        ValueError: if `cell` is anything else, `bound` is not positive, or `clipped` has a name
            that is no state of the cell.
    """

    cell: _KerasCell | Sequence[_KerasCell]
    bound: Any
    clipped: Any
    def __init__(
        self,
        cell: _KerasCell | Sequence[_KerasCell],
        bound: Any,
        *,
        clipped: Any = None,
        trainable: bool = True,
        name: str | None = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class CellWrapper(AbstractRNNCell):
    """Base class of wrappers: a cell that is made of another cell, and changes its step.

        class Halved(kerasgates.CellWrapper):
            def step(self, Wx, U, *states):
                new, values, output = self.inner_step(Wx, U, states)
                return tuple(state / 2 for state in new), values

    Gates, states, blocks and weights are those of the inner cell, under the names that they have
    there, and so is what `step` gets; `inner_step` makes one step of it. Time, masks, dropout,
    precision, loops, traces and exports treat the whole as one cell.

    What a wrapper may add:

    * `own_blocks`: blocks of `Wx` behind those of the inner cell: their numbers of entries by
      name. `project_own` computes them, from the input and from what was drawn for this step.
    * `own_noise`: how many numbers it draws for each row and step in training; `draw_own` draws
      them, before the loop and for all steps at once.
    * `keeps_inputs = True`: `project_own` gets the input as it was before dropout.
    * `own_states`: numbers of entries of further states by name; they come last.
    * `output_name` and `output_size`, where the output is one of the values that `step` returns.
    * `build_weights(features)`: further weights, with `add_weight(…, autocast=False)`.
    * `parametrise(U, training)`: recurrent weights made of those that are trained.
    * `letters`: as of every cell.

    Raises:
        ValueError: if `cell` is anything else.
        TypeError: if the wrapper has no argument of that name.
    """

    cell: _KerasCell | Sequence[_KerasCell]
    def __init__(
        self,
        cell: _KerasCell | Sequence[_KerasCell],
        *,
        trainable: bool = True,
        name: str | None = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class CoRNNCell(AbstractRNNCell):
    """Coupled oscillatory RNN (coRNN): driven, damped oscillators with positions y, velocities z.

        n  = φ(W x + U y + V z + b)
        z' = z + Δt (n − γ y − ε z)                      Δt = `dt`, γ = `gamma`, ε = `epsilon`
        y' = y + Δt z'

    The output is y, which moves by the new velocity. Further weight: `velocity_kernel` V
    `(units, units)`. The default numbers are those of the authors' code for sequential MNIST.

    Source: Rusch & Mishra, 2021, Coupled oscillatory recurrent neural network (coRNN): An accurate
    and (gradient) stable architecture for learning long time dependencies,
    https://arxiv.org/abs/2010.00951
    """

    dt: float
    gamma: float
    epsilon: float
    velocity_initializer: Any
    velocity_regularizer: Any
    velocity_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        dt: float = 0.042,
        gamma: float = 2.7,
        epsilon: float = 4.7,
        velocity_initializer: _Initializer = "orthogonal",
        velocity_regularizer: _Regularizer = None,
        velocity_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class CoupledLSTMCell(AbstractRNNCell):
    """LSTM with coupled input and forget gates (CIFG).

        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + (1 − f) ⊙ g
        h' = o ⊙ φ(c')

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class DropConnect(AbstractRNNCell):
    """DropConnect (weight-dropped cell): in training entries of the recurrent weights are zero.

        U = m ⊙ V / (1 − rate)

    V is `recurrent_kernel` of the cell. m has an entry for each weight: 0 with probability `rate`,
    else 1. It is drawn once for each call, and is the same for all rows and steps. Outside training
    U is V.

    Source: Merity, Keskar & Socher, 2018, Regularizing and optimizing LSTM language models,
    https://arxiv.org/abs/1708.02182

    Raises:
        ValueError: if `cell` is anything else, or another argument has an impossible value.
    """

    cell: _KerasCell | Sequence[_KerasCell]
    rate: float
    def __init__(
        self,
        cell: _KerasCell | Sequence[_KerasCell],
        rate: float = 0.5,
        *,
        seed: int | None = None,
        trainable: bool = True,
        name: str | None = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class ESNCell(AbstractRNNCell):
    """Echo state network cell: random recurrent weights that are never trained.

        h' = (1 − α) h + α φ(W x + U h + b)              α = `leaky`

    U is drawn from `recurrent_initializer`, thinned out to the share `connectivity`, and
    scaled to the spectral radius `spectral_radius`. All weights are frozen: put a trained
    layer on top. `seed` also fixes which entries of U are zero; their values are up to the seed
    of `recurrent_initializer`.

    Source: Jaeger, 2001, The "echo state" approach to analysing and training recurrent
    neural networks, GMD report 148, https://www.ai.rug.nl/minds/uploads/EchoStatesTechRep.pdf
    """

    leaky: float
    connectivity: float
    spectral_radius: float
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        leaky: float = 1.0,
        connectivity: float = 0.1,
        spectral_radius: float = 0.9,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class FastRNNCell(AbstractRNNCell):
    """FastRNN: a simple recurrent cell with two scalar weights, of the new and of the old state.

        n  = φ(W x + U h + b)
        h' = σ(α) n + σ(β) h

    σ is the logistic function. Further weights: `alpha` and `beta`, each `(1,)`; they start at −3
    and 3, as in the authors' code, so that most of the state is kept.

    Source: Kusupati et al., 2018, FastGRNN: A fast, accurate, stable and tiny kilobyte sized gated
    recurrent neural network, https://arxiv.org/abs/1901.02358
    """

    alpha_initializer: Any
    alpha_regularizer: Any
    alpha_constraint: Any
    beta_initializer: Any
    beta_regularizer: Any
    beta_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        alpha_initializer: _Initializer = ...,
        alpha_regularizer: _Regularizer = None,
        alpha_constraint: _Constraint = None,
        beta_initializer: _Initializer = ...,
        beta_regularizer: _Regularizer = None,
        beta_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class FullPeepholeLSTMCell(AbstractRNNCell):
    """LSTM with full peepholes: every unit's memory reaches every gate.

        i  = σ(W_i x + U_i h + P_i c  + b_i)
        f  = σ(W_f x + U_f h + P_f c  + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + P_o c' + b_o)
        h' = o ⊙ φ(c')

    Further weights: `peephole_i`, `peephole_f`, `peephole_o`, each `(units, units)`.

    Deviations: the papers have one peephole per unit (`PeepholeLSTMCell`); matrices are
    how later texts often print the equations.

    Source: Gers & Schmidhuber, 2000, Recurrent nets that time and count, IJCNN,
    https://doi.org/10.1109/IJCNN.2000.861302
    """

    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class GRUCell(AbstractRNNCell):
    """Gated recurrent unit, reset gate before the product: the published form.

    Not what `keras.layers.GRU` is unless it is told so: that is ResetAfterGRU, another function
    with other weights. `reset_after=True` makes one here, too.

        z  = σ(W_z x + U_z h + b_z)
        r  = σ(W_r x + U_r h + b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    z near 1 keeps the old state. Weights are those of `keras.layers.GRUCell` with
    `reset_after=False`, in name, shape and order.

    Source: Cho et al., 2014, Learning phrase representations using RNN encoder-decoder,
    https://arxiv.org/abs/1406.1078v3
    """

    reset_after: bool
    implementation: Literal[0, 1, 2]
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_update_bias: float = 0.0,
        reset_after: bool = False,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        implementation: Literal[0, 1, 2] = 2,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class Highway(AbstractRNNCell):
    """Highway connection: a gate decides, entry by entry, for what the cell gives or for the input.

        t = σ(W_t x + b_t)
        y = t ⊙ h' + (1 − t) ⊙ x

    h' is the output of the cell, whatever it is called there. The input must have as many features
    as the output has entries; it is taken as it was before dropout. Further weights:
    `transform_kernel (features, features)` and `transform_bias (features,)`.

    Source: Srivastava, Greff & Schmidhuber, 2015, Highway networks,
    https://arxiv.org/abs/1505.00387

    Raises:
        ValueError: if `cell` is anything else, or another argument is none of its kind; when it is
            built, if the input has not as many features as the output of `cell` has entries.
    """

    cell: _KerasCell | Sequence[_KerasCell]
    def __init__(
        self,
        cell: _KerasCell | Sequence[_KerasCell],
        *,
        bias_initializer: _Initializer = -1.0,
        kernel_initializer: _Initializer = "glorot_uniform",
        kernel_regularizer: _Regularizer = None,
        trainable: bool = True,
        name: str | None = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class JANETCell(AbstractRNNCell):
    """Just another network (JANET): an LSTM reduced to its forget gate.

        a_f = W_f x + U_f h + b_f
        f   = σ(a_f)
        i   = 1 − σ(a_f − 1)
        g   = φ(W_g x + U_g h + b_g)
        h'  = f ⊙ h + i ⊙ g

    Deviations: the paper starts from the chrono initialisation of the biases, this cell
    from `unit_forget_bias`.

    Source: van der Westhuizen & Lasenby, 2018, The unreasonable effectiveness of the
    forget gate, https://arxiv.org/abs/1804.04849
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LEMCell(AbstractRNNCell):
    """Long expressive memory (LEM): a multiscale differential equation with gates as time steps.

        t1 = Δt σ(W_1 x + U_1 y + b_1)                   Δt = `dt`
        t2 = Δt σ(W_2 x + U_2 y + b_2)
        z' = (1 − t2) ⊙ z + t2 ⊙ φ(W_z x + U_z y + b_z)
        y' = (1 − t1) ⊙ y + t1 ⊙ φ(W_y x + U_y z' + b_y)

    The output is y, which sees the new z. Near 1, t1 and t2 take what is new in place of the old
    state.

    Deviations: the two time steps are numbered as in the authors' code, the first is that of y.

    Source: Rusch, Mishra, Erichson & Mahoney, 2022, Long expressive memory for sequence modeling,
    https://arxiv.org/abs/2110.04744
    """

    dt: float
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        dt: float = 1.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LSTMCell(AbstractRNNCell):
    """The LSTM with forget gate: what is called LSTM today.

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Weights are `keras.layers.LSTMCell`'s in name, shape and order.

    Source: Gers, Schmidhuber & Cummins, 2000, Learning to forget, Neural Computation
    12(10):2451–2471, https://doi.org/10.1162/089976600300015015
    """

    implementation: Literal[0, 1, 2]
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        implementation: Literal[0, 1, 2] = 2,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LayerNormGRUCell(AbstractRNNCell):
    """GRU with layer normalisation of both products, reset gate after the product.

        a  = LN(W x + b; γ_x, β_x)
        a2 = LN(U h; γ_h, β_h)
        z  = σ(a_z + a2_z)
        r  = σ(a_r + a2_r)
        n  = φ(a_n + r ⊙ a2_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    LN normalises the columns of the two gates, z and r, together, and those of the candidate n
    apart: a high b_z would close r, so that there is no `initial_update_bias`. z near 1 keeps the
    old state. Further weights: `gamma_x`, `beta_x`, `gamma_h`, `beta_h`,
    each `(3 · units,)`.

    Deviations: none from the authors' code, Kiros's repository layer-norm.

    Source: Ba, Kiros & Hinton, 2016, Layer normalization, https://arxiv.org/abs/1607.06450
    """

    epsilon: float
    gamma_initializer: Any
    gamma_regularizer: Any
    gamma_constraint: Any
    beta_initializer: Any
    beta_regularizer: Any
    beta_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        epsilon: float = 1e-05,
        gamma_initializer: _Initializer = "ones",
        gamma_regularizer: _Regularizer = None,
        gamma_constraint: _Constraint = None,
        beta_initializer: _Initializer = "zeros",
        beta_regularizer: _Regularizer = None,
        beta_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LayerNormLSTMCell(AbstractRNNCell):
    """LSTM with layer normalisation of both products and of the memory shown.

        a  = LN(W x; γ_x, β_x) + LN(U h; γ_h, β_h) + b
        i  = σ(a_i)
        f  = σ(a_f)
        g  = φ(a_g)
        o  = σ(a_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(LN(c'; γ_c, β_c))

    Each product is normalised over all four gates at once; the memory that is carried on
    is not normalised. Further weights: `gamma_x`, `beta_x`, `gamma_h`, `beta_h`, each
    `(4 · units,)`, `gamma_c`, `beta_c`, each `(units,)`.

    Deviations: none from the paper. TensorFlow Addons carries the normalised memory, which
    is another function: its weights do not transfer.

    Source: Ba, Kiros & Hinton, 2016, Layer normalization, https://arxiv.org/abs/1607.06450
    """

    epsilon: float
    gamma_initializer: Any
    gamma_regularizer: Any
    gamma_constraint: Any
    beta_initializer: Any
    beta_regularizer: Any
    beta_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        epsilon: float = 1e-05,
        gamma_initializer: _Initializer = "ones",
        gamma_regularizer: _Regularizer = None,
        gamma_constraint: _Constraint = None,
        beta_initializer: _Initializer = "zeros",
        beta_regularizer: _Regularizer = None,
        beta_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LayerNormSimpleRNNCell(AbstractRNNCell):
    """Simple recurrent cell with layer normalisation of the summed products.

        h' = φ(LN(W x + U h; γ) + b)

    The shift of the normalisation is the bias, added after it. Further weight: `gamma`
    `(units,)`.

    Source: Ba, Kiros & Hinton, 2016, Layer normalization, https://arxiv.org/abs/1607.06450
    """

    epsilon: float
    gamma_initializer: Any
    gamma_regularizer: Any
    gamma_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        epsilon: float = 1e-05,
        gamma_initializer: _Initializer = "ones",
        gamma_regularizer: _Regularizer = None,
        gamma_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MGU1Cell(AbstractRNNCell):
    """Minimal gated unit, variant 1 (MGU1): the gate sees the state and no input.

        f  = σ(U_f h + b_f)
        n  = φ(W_n x + U_n (f ⊙ h) + b_n)
        h' = (1 − f) ⊙ h + f ⊙ n

    As in MGUCell, f near 1 takes the candidate in place of the old state. So b_f starts as all
    biases do, without `unit_forget_bias`.

    Source: Heck & Salem, 2017, Simplified minimal gated unit variations for recurrent neural
    networks, https://arxiv.org/abs/1701.03452
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MGU2Cell(AbstractRNNCell):
    """Minimal gated unit, variant 2 (MGU2): the gate is of the state alone, without a bias.

        f  = σ(U_f h)
        n  = φ(W_n x + U_n (f ⊙ h) + b_n)
        h' = (1 − f) ⊙ h + f ⊙ n

    As in MGUCell, f near 1 takes the candidate in place of the old state. From a state of zeros
    every gate begins at 1/2.

    Source: Heck & Salem, 2017, Simplified minimal gated unit variations for recurrent neural
    networks, https://arxiv.org/abs/1701.03452
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MGU3Cell(AbstractRNNCell):
    """Minimal gated unit, variant 3 (MGU3): the gate is a bias, the same at all steps.

        f  = σ(b_f)
        n  = φ(W_n x + U_n (f ⊙ h) + b_n)
        h' = (1 − f) ⊙ h + f ⊙ n

    A leaky unit whose leak f is learned, entry by entry. As in MGUCell, f near 1 takes the
    candidate in place of the old state, so b_f starts as all biases do, without
    `unit_forget_bias`; with `use_bias=False` f is 1/2 and learns nothing.

    Source: Heck & Salem, 2017, Simplified minimal gated unit variations for recurrent neural
    networks, https://arxiv.org/abs/1701.03452
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MGUCell(AbstractRNNCell):
    """Minimal gated unit (MGU): a GRU whose reset gate is also its update gate.

        f  = σ(W_f x + U_f h + b_f)
        n  = φ(W_n x + U_n (f ⊙ h) + b_n)
        h' = (1 − f) ⊙ h + f ⊙ n

    The paper calls f a forget gate, but f near 1 takes the candidate in place of the old state:
    the other way round than in the LSTM. So b_f starts as all biases do, without
    `unit_forget_bias`.

    Source: Zhou, Wu, Zhang & Zhou, 2016, Minimal gated unit for recurrent neural networks,
    https://arxiv.org/abs/1603.09420
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MIGRUCell(AbstractRNNCell):
    """GRU with multiplicative integration, reset gate before the product.

        z  = σ(α_z ⊙ W_z x ⊙ U_z h + β_1,z ⊙ U_z h + β_2,z ⊙ W_z x + b_z)
        r  = σ(α_r ⊙ W_r x ⊙ U_r h + β_1,r ⊙ U_r h + β_2,r ⊙ W_r x + b_r)
        n  = φ(α_n ⊙ W_n x ⊙ U_n (r ⊙ h) + β_1,n ⊙ U_n (r ⊙ h) + β_2,n ⊙ W_n x + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    z near 1 keeps the old state. Further weights: `alpha`, `beta_1` and `beta_2`, each
    `(3 · units,)`. With α = 0 and β_1 = β_2 = 1 it is GRUCell.

    Deviations: the paper has other numbers for each task at which α and β start; here it is 1.

    Source: Wu, Zhang, Zhang, Bengio & Salakhutdinov, 2016, On multiplicative integration with
    recurrent neural networks, https://arxiv.org/abs/1606.06630
    """

    alpha_initializer: Any
    alpha_regularizer: Any
    alpha_constraint: Any
    beta_initializer: Any
    beta_regularizer: Any
    beta_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_update_bias: float = 0.0,
        alpha_initializer: _Initializer = "ones",
        alpha_regularizer: _Regularizer = None,
        alpha_constraint: _Constraint = None,
        beta_initializer: _Initializer = "ones",
        beta_regularizer: _Regularizer = None,
        beta_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MILSTMCell(AbstractRNNCell):
    """LSTM with multiplicative integration.

        i  = σ(α_i ⊙ W_i x ⊙ U_i h + β_1,i ⊙ U_i h + β_2,i ⊙ W_i x + b_i)
        f  = σ(α_f ⊙ W_f x ⊙ U_f h + β_1,f ⊙ U_f h + β_2,f ⊙ W_f x + b_f)
        g  = φ(α_g ⊙ W_g x ⊙ U_g h + β_1,g ⊙ U_g h + β_2,g ⊙ W_g x + b_g)
        o  = σ(α_o ⊙ W_o x ⊙ U_o h + β_1,o ⊙ U_o h + β_2,o ⊙ W_o x + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Further weights: `alpha`, `beta_1` and `beta_2`, each `(4 · units,)`. With α = 0 and
    β_1 = β_2 = 1 it is the LSTM.

    Deviations: the paper has other numbers for each task at which α and β start; here it is 1.

    Source: Wu, Zhang, Zhang, Bengio & Salakhutdinov, 2016, On multiplicative integration with
    recurrent neural networks, https://arxiv.org/abs/1606.06630
    """

    alpha_initializer: Any
    alpha_regularizer: Any
    alpha_constraint: Any
    beta_initializer: Any
    beta_regularizer: Any
    beta_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        alpha_initializer: _Initializer = "ones",
        alpha_regularizer: _Regularizer = None,
        alpha_constraint: _Constraint = None,
        beta_initializer: _Initializer = "ones",
        beta_regularizer: _Regularizer = None,
        beta_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MUT1Cell(AbstractRNNCell):
    """Mutated unit MUT1: a GRU whose update gate is of the input alone.

        z  = σ(W_z x + b_z)
        r  = σ(W_r x + U_r h + b_r)
        n  = φ(U_n (r ⊙ h) + φ(W_v x) + b_n)
        h' = z ⊙ n + (1 − z) ⊙ h

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.

    Deviations: the paper has x itself in place of W_v x, and so as many features as units; with
    the identity for W_v, the last block of `kernel`, this is the paper's.

    Source: Jozefowicz, Zaremba & Sutskever, 2015, An empirical exploration of recurrent network
    architectures, https://proceedings.mlr.press/v37/jozefowicz15.html
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MUT3Cell(AbstractRNNCell):
    """Mutated unit MUT3: a GRU whose update gate sees the squashed state.

        z  = σ(W_z x + U_z φ(h) + b_z)
        r  = σ(W_r x + U_r h + b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = z ⊙ n + (1 − z) ⊙ h

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.

    Of the three units that were found, MUT2 with weights on every input is `GRUCell`, whose z is
    turned round.

    Source: Jozefowicz, Zaremba & Sutskever, 2015, An empirical exploration of recurrent network
    architectures, https://proceedings.mlr.press/v37/jozefowicz15.html
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MinimalRNNCell(AbstractRNNCell):
    """MinimalRNN: an update gate between the old state and the encoded input.

        n  = φ(W_n x + b_n)
        z  = σ(U_z h + V n + b_z)
        h' = z ⊙ h + (1 − z) ⊙ n

    The gate sees the input through its code n alone. Further weight: `latent_kernel` V
    `(units, units)`.

    Deviations: the paper leaves the encoder open, and takes this layer of φ; TensorFlow 1 gave it
    no bias b_n.

    Source: Chen, 2017, MinimalRNN: Toward more interpretable and trainable recurrent neural
    networks, https://arxiv.org/abs/1711.06788
    """

    latent_initializer: Any
    latent_regularizer: Any
    latent_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_update_bias: float = 0.0,
        latent_initializer: _Initializer = "glorot_uniform",
        latent_regularizer: _Regularizer = None,
        latent_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class NASCell(AbstractRNNCell):
    """The recurrent cell found by architecture search for language modelling.

        l0 = tanh(σ(W_0 x + U_0 h + b_0) ⊙ relu(W_1 x + U_1 h + b_1))
        l1 = tanh(σ(W_2 x + U_2 h + b_2) + relu(W_3 x ⊙ (U_3 h + b_3)))
        l2 = tanh(tanh(W_4 x + U_4 h + b_4) ⊙ σ(W_5 x + U_5 h + b_5))
        l3 = σ(tanh(W_6 x + U_6 h + b_6) + σ(W_7 x + U_7 h + b_7))
        c' = tanh(l0 + c) ⊙ l1
        h' = tanh(c' ⊙ tanh(l2 + l3))

    σ is the logistic function; no function can be chosen. With `projection_units` the
    output and state h are R h', where `projection_kernel` R is `(units, projection_units)`.

    Source: Zoph & Le, 2016, Neural architecture search with reinforcement learning,
    https://arxiv.org/abs/1611.01578
    """

    projection_units: int | None
    projection_initializer: Any
    projection_regularizer: Any
    projection_constraint: Any
    def __init__(
        self,
        units: int,
        use_bias: bool = False,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        projection_units: int | None = None,
        projection_initializer: _Initializer = "glorot_uniform",
        projection_regularizer: _Regularizer = None,
        projection_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class NBRCCell(AbstractRNNCell):
    """Neuromodulated bistable recurrent cell (nBRC): the gates see the states of all units.

        a  = 1 + φ(W_a x + U_a h + b_a)
        z  = σ(W_z x + U_z h + b_z)
        n  = φ(W_n x + a ⊙ h)
        h' = z ⊙ h + (1 − z) ⊙ n

    Where a is above 1, a unit has two stable states and keeps a bit for good; z near 1, the paper's
    c, keeps the old state for a while. The candidate sees each unit's own state alone.

    Deviations: the authors' code starts U from `"glorot_uniform"`, this cell from the default of
    `recurrent_initializer`.

    Source: Vecoven, Ernst & Drion, 2021, A bio-inspired bistable recurrent cell allows for
    long-lasting memory, https://arxiv.org/abs/2006.05252
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class NoForgetGateLSTMCell(AbstractRNNCell):
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

    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class NoOutputGateLSTMCell(AbstractRNNCell):
    """LSTM without output gate (NOG).

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        h' = φ(c')

    With `output_activation="linear"` output and memory are one.

    Deviations: the paper takes the gate out of an LSTM with peepholes; here there are none.

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class NoOutputGatePeepholeLSTMCell(AbstractRNNCell):
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

    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class OriginalLSTMCell(AbstractRNNCell):
    """The LSTM of 1997, without a forget gate: memory only accumulates.

        i  = σ(W_i x + U_i h + b_i)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = c + i ⊙ g
        h' = o ⊙ φ(c')

    Deviations: the paper squashes with scaled sigmoids and truncates the gradients;
    this is tanh and the whole gradient.

    Source: Hochreiter & Schmidhuber, 1997, Long short-term memory, Neural Computation
    9(8):1735–1780, https://doi.org/10.1162/neco.1997.9.8.1735
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class PeepholeLSTMCell(AbstractRNNCell):
    """LSTM with peepholes: one weight per unit from the memory to each gate.

        i  = σ(W_i x + U_i h + p_i ⊙ c  + b_i)
        f  = σ(W_f x + U_f h + p_f ⊙ c  + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
        h' = o ⊙ φ(c')

    The output gate sees the new memory. Further weights: `peephole_i`, `peephole_f`,
    `peephole_o`, each `(units,)`. The papers' linear output is `output_activation="linear"`.

    Source: Gers & Schmidhuber, 2000, Recurrent nets that time and count, IJCNN,
    https://doi.org/10.1109/IJCNN.2000.861302; Gers, Schraudolph & Schmidhuber, 2002,
    https://www.jmlr.org/papers/v3/gers02a.html
    """

    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class ProjectedLSTMCell(AbstractRNNCell):
    """LSTM with recurrent projection (LSTMP).

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = R (o ⊙ φ(c'))

    Output and state h have `projection_units` entries, the memory c has `units`;
    `recurrent_kernel` is `(projection_units, 4 · units)`, the further weight
    `projection_kernel` R `(units, projection_units)`.

    Deviations: the paper's unit also has peepholes and an optional second projection that
    is not fed back; here, as in most libraries, there is neither.

    Source: Sak, Senior & Beaufays, 2014, Long short-term memory based recurrent neural
    network architectures, https://arxiv.org/abs/1402.1128
    """

    projection_units: int
    projection_initializer: Any
    projection_regularizer: Any
    projection_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        projection_units: int,
        projection_initializer: _Initializer = "glorot_uniform",
        projection_regularizer: _Regularizer = None,
        projection_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class Projection(AbstractRNNCell):
    """Output projection: the output is a linear map of what the cell gives.

        y = W_y h' + b_y

    h' is the output of the cell, whatever it is called there. What goes to the next step is h', and
    not y; in `LSTMPCell` the projection itself is fed back. Further weights:
    `output_kernel (entries, units)` and `output_bias (units,)`.

    Source: Graves, 2013, Generating sequences with recurrent neural networks, equation 3,
    https://arxiv.org/abs/1308.0850

    Raises:
        ValueError: if `cell` is anything else, or another argument has an impossible value.
    """

    cell: _KerasCell | Sequence[_KerasCell]
    size: Any
    has_bias: bool
    def __init__(
        self,
        cell: _KerasCell | Sequence[_KerasCell],
        size: Any,
        *,
        has_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        kernel_regularizer: _Regularizer = None,
        trainable: bool = True,
        name: str | None = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class RANCell(AbstractRNNCell):
    """Recurrent additive network (RAN): an LSTM whose memory adds up linear pieces of the input.

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        n  = W_n x
        c' = i ⊙ n + f ⊙ c
        h' = φ(c')

    The content n has neither recurrent weights nor a bias. The paper's other output, the memory
    itself, is `activation="linear"`.

    Deviations: the authors' code starts from biases of 0, this cell from `unit_forget_bias`.

    Source: Lee, Levy & Zettlemoyer, 2017, Recurrent additive networks,
    https://arxiv.org/abs/1705.07393
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class ResetAfterGRUCell(AbstractRNNCell):
    """Gated recurrent unit, reset gate after the product: cuDNN's form and Keras's default.

    What `keras.layers.GRU` is unless it is told otherwise. `reset_after=False` makes a GRU.

        z  = σ(W_z x + U_z h + b_z + c_z)
        r  = σ(W_r x + U_r h + b_r + c_r)
        n  = φ(W_n x + r ⊙ (U_n h + c_n) + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    `bias` is `(2, 3 · units)`: b above, the recurrent bias c below. With
    `use_recurrent_bias=False` it is b alone, `(3 · units,)`, and c is zero. Weights are
    those of `keras.layers.GRUCell()` in name, shape and order.

    Source: Cho et al., 2014, Learning phrase representations using RNN encoder-decoder,
    first version, https://arxiv.org/abs/1406.1078v1
    """

    use_recurrent_bias: bool
    reset_after: bool
    implementation: Literal[0, 1, 2]
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_update_bias: float = 0.0,
        use_recurrent_bias: bool = True,
        reset_after: bool = True,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        implementation: Literal[0, 1, 2] = 2,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class Residual(AbstractRNNCell):
    """Residual connection: the input is added to what the cell gives.

        y = h' + x

    h' is the output of the cell, whatever it is called there. The input must have as many features
    as the output has entries; it is added as it was before dropout. States are those of the cell:
    what is added goes to the layer above, and not to the next step.

    Source: Wu et al., 2016, Google's neural machine translation system, section 3.1,
    https://arxiv.org/abs/1609.08144

    Raises:
        ValueError: if `cell` is anything else; when it is built, if the input has not as many
            features as the output of `cell` has entries.
    """

    cell: _KerasCell | Sequence[_KerasCell]
    def __init__(
        self,
        cell: _KerasCell | Sequence[_KerasCell],
        *,
        trainable: bool = True,
        name: str | None = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class STARCell(AbstractRNNCell):
    """Stackable recurrent unit (STAR): one gate, and a squashed state.

        k  = σ(W_k x + U_k h + b_k)
        n  = φ(W_n x + b_n)
        h' = φ((1 − k) ⊙ h + k ⊙ n)

    k near 1 takes what comes in, as a Kalman gain does; the candidate n, which the paper calls z,
    sees no state.

    Deviations: the authors' code has a gate f = σ(a_f) in place of 1 − k and, as JANETCell, takes
    n in the share 1 − σ(a_f − 1); it starts from the chrono initialisation of the biases.

    Source: Turkoglu, D'Aronco, Wegner & Schindler, 2021, Gating revisited: Deep multi-layer RNNs
    that can be trained, https://arxiv.org/abs/1911.11033
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SimpleRNNCell(AbstractRNNCell):
    """Simple recurrent cell: no gate, one state.

        h' = φ(W x + U h + b)

    Weights are `keras.layers.SimpleRNNCell`'s in name, shape and order.

    Source: Elman, 1990, Finding structure in time, Cognitive Science 14:179–211,
    https://doi.org/10.1207/s15516709cog1402_1
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SlimGRU1Cell(AbstractRNNCell):
    """GRU, gate-variant 1 (GRU1): the gates see the state and no input.

        z  = σ(U_z h + b_z)
        r  = σ(U_r h + b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = (1 − z) ⊙ h + z ⊙ n

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.

    Source: Dey & Salem, 2017, Gate-variants of gated recurrent unit (GRU) neural networks,
    https://arxiv.org/abs/1701.05923
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SlimGRU2Cell(AbstractRNNCell):
    """GRU, gate-variant 2 (GRU2): the gates are of the state alone, without biases.

        z  = σ(U_z h)
        r  = σ(U_r h)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = (1 − z) ⊙ h + z ⊙ n

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.
    From a state of zeros both gates begin at 1/2.

    Source: Dey & Salem, 2017, Gate-variants of gated recurrent unit (GRU) neural networks,
    https://arxiv.org/abs/1701.05923
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SlimGRU3Cell(AbstractRNNCell):
    """GRU, gate-variant 3 (GRU3): the gates are biases, the same at all steps.

        z  = σ(b_z)
        r  = σ(b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = (1 − z) ⊙ h + z ⊙ n

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.
    With `use_bias=False` both gates are 1/2 and learn nothing.

    Source: Dey & Salem, 2017, Gate-variants of gated recurrent unit (GRU) neural networks,
    https://arxiv.org/abs/1701.05923
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class UGRNNCell(AbstractRNNCell):
    """Update gate RNN.

        z  = σ(W_z x + U_z h + b_z)
        n  = φ(W_n x + U_n h + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    Source: Collins, Sohl-Dickstein & Sussillo, 2016, Capacity and trainability in recurrent
    neural networks, https://arxiv.org/abs/1611.09913
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class WeightNorm(AbstractRNNCell):
    """Weight normalisation: directions and lengths of the recurrent weights are trained apart.

        U = s V / ‖V‖

    V is `recurrent_kernel` of the cell, and ‖V‖ the length of each of its columns: of the weights
    of one entry of one gate. s, `recurrent_scale (columns,)`, begins as ‖V‖, so that U begins as V;
    where V has been set anew, as from another cell, `set_scale()` makes it so again. U is computed
    once before the first step.

    Source: Salimans & Kingma, 2016, Weight normalization: a simple reparameterization to accelerate
    training of deep neural networks, https://arxiv.org/abs/1602.07868

    Raises:
        ValueError: if `cell` is anything else.
    """

    cell: _KerasCell | Sequence[_KerasCell]
    def __init__(
        self,
        cell: _KerasCell | Sequence[_KerasCell],
        *,
        trainable: bool = True,
        name: str | None = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class Zoneout(AbstractRNNCell):
    """Zoneout: in training each entry of a state keeps its old value with some probability.

        h' = d_h ⊙ h + (1 − d_h) ⊙ h̃

    h̃ is what the cell gives, and d_h is drawn for each row, step and entry: 1 with probability
    `rate`, else 0. Outside training d_h is its expectation, the number `rate` itself. So it is for
    each state, with a d of its own. What is computed within the step, as the h of an LSTM from its
    c, is computed from what the cell gives. Where the output is no state, it stays as it is.

    All numbers are drawn before the first step, so that the loop is compiled as that of the cell
    alone. Exports have the expectation.

    Source: Krueger et al., 2017, Zoneout: regularizing RNNs by randomly preserving hidden
    activations, https://arxiv.org/abs/1606.01305

    Raises:
        ValueError: if `cell` is anything else, or another argument has an impossible value.
    """

    cell: _KerasCell | Sequence[_KerasCell]
    rate: float
    def __init__(
        self,
        cell: _KerasCell | Sequence[_KerasCell],
        rate: float = 0.1,
        *,
        seed: int | None = None,
        trainable: bool = True,
        name: str | None = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class RNN(keras.layers.RNN):
    """`keras.layers.RNN` with a choice of loops, and the same results on every backend.

        >>> tuple(kg.RNN([kg.LSTMCell(3), kg.GRUCell(2)], loop="keras")(x).shape)
        (4, 2)

    Differences from Keras's own layer:

    * `loop` chooses how time is run; all loops compute the same function.
    * Output is zero before a row's first unmasked step, on every backend.
    * Dropout masks are drawn afresh for every call and kept over all steps, in wrappers, too.
    * Under mixed precision the states of our cells are carried in single precision from step
      to step; those that enter and leave a call are in the compute dtype, as Keras casts them.
    * `reset_state` goes back to the cell's `get_initial_state`, for stacked cells, too.

    Args:
        cell: any Keras cell, or a list of cells that are stacked.
        loop: way to run over time; all give the same numbers. `"auto"` is `"compiled"` on
            TensorFlow where it can be, `"recomputed"` where that would keep much for the backward
            pass, else `"keras"`, which compiles nothing; `kerasgates.loops.decide` says it exactly.
            `"hoisted"` and `"dense"` can be asked for, too.
        **kwargs: `return_sequences`, `return_state` and the others of `keras.layers.RNN`, and those
            of every Keras layer, `input_shape` among them.

    Call arguments:
        sequences: `(batch, time, features)`; with more axes for cells, not ours, that read these.
        initial_state: list of tensors `(batch, entries)`; one of `(1, entries)` is for all rows.
        mask: booleans `(batch, time)`.
        training: whether dropout is applied.

    Returns:
        `(batch, units)`; `(batch, time, units)` with `return_sequences`; final states if asked for.

    Raises:
        ValueError: if an argument, the input, the mask or a state does not fit.
    """

    loop: str
    def __init__(
        self,
        cell: _KerasCell | Sequence[_KerasCell],
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        *,
        loop: _Loop = "auto",
        activity_regularizer: _Regularizer = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class _CellLayer(RNN):
    cell_class: type[AbstractRNNCell]
    units: int
    activation: Any
    recurrent_activation: Any
    use_bias: bool
    kernel_initializer: Any
    recurrent_initializer: Any
    bias_initializer: Any
    unit_forget_bias: bool
    kernel_regularizer: Any
    recurrent_regularizer: Any
    bias_regularizer: Any
    kernel_constraint: Any
    recurrent_constraint: Any
    bias_constraint: Any
    dropout: float
    recurrent_dropout: float
    seed: int | None
    output_activation: Any
    initial_update_bias: float
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...

class ATR(_CellLayer):
    """Addition-subtraction twin-gated recurrent network (ATR): one product of each kind.

        i  = σ(W x + U h)
        f  = σ(W x − U h)
        h' = i ⊙ W x + f ⊙ h

    With `use_bias=True` U h is U h + b in both gates, as in the authors' code; the paper has no
    bias.

    Source: Zhang, Xiong, Su, Lin & Zhang, 2018, Simplifying neural machine translation with
    addition-subtraction twin-gated recurrent networks, https://arxiv.org/abs/1810.12546
    """
    def __init__(
        self,
        units: int,
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = False,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class BRC(_CellLayer):
    """Bistable recurrent cell (BRC): each unit sees its own state alone.

        a  = 1 + φ(W_a x + w_a ⊙ h + b_a)
        z  = σ(W_z x + w_z ⊙ h + b_z)
        n  = φ(W_n x + a ⊙ h)
        h' = z ⊙ h + (1 − z) ⊙ n

    Where a is above 1, a unit has two stable states and keeps a bit for good; z near 1, the paper's
    c, keeps the old state for a while. Further weights: `feedback_a` and `feedback_z`, each
    `(units,)`; there is no recurrent matrix.

    Source: Vecoven, Ernst & Drion, 2021, A bio-inspired bistable recurrent cell allows for
    long-lasting memory, https://arxiv.org/abs/2006.05252
    """

    feedback_initializer: Any
    feedback_regularizer: Any
    feedback_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        initial_update_bias: float = 0.0,
        feedback_initializer: _Initializer = "ones",
        feedback_regularizer: _Regularizer = None,
        feedback_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class CFN(_CellLayer):
    """Chaos-free network (CFN): forget and input gate between the squashed state and the input.

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        n  = φ(W_n x)
        h' = f ⊙ φ(h) + i ⊙ n

    Without input the state goes to zero from wherever it is. f and i are the paper's horizontal
    gate θ and vertical gate η; the candidate has neither recurrent weights nor a bias.

    The cell of TensorFlow 1 has 1 − i where the paper has i.

    Source: Laurent & von Brecht, 2017, A recurrent neural network without chaos,
    https://arxiv.org/abs/1612.06212
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class CTRNN(_CellLayer):
    """Continuous-time RNN (CTRNN): firing rates that follow their input with a time constant.

        n  = φ(W x + U h + b)
        h' = h + Δt / τ (n − h)                          Δt = `dt`, τ = `tau`

    Another form, with φ before U and not after it, goes by the same name. ESNCell has these
    equations with weights that are not trained.

    Deviations: the authors' network adds noise to the sum within φ, and φ is softplus or relu:
    `activation`.

    Source: Yang, Joglekar, Song, Newsome & Wang, 2019, Task representations in neural networks
    trained to perform many cognitive tasks, Nature Neuroscience 22:297–306,
    https://doi.org/10.1038/s41593-018-0310-2
    """

    dt: float
    tau: float
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        dt: float = 20.0,
        tau: float = 100.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class CoRNN(_CellLayer):
    """Coupled oscillatory RNN (coRNN): driven, damped oscillators with positions y, velocities z.

        n  = φ(W x + U y + V z + b)
        z' = z + Δt (n − γ y − ε z)                      Δt = `dt`, γ = `gamma`, ε = `epsilon`
        y' = y + Δt z'

    The output is y, which moves by the new velocity. Further weight: `velocity_kernel` V
    `(units, units)`. The default numbers are those of the authors' code for sequential MNIST.

    Source: Rusch & Mishra, 2021, Coupled oscillatory recurrent neural network (coRNN): An accurate
    and (gradient) stable architecture for learning long time dependencies,
    https://arxiv.org/abs/2010.00951
    """

    dt: float
    gamma: float
    epsilon: float
    velocity_initializer: Any
    velocity_regularizer: Any
    velocity_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        dt: float = 0.042,
        gamma: float = 2.7,
        epsilon: float = 4.7,
        velocity_initializer: _Initializer = "orthogonal",
        velocity_regularizer: _Regularizer = None,
        velocity_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class CoupledLSTM(_CellLayer):
    """LSTM with coupled input and forget gates (CIFG).

        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + (1 − f) ⊙ g
        h' = o ⊙ φ(c')

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        output_activation: _Activation = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class ESN(_CellLayer):
    """Echo state network cell: random recurrent weights that are never trained.

        h' = (1 − α) h + α φ(W x + U h + b)              α = `leaky`

    U is drawn from `recurrent_initializer`, thinned out to the share `connectivity`, and
    scaled to the spectral radius `spectral_radius`. All weights are frozen: put a trained
    layer on top. `seed` also fixes which entries of U are zero; their values are up to the seed
    of `recurrent_initializer`.

    Source: Jaeger, 2001, The "echo state" approach to analysing and training recurrent
    neural networks, GMD report 148, https://www.ai.rug.nl/minds/uploads/EchoStatesTechRep.pdf
    """

    leaky: float
    connectivity: float
    spectral_radius: float
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        leaky: float = 1.0,
        connectivity: float = 0.1,
        spectral_radius: float = 0.9,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class FastRNN(_CellLayer):
    """FastRNN: a simple recurrent cell with two scalar weights, of the new and of the old state.

        n  = φ(W x + U h + b)
        h' = σ(α) n + σ(β) h

    σ is the logistic function. Further weights: `alpha` and `beta`, each `(1,)`; they start at −3
    and 3, as in the authors' code, so that most of the state is kept.

    Source: Kusupati et al., 2018, FastGRNN: A fast, accurate, stable and tiny kilobyte sized gated
    recurrent neural network, https://arxiv.org/abs/1901.02358
    """

    alpha_initializer: Any
    alpha_regularizer: Any
    alpha_constraint: Any
    beta_initializer: Any
    beta_regularizer: Any
    beta_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        alpha_initializer: _Initializer = ...,
        alpha_regularizer: _Regularizer = None,
        alpha_constraint: _Constraint = None,
        beta_initializer: _Initializer = ...,
        beta_regularizer: _Regularizer = None,
        beta_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class FullPeepholeLSTM(_CellLayer):
    """LSTM with full peepholes: every unit's memory reaches every gate.

        i  = σ(W_i x + U_i h + P_i c  + b_i)
        f  = σ(W_f x + U_f h + P_f c  + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + P_o c' + b_o)
        h' = o ⊙ φ(c')

    Further weights: `peephole_i`, `peephole_f`, `peephole_o`, each `(units, units)`.

    Deviations: the papers have one peephole per unit (`PeepholeLSTMCell`); matrices are
    how later texts often print the equations.

    Source: Gers & Schmidhuber, 2000, Recurrent nets that time and count, IJCNN,
    https://doi.org/10.1109/IJCNN.2000.861302
    """

    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        output_activation: _Activation = None,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class GRU(_CellLayer):
    """Gated recurrent unit, reset gate before the product: the published form.

    Not what `keras.layers.GRU` is unless it is told so: that is ResetAfterGRU, another function
    with other weights. `reset_after=True` makes one here, too.

        z  = σ(W_z x + U_z h + b_z)
        r  = σ(W_r x + U_r h + b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    z near 1 keeps the old state. Weights are those of `keras.layers.GRUCell` with
    `reset_after=False`, in name, shape and order.

    Source: Cho et al., 2014, Learning phrase representations using RNN encoder-decoder,
    https://arxiv.org/abs/1406.1078v3
    """

    reset_after: bool
    use_cudnn: bool | Literal["auto"]
    implementation: Literal[0, 1, 2]
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        initial_update_bias: float = 0.0,
        reset_after: bool = False,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        use_cudnn: bool | Literal["auto"] = "auto",
        implementation: Literal[0, 1, 2] = 2,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class JANET(_CellLayer):
    """Just another network (JANET): an LSTM reduced to its forget gate.

        a_f = W_f x + U_f h + b_f
        f   = σ(a_f)
        i   = 1 − σ(a_f − 1)
        g   = φ(W_g x + U_g h + b_g)
        h'  = f ⊙ h + i ⊙ g

    Deviations: the paper starts from the chrono initialisation of the biases, this cell
    from `unit_forget_bias`.

    Source: van der Westhuizen & Lasenby, 2018, The unreasonable effectiveness of the
    forget gate, https://arxiv.org/abs/1804.04849
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LEM(_CellLayer):
    """Long expressive memory (LEM): a multiscale differential equation with gates as time steps.

        t1 = Δt σ(W_1 x + U_1 y + b_1)                   Δt = `dt`
        t2 = Δt σ(W_2 x + U_2 y + b_2)
        z' = (1 − t2) ⊙ z + t2 ⊙ φ(W_z x + U_z y + b_z)
        y' = (1 − t1) ⊙ y + t1 ⊙ φ(W_y x + U_y z' + b_y)

    The output is y, which sees the new z. Near 1, t1 and t2 take what is new in place of the old
    state.

    Deviations: the two time steps are numbered as in the authors' code, the first is that of y.

    Source: Rusch, Mishra, Erichson & Mahoney, 2022, Long expressive memory for sequence modeling,
    https://arxiv.org/abs/2110.04744
    """

    dt: float
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        dt: float = 1.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LSTM(_CellLayer):
    """The LSTM with forget gate: what is called LSTM today.

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Weights are `keras.layers.LSTMCell`'s in name, shape and order.

    Source: Gers, Schmidhuber & Cummins, 2000, Learning to forget, Neural Computation
    12(10):2451–2471, https://doi.org/10.1162/089976600300015015
    """

    use_cudnn: bool | Literal["auto"]
    implementation: Literal[0, 1, 2]
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        output_activation: _Activation = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        use_cudnn: bool | Literal["auto"] = "auto",
        implementation: Literal[0, 1, 2] = 2,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LayerNormGRU(_CellLayer):
    """GRU with layer normalisation of both products, reset gate after the product.

        a  = LN(W x + b; γ_x, β_x)
        a2 = LN(U h; γ_h, β_h)
        z  = σ(a_z + a2_z)
        r  = σ(a_r + a2_r)
        n  = φ(a_n + r ⊙ a2_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    LN normalises the columns of the two gates, z and r, together, and those of the candidate n
    apart: a high b_z would close r, so that there is no `initial_update_bias`. z near 1 keeps the
    old state. Further weights: `gamma_x`, `beta_x`, `gamma_h`, `beta_h`,
    each `(3 · units,)`.

    Deviations: none from the authors' code, Kiros's repository layer-norm.

    Source: Ba, Kiros & Hinton, 2016, Layer normalization, https://arxiv.org/abs/1607.06450
    """

    epsilon: float
    gamma_initializer: Any
    gamma_regularizer: Any
    gamma_constraint: Any
    beta_initializer: Any
    beta_regularizer: Any
    beta_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        epsilon: float = 1e-05,
        gamma_initializer: _Initializer = "ones",
        gamma_regularizer: _Regularizer = None,
        gamma_constraint: _Constraint = None,
        beta_initializer: _Initializer = "zeros",
        beta_regularizer: _Regularizer = None,
        beta_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LayerNormLSTM(_CellLayer):
    """LSTM with layer normalisation of both products and of the memory shown.

        a  = LN(W x; γ_x, β_x) + LN(U h; γ_h, β_h) + b
        i  = σ(a_i)
        f  = σ(a_f)
        g  = φ(a_g)
        o  = σ(a_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(LN(c'; γ_c, β_c))

    Each product is normalised over all four gates at once; the memory that is carried on
    is not normalised. Further weights: `gamma_x`, `beta_x`, `gamma_h`, `beta_h`, each
    `(4 · units,)`, `gamma_c`, `beta_c`, each `(units,)`.

    Deviations: none from the paper. TensorFlow Addons carries the normalised memory, which
    is another function: its weights do not transfer.

    Source: Ba, Kiros & Hinton, 2016, Layer normalization, https://arxiv.org/abs/1607.06450
    """

    epsilon: float
    gamma_initializer: Any
    gamma_regularizer: Any
    gamma_constraint: Any
    beta_initializer: Any
    beta_regularizer: Any
    beta_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        output_activation: _Activation = None,
        epsilon: float = 1e-05,
        gamma_initializer: _Initializer = "ones",
        gamma_regularizer: _Regularizer = None,
        gamma_constraint: _Constraint = None,
        beta_initializer: _Initializer = "zeros",
        beta_regularizer: _Regularizer = None,
        beta_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LayerNormSimpleRNN(_CellLayer):
    """Simple recurrent cell with layer normalisation of the summed products.

        h' = φ(LN(W x + U h; γ) + b)

    The shift of the normalisation is the bias, added after it. Further weight: `gamma`
    `(units,)`.

    Source: Ba, Kiros & Hinton, 2016, Layer normalization, https://arxiv.org/abs/1607.06450
    """

    epsilon: float
    gamma_initializer: Any
    gamma_regularizer: Any
    gamma_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        epsilon: float = 1e-05,
        gamma_initializer: _Initializer = "ones",
        gamma_regularizer: _Regularizer = None,
        gamma_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MGU(_CellLayer):
    """Minimal gated unit (MGU): a GRU whose reset gate is also its update gate.

        f  = σ(W_f x + U_f h + b_f)
        n  = φ(W_n x + U_n (f ⊙ h) + b_n)
        h' = (1 − f) ⊙ h + f ⊙ n

    The paper calls f a forget gate, but f near 1 takes the candidate in place of the old state:
    the other way round than in the LSTM. So b_f starts as all biases do, without
    `unit_forget_bias`.

    Source: Zhou, Wu, Zhang & Zhou, 2016, Minimal gated unit for recurrent neural networks,
    https://arxiv.org/abs/1603.09420
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MGU1(_CellLayer):
    """Minimal gated unit, variant 1 (MGU1): the gate sees the state and no input.

        f  = σ(U_f h + b_f)
        n  = φ(W_n x + U_n (f ⊙ h) + b_n)
        h' = (1 − f) ⊙ h + f ⊙ n

    As in MGUCell, f near 1 takes the candidate in place of the old state. So b_f starts as all
    biases do, without `unit_forget_bias`.

    Source: Heck & Salem, 2017, Simplified minimal gated unit variations for recurrent neural
    networks, https://arxiv.org/abs/1701.03452
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MGU2(_CellLayer):
    """Minimal gated unit, variant 2 (MGU2): the gate is of the state alone, without a bias.

        f  = σ(U_f h)
        n  = φ(W_n x + U_n (f ⊙ h) + b_n)
        h' = (1 − f) ⊙ h + f ⊙ n

    As in MGUCell, f near 1 takes the candidate in place of the old state. From a state of zeros
    every gate begins at 1/2.

    Source: Heck & Salem, 2017, Simplified minimal gated unit variations for recurrent neural
    networks, https://arxiv.org/abs/1701.03452
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MGU3(_CellLayer):
    """Minimal gated unit, variant 3 (MGU3): the gate is a bias, the same at all steps.

        f  = σ(b_f)
        n  = φ(W_n x + U_n (f ⊙ h) + b_n)
        h' = (1 − f) ⊙ h + f ⊙ n

    A leaky unit whose leak f is learned, entry by entry. As in MGUCell, f near 1 takes the
    candidate in place of the old state, so b_f starts as all biases do, without
    `unit_forget_bias`; with `use_bias=False` f is 1/2 and learns nothing.

    Source: Heck & Salem, 2017, Simplified minimal gated unit variations for recurrent neural
    networks, https://arxiv.org/abs/1701.03452
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MIGRU(_CellLayer):
    """GRU with multiplicative integration, reset gate before the product.

        z  = σ(α_z ⊙ W_z x ⊙ U_z h + β_1,z ⊙ U_z h + β_2,z ⊙ W_z x + b_z)
        r  = σ(α_r ⊙ W_r x ⊙ U_r h + β_1,r ⊙ U_r h + β_2,r ⊙ W_r x + b_r)
        n  = φ(α_n ⊙ W_n x ⊙ U_n (r ⊙ h) + β_1,n ⊙ U_n (r ⊙ h) + β_2,n ⊙ W_n x + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    z near 1 keeps the old state. Further weights: `alpha`, `beta_1` and `beta_2`, each
    `(3 · units,)`. With α = 0 and β_1 = β_2 = 1 it is GRUCell.

    Deviations: the paper has other numbers for each task at which α and β start; here it is 1.

    Source: Wu, Zhang, Zhang, Bengio & Salakhutdinov, 2016, On multiplicative integration with
    recurrent neural networks, https://arxiv.org/abs/1606.06630
    """

    alpha_initializer: Any
    alpha_regularizer: Any
    alpha_constraint: Any
    beta_initializer: Any
    beta_regularizer: Any
    beta_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        initial_update_bias: float = 0.0,
        alpha_initializer: _Initializer = "ones",
        alpha_regularizer: _Regularizer = None,
        alpha_constraint: _Constraint = None,
        beta_initializer: _Initializer = "ones",
        beta_regularizer: _Regularizer = None,
        beta_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MILSTM(_CellLayer):
    """LSTM with multiplicative integration.

        i  = σ(α_i ⊙ W_i x ⊙ U_i h + β_1,i ⊙ U_i h + β_2,i ⊙ W_i x + b_i)
        f  = σ(α_f ⊙ W_f x ⊙ U_f h + β_1,f ⊙ U_f h + β_2,f ⊙ W_f x + b_f)
        g  = φ(α_g ⊙ W_g x ⊙ U_g h + β_1,g ⊙ U_g h + β_2,g ⊙ W_g x + b_g)
        o  = σ(α_o ⊙ W_o x ⊙ U_o h + β_1,o ⊙ U_o h + β_2,o ⊙ W_o x + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Further weights: `alpha`, `beta_1` and `beta_2`, each `(4 · units,)`. With α = 0 and
    β_1 = β_2 = 1 it is the LSTM.

    Deviations: the paper has other numbers for each task at which α and β start; here it is 1.

    Source: Wu, Zhang, Zhang, Bengio & Salakhutdinov, 2016, On multiplicative integration with
    recurrent neural networks, https://arxiv.org/abs/1606.06630
    """

    alpha_initializer: Any
    alpha_regularizer: Any
    alpha_constraint: Any
    beta_initializer: Any
    beta_regularizer: Any
    beta_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        output_activation: _Activation = None,
        alpha_initializer: _Initializer = "ones",
        alpha_regularizer: _Regularizer = None,
        alpha_constraint: _Constraint = None,
        beta_initializer: _Initializer = "ones",
        beta_regularizer: _Regularizer = None,
        beta_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MUT1(_CellLayer):
    """Mutated unit MUT1: a GRU whose update gate is of the input alone.

        z  = σ(W_z x + b_z)
        r  = σ(W_r x + U_r h + b_r)
        n  = φ(U_n (r ⊙ h) + φ(W_v x) + b_n)
        h' = z ⊙ n + (1 − z) ⊙ h

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.

    Deviations: the paper has x itself in place of W_v x, and so as many features as units; with
    the identity for W_v, the last block of `kernel`, this is the paper's.

    Source: Jozefowicz, Zaremba & Sutskever, 2015, An empirical exploration of recurrent network
    architectures, https://proceedings.mlr.press/v37/jozefowicz15.html
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MUT3(_CellLayer):
    """Mutated unit MUT3: a GRU whose update gate sees the squashed state.

        z  = σ(W_z x + U_z φ(h) + b_z)
        r  = σ(W_r x + U_r h + b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = z ⊙ n + (1 − z) ⊙ h

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.

    Of the three units that were found, MUT2 with weights on every input is `GRUCell`, whose z is
    turned round.

    Source: Jozefowicz, Zaremba & Sutskever, 2015, An empirical exploration of recurrent network
    architectures, https://proceedings.mlr.press/v37/jozefowicz15.html
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MinimalRNN(_CellLayer):
    """MinimalRNN: an update gate between the old state and the encoded input.

        n  = φ(W_n x + b_n)
        z  = σ(U_z h + V n + b_z)
        h' = z ⊙ h + (1 − z) ⊙ n

    The gate sees the input through its code n alone. Further weight: `latent_kernel` V
    `(units, units)`.

    Deviations: the paper leaves the encoder open, and takes this layer of φ; TensorFlow 1 gave it
    no bias b_n.

    Source: Chen, 2017, MinimalRNN: Toward more interpretable and trainable recurrent neural
    networks, https://arxiv.org/abs/1711.06788
    """

    latent_initializer: Any
    latent_regularizer: Any
    latent_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        initial_update_bias: float = 0.0,
        latent_initializer: _Initializer = "glorot_uniform",
        latent_regularizer: _Regularizer = None,
        latent_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class NAS(_CellLayer):
    """The recurrent cell found by architecture search for language modelling.

        l0 = tanh(σ(W_0 x + U_0 h + b_0) ⊙ relu(W_1 x + U_1 h + b_1))
        l1 = tanh(σ(W_2 x + U_2 h + b_2) + relu(W_3 x ⊙ (U_3 h + b_3)))
        l2 = tanh(tanh(W_4 x + U_4 h + b_4) ⊙ σ(W_5 x + U_5 h + b_5))
        l3 = σ(tanh(W_6 x + U_6 h + b_6) + σ(W_7 x + U_7 h + b_7))
        c' = tanh(l0 + c) ⊙ l1
        h' = tanh(c' ⊙ tanh(l2 + l3))

    σ is the logistic function; no function can be chosen. With `projection_units` the
    output and state h are R h', where `projection_kernel` R is `(units, projection_units)`.

    Source: Zoph & Le, 2016, Neural architecture search with reinforcement learning,
    https://arxiv.org/abs/1611.01578
    """

    projection_units: int | None
    projection_initializer: Any
    projection_regularizer: Any
    projection_constraint: Any
    def __init__(
        self,
        units: int,
        use_bias: bool = False,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        projection_units: int | None = None,
        projection_initializer: _Initializer = "glorot_uniform",
        projection_regularizer: _Regularizer = None,
        projection_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class NBRC(_CellLayer):
    """Neuromodulated bistable recurrent cell (nBRC): the gates see the states of all units.

        a  = 1 + φ(W_a x + U_a h + b_a)
        z  = σ(W_z x + U_z h + b_z)
        n  = φ(W_n x + a ⊙ h)
        h' = z ⊙ h + (1 − z) ⊙ n

    Where a is above 1, a unit has two stable states and keeps a bit for good; z near 1, the paper's
    c, keeps the old state for a while. The candidate sees each unit's own state alone.

    Deviations: the authors' code starts U from `"glorot_uniform"`, this cell from the default of
    `recurrent_initializer`.

    Source: Vecoven, Ernst & Drion, 2021, A bio-inspired bistable recurrent cell allows for
    long-lasting memory, https://arxiv.org/abs/2006.05252
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class NoForgetGateLSTM(_CellLayer):
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

    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        output_activation: _Activation = None,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class NoOutputGateLSTM(_CellLayer):
    """LSTM without output gate (NOG).

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        h' = φ(c')

    With `output_activation="linear"` output and memory are one.

    Deviations: the paper takes the gate out of an LSTM with peepholes; here there are none.

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        output_activation: _Activation = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class NoOutputGatePeepholeLSTM(_CellLayer):
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

    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        output_activation: _Activation = None,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class OriginalLSTM(_CellLayer):
    """The LSTM of 1997, without a forget gate: memory only accumulates.

        i  = σ(W_i x + U_i h + b_i)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = c + i ⊙ g
        h' = o ⊙ φ(c')

    Deviations: the paper squashes with scaled sigmoids and truncates the gradients;
    this is tanh and the whole gradient.

    Source: Hochreiter & Schmidhuber, 1997, Long short-term memory, Neural Computation
    9(8):1735–1780, https://doi.org/10.1162/neco.1997.9.8.1735
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        output_activation: _Activation = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class PeepholeLSTM(_CellLayer):
    """LSTM with peepholes: one weight per unit from the memory to each gate.

        i  = σ(W_i x + U_i h + p_i ⊙ c  + b_i)
        f  = σ(W_f x + U_f h + p_f ⊙ c  + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
        h' = o ⊙ φ(c')

    The output gate sees the new memory. Further weights: `peephole_i`, `peephole_f`,
    `peephole_o`, each `(units,)`. The papers' linear output is `output_activation="linear"`.

    Source: Gers & Schmidhuber, 2000, Recurrent nets that time and count, IJCNN,
    https://doi.org/10.1109/IJCNN.2000.861302; Gers, Schraudolph & Schmidhuber, 2002,
    https://www.jmlr.org/papers/v3/gers02a.html
    """

    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        output_activation: _Activation = None,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class ProjectedLSTM(_CellLayer):
    """LSTM with recurrent projection (LSTMP).

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = R (o ⊙ φ(c'))

    Output and state h have `projection_units` entries, the memory c has `units`;
    `recurrent_kernel` is `(projection_units, 4 · units)`, the further weight
    `projection_kernel` R `(units, projection_units)`.

    Deviations: the paper's unit also has peepholes and an optional second projection that
    is not fed back; here, as in most libraries, there is neither.

    Source: Sak, Senior & Beaufays, 2014, Long short-term memory based recurrent neural
    network architectures, https://arxiv.org/abs/1402.1128
    """

    projection_units: int
    projection_initializer: Any
    projection_regularizer: Any
    projection_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        output_activation: _Activation = None,
        projection_units: int,
        projection_initializer: _Initializer = "glorot_uniform",
        projection_regularizer: _Regularizer = None,
        projection_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class RAN(_CellLayer):
    """Recurrent additive network (RAN): an LSTM whose memory adds up linear pieces of the input.

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        n  = W_n x
        c' = i ⊙ n + f ⊙ c
        h' = φ(c')

    The content n has neither recurrent weights nor a bias. The paper's other output, the memory
    itself, is `activation="linear"`.

    Deviations: the authors' code starts from biases of 0, this cell from `unit_forget_bias`.

    Source: Lee, Levy & Zettlemoyer, 2017, Recurrent additive networks,
    https://arxiv.org/abs/1705.07393
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class ResetAfterGRU(_CellLayer):
    """Gated recurrent unit, reset gate after the product: cuDNN's form and Keras's default.

    What `keras.layers.GRU` is unless it is told otherwise. `reset_after=False` makes a GRU.

        z  = σ(W_z x + U_z h + b_z + c_z)
        r  = σ(W_r x + U_r h + b_r + c_r)
        n  = φ(W_n x + r ⊙ (U_n h + c_n) + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    `bias` is `(2, 3 · units)`: b above, the recurrent bias c below. With
    `use_recurrent_bias=False` it is b alone, `(3 · units,)`, and c is zero. Weights are
    those of `keras.layers.GRUCell()` in name, shape and order.

    Source: Cho et al., 2014, Learning phrase representations using RNN encoder-decoder,
    first version, https://arxiv.org/abs/1406.1078v1
    """

    use_recurrent_bias: bool
    reset_after: bool
    use_cudnn: bool | Literal["auto"]
    implementation: Literal[0, 1, 2]
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        initial_update_bias: float = 0.0,
        use_recurrent_bias: bool = True,
        reset_after: bool = True,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        use_cudnn: bool | Literal["auto"] = "auto",
        implementation: Literal[0, 1, 2] = 2,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class STAR(_CellLayer):
    """Stackable recurrent unit (STAR): one gate, and a squashed state.

        k  = σ(W_k x + U_k h + b_k)
        n  = φ(W_n x + b_n)
        h' = φ((1 − k) ⊙ h + k ⊙ n)

    k near 1 takes what comes in, as a Kalman gain does; the candidate n, which the paper calls z,
    sees no state.

    Deviations: the authors' code has a gate f = σ(a_f) in place of 1 − k and, as JANETCell, takes
    n in the share 1 − σ(a_f − 1); it starts from the chrono initialisation of the biases.

    Source: Turkoglu, D'Aronco, Wegner & Schindler, 2021, Gating revisited: Deep multi-layer RNNs
    that can be trained, https://arxiv.org/abs/1911.11033
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SimpleRNN(_CellLayer):
    """Simple recurrent cell: no gate, one state.

        h' = φ(W x + U h + b)

    Weights are `keras.layers.SimpleRNNCell`'s in name, shape and order.

    Source: Elman, 1990, Finding structure in time, Cognitive Science 14:179–211,
    https://doi.org/10.1207/s15516709cog1402_1
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SlimGRU1(_CellLayer):
    """GRU, gate-variant 1 (GRU1): the gates see the state and no input.

        z  = σ(U_z h + b_z)
        r  = σ(U_r h + b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = (1 − z) ⊙ h + z ⊙ n

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.

    Source: Dey & Salem, 2017, Gate-variants of gated recurrent unit (GRU) neural networks,
    https://arxiv.org/abs/1701.05923
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SlimGRU2(_CellLayer):
    """GRU, gate-variant 2 (GRU2): the gates are of the state alone, without biases.

        z  = σ(U_z h)
        r  = σ(U_r h)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = (1 − z) ⊙ h + z ⊙ n

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.
    From a state of zeros both gates begin at 1/2.

    Source: Dey & Salem, 2017, Gate-variants of gated recurrent unit (GRU) neural networks,
    https://arxiv.org/abs/1701.05923
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SlimGRU3(_CellLayer):
    """GRU, gate-variant 3 (GRU3): the gates are biases, the same at all steps.

        z  = σ(b_z)
        r  = σ(b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = (1 − z) ⊙ h + z ⊙ n

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.
    With `use_bias=False` both gates are 1/2 and learn nothing.

    Source: Dey & Salem, 2017, Gate-variants of gated recurrent unit (GRU) neural networks,
    https://arxiv.org/abs/1701.05923
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class UGRNN(_CellLayer):
    """Update gate RNN.

        z  = σ(W_z x + U_z h + b_z)
        n  = φ(W_n x + U_n h + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    Source: Collins, Sohl-Dickstein & Sussillo, 2016, Capacity and trainability in recurrent
    neural networks, https://arxiv.org/abs/1611.09913
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

def get(
    identifier: str
    | AbstractRNNCell
    | keras.layers.RNN
    | type[AbstractRNNCell]
    | type[keras.layers.RNN],
) -> type[AbstractRNNCell]:
    """Class of a registered cell, by name: `kg.get("lstm")` is `kg.LSTMCell`.

    Case, hyphens, underscores and the ending "Cell" do not count: "peephole-lstm",
    "PeepholeLSTM" and "peephole_lstm_cell" are one. Like `keras.activations.get` it takes a class
    or an object, too, so that an argument of your own may be either.

        >>> kg.get("gru")(32).units                # a cell, for `kg.RNN`
        32
        >>> kg.layer_of(kg.get("gru")) is kg.GRU
        True

    Args:
        identifier: name of a registered cell or of its layer; or the class of a cell, a cell, a
            layer of one, or the class of a layer that `layer_of` has made.

    Returns:
        The class of the cell, a subclass of `AbstractRNNCell`.

    Raises:
        ValueError: if there is no cell of that name, with the nearest name, or the argument is
            anything else.
    """
    ...

def layer_of(cell_class: type[AbstractRNNCell]) -> type[_CellLayer]:
    """The layer of a cell, always the same: `layer_of(LSTMCell)` is `kerasgates.LSTM`.

        >>> kg.layer_of(kg.get("gru"))(32, return_sequences=True).units
        32

    A cell of your own gets its layer by this call. It takes the arguments of the cell and of `RNN`,
    has the cell's as attributes, can be saved, loaded and stand in a `keras.layers.Bidirectional`.

    Args:
        cell_class: a registered class of a cell with `gates`, whose name ends in "Cell".

    Returns:
        The class of the layer.

    Raises:
        ValueError: if it is anything else.
    """
    ...
