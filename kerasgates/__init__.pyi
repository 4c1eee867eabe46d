"""Every gated recurrent cell for Keras 3. Written by tools/write_stub.py: do not edit."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, TypeAlias, TypeVar

import keras

from kerasgates import callbacks as callbacks
from kerasgates import convert as convert
from kerasgates import export as export
from kerasgates import loops as loops
from kerasgates import plot as plot
from kerasgates.core.blocks import Blocks, Kernel
from kerasgates.core.initializers import Chrono as Chrono
from kerasgates.core.initializers import UniformGates as UniformGates
from kerasgates.core.lookup import list_cells as list_cells
from kerasgates.core.registry import register as register
from kerasgates.formulas.linearity import linearity as linearity
from kerasgates.formulas.printing import equations as equations
from kerasgates.insight.gate_trace import GateTrace as GateTrace
from kerasgates.insight.gradient_flow import gradient_flow as gradient_flow
from kerasgates.insight.jacobian import jacobian as jacobian
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
_Loop: TypeAlias = Literal[
    "auto",
    "keras",
    "hoisted",
    "compiled",
    "recomputed",
    "dense",
    "traced",
    "vendor",
    "associative",
    "chunked",
]

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
    "GILR",
    "GILRLSTM",
    "GLA",
    "GRU",
    "GRUD",
    "JANET",
    "LEM",
    "LMU",
    "LRU",
    "LSTM",
    "LTC",
    "MCLSTM",
    "MGU",
    "MGU1",
    "MGU2",
    "MGU3",
    "MIGRU",
    "MILSTM",
    "MLSTM",
    "MUT1",
    "MUT2",
    "MUT3",
    "NAS",
    "NBRC",
    "ONLSTM",
    "QRNN",
    "QRNN2",
    "RAN",
    "RGLRU",
    "RHN",
    "RNN",
    "SCRN",
    "SLSTM",
    "SRU",
    "SRU1",
    "STAR",
    "TGRU",
    "TLSTM",
    "TRNN",
    "UGRNN",
    "WMCLSTM",
    "ATRCell",
    "AbstractRNNCell",
    "AntisymmetricRNN",
    "AntisymmetricRNNCell",
    "Attention",
    "BRCCell",
    "CFNCell",
    "CTRNNCell",
    "CellClip",
    "CellWrapper",
    "CfC",
    "CfCCell",
    "Chrono",
    "ClockworkRNN",
    "ClockworkRNNCell",
    "CoRNN",
    "CoRNNCell",
    "CoupledLSTM",
    "CoupledLSTMCell",
    "DeltaNet",
    "DeltaNetCell",
    "Dilated",
    "DropConnect",
    "ESNCell",
    "FastGRNN",
    "FastGRNNCell",
    "FastRNN",
    "FastRNNCell",
    "FullGateRecurrenceLSTM",
    "FullGateRecurrenceLSTMCell",
    "FullPeepholeLSTM",
    "FullPeepholeLSTMCell",
    "GILRCell",
    "GILRLSTMCell",
    "GLACell",
    "GRUCell",
    "GRUDCell",
    "GateTrace",
    "GatedAntisymmetricRNN",
    "GatedAntisymmetricRNNCell",
    "GatedDeltaNet",
    "GatedDeltaNetCell",
    "GroupLSTM",
    "GroupLSTMCell",
    "Highway",
    "HyperLSTM",
    "HyperLSTMCell",
    "IndRNN",
    "IndRNNCell",
    "IndyLSTM",
    "IndyLSTMCell",
    "IntersectionRNN",
    "IntersectionRNNCell",
    "JANETCell",
    "LEMCell",
    "LMUCell",
    "LRUCell",
    "LSTMCell",
    "LTCCell",
    "LayerNormGRU",
    "LayerNormGRUCell",
    "LayerNormGates",
    "LayerNormIndRNN",
    "LayerNormIndRNNCell",
    "LayerNormLSTM",
    "LayerNormLSTMCell",
    "LayerNormSimpleRNN",
    "LayerNormSimpleRNNCell",
    "LiGRU",
    "LiGRUCell",
    "LipschitzRNN",
    "LipschitzRNNCell",
    "LowRankFastGRNN",
    "LowRankFastGRNNCell",
    "MCLSTMCell",
    "MGU1Cell",
    "MGU2Cell",
    "MGU3Cell",
    "MGUCell",
    "MIGRUCell",
    "MILSTMCell",
    "MLSTMCell",
    "MUT1Cell",
    "MUT2Cell",
    "MUT3Cell",
    "MinGRU",
    "MinGRUCell",
    "MinLSTM",
    "MinLSTMCell",
    "MinimalRNN",
    "MinimalRNNCell",
    "MogrifierLSTM",
    "MogrifierLSTMCell",
    "MultiplicativeLSTM",
    "MultiplicativeLSTMCell",
    "NASCell",
    "NBRCCell",
    "NestedLSTM",
    "NestedLSTMCell",
    "NoForgetGateLSTM",
    "NoForgetGateLSTMCell",
    "NoInputActivationLSTM",
    "NoInputActivationLSTMCell",
    "NoInputGateLSTM",
    "NoInputGateLSTMCell",
    "NoOutputActivationLSTM",
    "NoOutputActivationLSTMCell",
    "NoOutputGateLSTM",
    "NoOutputGateLSTMCell",
    "NoOutputGatePeepholeLSTM",
    "NoOutputGatePeepholeLSTMCell",
    "ONLSTMCell",
    "OriginalLSTM",
    "OriginalLSTMCell",
    "PeepholeLSTM",
    "PeepholeLSTMCell",
    "PhasedLSTM",
    "PhasedLSTMCell",
    "ProjectedLSTM",
    "ProjectedLSTMCell",
    "Projection",
    "QRNN2Cell",
    "QRNNCell",
    "RANCell",
    "RGLRUCell",
    "RHNCell",
    "ResetAfterGRU",
    "ResetAfterGRUCell",
    "Residual",
    "ResidualLSTM",
    "ResidualLSTMCell",
    "SCRNCell",
    "SLSTMCell",
    "SRU1Cell",
    "SRUCell",
    "STARCell",
    "SimpleRNN",
    "SimpleRNNCell",
    "SlimGRU1",
    "SlimGRU1Cell",
    "SlimGRU2",
    "SlimGRU2Cell",
    "SlimGRU3",
    "SlimGRU3Cell",
    "TGRUCell",
    "TLSTMCell",
    "TRNNCell",
    "TiedMogrifierLSTM",
    "TiedMogrifierLSTMCell",
    "TimeAwareLSTM",
    "TimeAwareLSTMCell",
    "UGRNNCell",
    "UnICORNN",
    "UnICORNNCell",
    "UniformGates",
    "WMCLSTMCell",
    "WeightNorm",
    "Zoneout",
    "callbacks",
    "convert",
    "equations",
    "export",
    "get",
    "gradient_flow",
    "jacobian",
    "layer_of",
    "linearity",
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
    * `state_shapes`: shapes of the states that are matrices in `step`, one or several side by
      side, such as `{"C": ("heads", "rows", "columns")}`: numbers, or names of attributes. Outside
      `step` their entries lie in one row.
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
    * `repeats`: the argument that says how often a step goes round its equations; these and
      pictures are then of one round.
    * `operator`: the network that the cell is with other weights and that libraries have as one
      operation, `"LSTM"`, `"GRU"` (which resets after the product) or `"RNN"`, and what its gates
      i f g o, z r n or h are: `("LSTM", "-f f g 1")` has 1 − f for i and an o that is always open.
      A subclass does not inherit it.
    * `own_recurrent = True`: `build` makes weights of the role `"recurrent"`, in place of a
      `recurrent_kernel` or beside it.
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

    state_shapes: Any
    inputs: Any
    recurrent_gates: Any
    biased_gates: Any
    widths: Any
    replacing_gates: Any
    features: Any
    feature_blocks: Any
    own_recurrent: Any
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
    repeats: Any
    output_name: str | None
    operator: Any
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
    has_own_product: Any
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
    initial_forget_bias: Any
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
        initial_forget_bias: Any = None,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        **of_roles: Any,
    ) -> None: ...
    def build_plain(self, input_shape: Any) -> Any: ...
    def plain_config(self, config: Any) -> Any: ...
    def refuse_arguments(self, given: Any) -> Any: ...
    def state_shape(self, name: Any) -> Any: ...
    def in_shape(self, states: Any) -> Any: ...
    def in_rows(self, states: Any) -> Any: ...
    def get_initial_state(
        self,
        *args: Any,
        inputs: Any = None,
        batch_size: Any = None,
        dtype: Any = None,
    ) -> Any: ...
    def check_states(self, states: Any, batch_size: Any = None) -> Any: ...
    def reads(self, features: Any) -> Any: ...
    def block_width(self, name: Any) -> Any: ...
    def positive_sizes(self, table: Any, name: Any, declared: Any) -> Any: ...
    def widths_of(self, names: Any) -> Any: ...
    def widths_within(self, names: Any, columns: Any) -> Any: ...
    def columns_of(self, names: Any) -> Any: ...
    def blocks_of(self, weight: Any) -> Any: ...
    def lay_out(self) -> Any: ...
    def check_columns(self, projected: Any, columns: Any) -> Any: ...
    def project_blocks(self, inputs: Any, product: Any = None) -> Any: ...
    def kernel_shape(self, features: Any) -> Any: ...
    def recurrent_kernel_shape(self) -> Any: ...
    def bias_shape(self) -> Any: ...
    def build_weights(self, features: Any) -> Any: ...
    def add_role_weight(self, name: Any, shape: Any, role: Any, initializer: Any = None) -> Any: ...
    def initial_bias(self, shape: Any, dtype: Any = None) -> Any: ...
    def check_blocks(self, name: Any, value: Any) -> Any: ...
    def told_apart(self) -> Any: ...
    def project(self, inputs: Any) -> Any: ...
    def project_kernel(self, inputs: Any) -> Any: ...
    def add_bias(self, value: Any) -> Any: ...
    def input_bias(self) -> Any: ...
    def matrix(self, weight: Any) -> Any: ...
    def recurrent(self, training: Any = False) -> Any: ...
    def parametrise(self, U: Any, training: Any = False) -> Any: ...
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
    def step(self, Wx: Blocks, U: Kernel, *states: Any, **named: Any) -> Any: ...
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

class AntisymmetricRNNCell(AbstractRNNCell):
    """Antisymmetric RNN: a differential equation that neither grows nor dies out.

        n  = φ(W x + (U − Uᵀ) h + b − γ h)
        h' = h + ε n                                     ε = `epsilon`, γ = `gamma`

    Recurrent weight: `recurrent_matrix` U `(units, units)`, of which only the antisymmetric part
    counts.

    Source: Chang, Chen, Haber & Chi, 2019, AntisymmetricRNN: A dynamical system view on recurrent
    neural networks, https://arxiv.org/abs/1902.09689
    """

    epsilon: float
    gamma: float
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = ...,
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        epsilon: float = 0.01,
        gamma: float = 0.01,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class Attention(CellWrapper):
    """Attention to the last outputs: each step reads those of `window` steps before it.

        u  = A x + B d + b_u
        h' = step(u; h)
        a  = softmax(v · tanh(K m + Q h' + b_q))
        d' = Σ a ⊙ m
        y  = C h' + D d' + b_y
        m' = (m without the oldest, y)

    The cell reads u in place of the input x, with as many features. m holds the outputs y of the
    last `window` steps, which the shares a weigh; where the cell has several states, Q sees them
    all, side by side, as they are after the step. d, what has been read, `(batch, entries)`, and m,
    `(batch, window · entries)`, are states of the wrapper and begin as zeros. The output is y.
    Further weights: `mix_kernel` A, `mix_context_kernel` B, `mix_bias` b_u, `query_kernel` Q,
    `query_bias` b_q, `memory_kernel` K, `score_vector` v, `output_kernel` C,
    `output_context_kernel` D and `output_bias` b_y.

    Source: Bahdanau, Cho & Bengio, 2015, Neural machine translation by jointly learning to align
    and translate, https://arxiv.org/abs/1409.0473, in the form of TensorFlow 1's
    AttentionCellWrapper

    Raises:
        ValueError: if `cell` is anything else, or another argument has an impossible value; when it
            is built, if `cell` draws numbers or keeps its input.
    """

    cell: Any
    window: Any
    def __init__(
        self,
        cell: _KerasCell | Sequence[_KerasCell],
        window: Any,
        *,
        kernel_initializer: _Initializer = "glorot_uniform",
        kernel_regularizer: _Regularizer = None,
        trainable: bool = True,
        name: str | None = None,
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
        initial_forget_bias: Any = None,
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
        h' = h + (Δt / τ) (n − h)                        Δt = `dt`, τ = `tau`

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

class CellClip(CellWrapper):
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

    cell: Any
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

    cell: Any
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
    @property
    def own_blocks(self) -> Any: ...
    @property
    def own_states(self) -> Any: ...
    @property
    def own_noise(self) -> Any: ...
    def inner_step(self, Wx: Any, U: Any, states: Any) -> Any: ...
    def project_own(self, x: Any, noise: Any) -> Any: ...
    def free_name(self, name: Any) -> Any: ...
    def draw_own(self, shape: Any) -> Any: ...
    def draw_own_mask(self) -> Any: ...

class CfCCell(AbstractRNNCell):
    """Closed-form continuous-time network (CfC): two candidates, mixed by a gate of the time.

        a  = 1.7159 tanh(0.666 (W x + U h + b))
        n  = φ(V_n a + d_n)
        g  = φ(V_g a + d_g)
        z  = σ((V_s a + d_s) Δt + V_z a + d_z)
        h' = (1 − z) ⊙ n + z ⊙ g

    a is the backbone, of `backbone_units`, which all heads share. With `backbone_layers` above 1,
    further layers of the same kind follow. Δt is the time since the step before: the number
    `elapsed`, or with `elapsed=None` the last feature of the input, which the weights do not see.
    Further weights: `head_kernel` V `(backbone_units, 4 · units)` and `head_bias` d `(4 · units,)`,
    columns in the order n, g, s, z (the authors' ff1, ff2, time_a and time_b), and of each
    further layer `backbone_kernel_2` and `backbone_bias_2`, and so on.

    Deviations: none from the authors' PyTorch code. In their TensorFlow code the time counts with
    the other sign, and φ is the function of the backbone.

    Source: Hasani et al., 2022, Closed-form continuous-time neural networks,
    https://arxiv.org/abs/2106.13898
    """

    backbone_units: int
    backbone_layers: int
    elapsed: float
    head_initializer: Any
    head_regularizer: Any
    head_constraint: Any
    backbone_initializer: Any
    backbone_regularizer: Any
    backbone_constraint: Any
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
        backbone_units: int = 128,
        backbone_layers: int = 1,
        elapsed: float = 1.0,
        head_initializer: _Initializer = "glorot_uniform",
        head_regularizer: _Regularizer = None,
        head_constraint: _Constraint = None,
        backbone_initializer: _Initializer = "glorot_uniform",
        backbone_regularizer: _Regularizer = None,
        backbone_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class ClockworkRNNCell(AbstractRNNCell):
    """Clockwork RNN (CW-RNN): modules of units that are updated once in a period each.

        n  = φ(W x + tri(U) h + b)
        h' = where(k < 1; n, h)
        k' = where(k + 1 < T; k + 1, 0)

    The units are in as many modules as there are `periods` T, whole numbers of steps; where these
    do not divide `units`, the first modules have a unit more. tri(U) leaves in U what a module sees
    of itself and of others that are as slow or slower. The state k counts, for each unit, the steps
    since it was last updated; from 0 all modules begin with an update. `ticks` T `(units,)` is set
    by `periods` and not trained.

    Source: Koutník, Greff, Gomez & Schmidhuber, 2014, A clockwork RNN,
    https://arxiv.org/abs/1402.3511
    """

    periods: Any
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
        periods: Any,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
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
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class DeltaNetCell(AbstractRNNCell):
    """DeltaNet: linear attention that replaces the value of a key by the delta rule.

        q  = unit(φ(W_q x)) / √d                         d = units / heads
        k  = unit(φ(W_k x))
        v  = φ(W_v x)
        e  = σ(W_e x)
        S' = S + e (v − S k) kᵀ
        h  = S' q

    S k is the value that the key k has in the matrix S; e, the paper's β, is the share in which v
    replaces it. φ is `activation`, silu by default, and unit divides by the length. Each of `heads`
    has a matrix and one number e. The output h is no state, and S is linear in itself.

    Deviations: as in the authors' code without its convolution over the last inputs; norm and
    projection of the output are layers of their own.

    Source: Yang, Wang, Zhang, Shen & Kim, 2024, Parallelizing linear transformers with the delta
    rule over sequence length, https://arxiv.org/abs/2406.06484
    """

    heads: int
    def __init__(
        self,
        units: int,
        activation: _Activation = "silu",
        recurrent_activation: _Activation = "sigmoid",
        kernel_initializer: _Initializer = "glorot_uniform",
        kernel_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        heads: int = 1,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class Dilated(CellWrapper):
    """Dilated recurrence: each step begins with the states of `dilation` steps ago.

        h' = step(x; h of `dilation` steps ago)

    So a sequence is `dilation` sequences that take turns, and a gradient reaches as many times
    further back in as many steps. Layers with 1, 2, 4 and so on see ever longer times. States are
    those of the cell, the newest, and behind them, for each, a queue of the `dilation − 1` before
    it, oldest first, `(batch, (dilation − 1) · entries)`. All begin as the states of the cell do. A
    masked step is no step: it leaves the queues as they are.

    Deviations: the authors' code runs the sequences that take turns side by side in one batch; here
    they run one after the other, so that a step can be made at a time, and costs the moving of its
    queues.

    Source: Chang et al., 2017, Dilated recurrent neural networks, https://arxiv.org/abs/1710.02224

    Raises:
        ValueError: if `cell` is anything else, or `dilation` is no positive integer.
    """

    cell: Any
    dilation: Any
    def __init__(
        self,
        cell: _KerasCell | Sequence[_KerasCell],
        dilation: Any,
        *,
        trainable: bool = True,
        name: str | None = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class DropConnect(CellWrapper):
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

    cell: Any
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

class FastGRNNCell(AbstractRNNCell):
    """FastGRNN: gate and candidate of the same products, with a bias each.

        a_p = W x + U h
        z   = σ(a_p + b_z)
        n   = φ(a_p + b_n)
        h'  = z ⊙ h + (σ(ζ) (1 − z) + σ(ν)) ⊙ n

    z near 1 keeps the old state. σ of ζ and ν is the logistic function. Further weights: `zeta` and
    `nu`, each `(1,)`; they start at 1 and −4, and the biases at 1, as in the authors' code.

    Source: Kusupati et al., 2018, FastGRNN: A fast, accurate, stable and tiny kilobyte sized gated
    recurrent neural network, https://arxiv.org/abs/1901.02358
    """

    zeta_initializer: Any
    zeta_regularizer: Any
    zeta_constraint: Any
    nu_initializer: Any
    nu_regularizer: Any
    nu_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "ones",
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
        zeta_initializer: _Initializer = ...,
        zeta_regularizer: _Regularizer = None,
        zeta_constraint: _Constraint = None,
        nu_initializer: _Initializer = ...,
        nu_regularizer: _Regularizer = None,
        nu_constraint: _Constraint = None,
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

class FullGateRecurrenceLSTMCell(AbstractRNNCell):
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

    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
    gate_initializer: Any
    gate_regularizer: Any
    gate_constraint: Any
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
        initial_forget_bias: Any = None,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
        gate_initializer: _Initializer = "glorot_uniform",
        gate_regularizer: _Regularizer = None,
        gate_constraint: _Constraint = None,
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
        initial_forget_bias: Any = None,
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

class GILRCell(AbstractRNNCell):
    """Gated impulse linear recurrence (GILR): a weighted mean of impulses, by a gate of the input.

        z  = σ(W_z x + b_z)
        n  = φ(W_n x + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    Deviations: the authors' code has `activation="elu"` where a GILR stands alone.

    Source: Martin & Cundy, 2018, Parallelizing linear recurrent neural nets over sequence length,
    https://arxiv.org/abs/1709.04057
    """
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
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class GILRLSTMCell(AbstractRNNCell):
    """Linear surrogate of the LSTM (GILR-LSTM): gates that see a linear recurrence of the inputs.

        z  = σ(W_z x + b_z)
        n  = φ(W_n x + b_n)
        s' = z ⊙ s + (1 − z) ⊙ n
        i  = σ(W_i x + U_i s' + b_i)
        f  = σ(W_f x + U_f s' + b_f)
        g  = φ(W_g x + U_g s' + b_g)
        o  = σ(W_o x + U_o s' + b_o)
        c' = f ⊙ c + i ⊙ g
        h  = o ⊙ c'

    The new s stands in place of the LSTM's old output, so that both states are linear recurrences.
    The output h is no state, and no function squashes the memory on its way to it.

    Source: Martin & Cundy, 2018, Parallelizing linear recurrent neural nets over sequence length,
    https://arxiv.org/abs/1709.04057
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
        initial_forget_bias: Any = None,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class GLACell(AbstractRNNCell):
    """Gated linear attention (GLA): keys and values in a matrix, with a gate for each row.

        q  = W_q x / √d                                  d = units / heads
        k  = W_k x
        v  = W_v x
        a  = exp(logsigmoid(W_a x + b_a) / τ)
        S' = a ⊙ S + k vᵀ
        h  = qᵀ S'

    Each row of the matrix S, one for each entry of the keys, fades by its own gate a, the paper's
    α; τ is `temperature`. Each of `heads` has a matrix. The output h is no state, and S is linear
    in itself.

    Deviations: the paper has a product of two matrices of rank 16 in place of W_a, and keys of
    half as many entries; norm, gate and projection of the output are layers of their own.

    Source: Yang, Wang, Shen, Panda & Kim, 2024, Gated linear attention transformers with
    hardware-efficient training, https://arxiv.org/abs/2312.06635
    """

    heads: int
    temperature: float
    def __init__(
        self,
        units: int,
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
        heads: int = 1,
        temperature: float = 16.0,
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

class GRUDCell(AbstractRNNCell):
    """GRU with trainable decays (GRU-D): a missing value fades from the last one to the mean.

        e  = d + t
        y  = exp(−relu(w ⊙ e + b_w))
        s  = exp(−relu(D e + b_D))
        v  = where(m > 0.5; x, y ⊙ p + (1 − y) ⊙ x_0)
        a  = s ⊙ h
        z  = σ(W_z v + V_z m + U_z a + b_z)
        r  = σ(W_r v + V_r m + U_r a + b_r)
        n  = φ(W_n v + V_n m + U_n (r ⊙ a) + b_n)
        h' = (1 − z) ⊙ a + z ⊙ n
        p' = where(m > 0.5; x, p)
        d' = where(m > 0.5; 0, e)

    The input has an odd number of features: the values x, which may be anything where they are
    missing, but no NaN under dropout; as many numbers m, 1 for a value that is there and 0 for one
    that is not; and the time t since the step before. The states p and d hold, for each value, the
    last that was there and the time since, before this step. y and s are the paper's γ_x and γ_h.
    z near 1 takes the candidate in place of the old state.

    Further weights: `masking_kernel` V `(values, 3 · units)`, `input_decay_kernel` w and
    `input_decay_bias` b_w, each `(values,)`, `hidden_decay_kernel` D `(values, units)`,
    `hidden_decay_bias` b_D `(units,)`, and `mean` x_0 `(values,)`, which is not trained: 0, unless
    the mean of the data is assigned to it.

    Deviations: the authors' code reads times of a clock in place of differences, has 1 − m in place
    of m and 1 − z in place of z, and keeps of h itself, not of a, the h that has faded. It starts w
    and D from 0, where the relu of TensorFlow, JAX and PyTorch has the derivative 0 and nothing
    would be learned; this cell draws them between 0 and 0.1, for times of about 1.

    Source: Che, Purushotham, Cho, Sontag & Liu, 2018, Recurrent neural networks for multivariate
    time series with missing values, https://arxiv.org/abs/1606.01865
    """

    decay_initializer: Any
    decay_regularizer: Any
    decay_constraint: Any
    masking_initializer: Any
    masking_regularizer: Any
    masking_constraint: Any
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
        decay_initializer: _Initializer = ...,
        decay_regularizer: _Regularizer = None,
        decay_constraint: _Constraint = None,
        masking_initializer: _Initializer = "glorot_uniform",
        masking_regularizer: _Regularizer = None,
        masking_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class GatedAntisymmetricRNNCell(AbstractRNNCell):
    """Antisymmetric RNN with an input gate, which sees the state through the same matrix.

        a  = (U − Uᵀ) h − γ h                            γ = `gamma`
        i  = σ(W_i x + a + b_i)
        n  = φ(W_n x + a + b_n)
        h' = h + ε i ⊙ n                                 ε = `epsilon`

    The paper calls the gate z. Recurrent weight: `recurrent_matrix` U `(units, units)`, of which
    only the antisymmetric part counts.

    Source: Chang, Chen, Haber & Chi, 2019, AntisymmetricRNN: A dynamical system view on recurrent
    neural networks, https://arxiv.org/abs/1902.09689
    """

    epsilon: float
    gamma: float
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = ...,
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        epsilon: float = 0.01,
        gamma: float = 0.01,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class GatedDeltaNetCell(AbstractRNNCell):
    """Gated DeltaNet: the delta rule on a matrix that fades by a gate.

        q  = unit(φ(W_q x)) / √d                         d = units / heads
        k  = unit(φ(W_k x))
        v  = φ(W_v x)
        a  = exp(−exp(A) softplus(W_a x + b_a))
        e  = σ(W_e x)
        S' = a S + e (v − a S k) kᵀ
        h  = S' q

    a, the paper's α, fades all values; e, its β, is the share in which v replaces the value that k
    has in a S. φ is `activation`, silu by default, and unit divides by the length. Each of `heads`
    has a matrix and one number for each gate. Further weight: `decay` A `(heads,)`. The output h is
    no state, and S is linear in itself.

    Deviations: as in the authors' code without its convolution over the last inputs; norm, gate
    and projection of the output are layers of their own. That code starts from A up to log 16 and
    b_a from −7 to −2, this cell from A from −7 to −2 and b_a = 0.

    Source: Yang, Kautz & Hatamizadeh, 2025, Gated delta networks: Improving Mamba2 with delta
    rule, https://arxiv.org/abs/2412.06464
    """

    heads: int
    decay_initializer: Any
    decay_regularizer: Any
    decay_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "silu",
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
        heads: int = 1,
        decay_initializer: _Initializer = ...,
        decay_regularizer: _Regularizer = None,
        decay_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class GroupLSTMCell(AbstractRNNCell):
    """Group LSTM (G-LSTM): units in groups, each of which sees its own features and outputs.

        i  = σ(group(W)_i x + R(h)_i + b_i)
        f  = σ(group(W)_f x + R(h)_f + b_f)
        g  = φ(group(W)_g x + R(h)_g + b_g)
        o  = σ(group(W)_o x + R(h)_o + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Features and units are in `groups` of neighbours, and group(W) is 0 between two of them.
    `kernel` W has, for each feature, columns for the units of its own group alone, by gate:
    `(features, 4 · units / groups)`. R has a block of recurrent weights for each group:
    `group_kernel` `(groups, units / groups, 4 · units / groups)`, with columns by gate. The input
    is multiplied by the whole of group(W), which saves weights, and no time.

    Deviations: where `groups` does not divide the features, the first groups have one more, or one
    at all; TensorFlow 1's cell refuses that. It can also project its output, as ProjectedLSTM does.
    Initial weights are drawn for all groups at once.

    Source: Kuchaiev & Ginsburg, 2017, Factorization tricks for LSTM networks,
    https://arxiv.org/abs/1703.10722
    """

    groups: Any
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
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        initial_forget_bias: Any = None,
        groups: Any,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class Highway(CellWrapper):
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

    cell: Any
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

class HyperLSTMCell(AbstractRNNCell):
    """HyperLSTM: a small LSTM scales what the weights of a large one give, and shifts its biases.

        u   = LN(W_u x + U_u h + R y; γ_u, β_u)
        v_i = σ(u[1/4])
        v_f = σ(u[2/4] + 1)
        v_g = φ(u[3/4])
        v_o = σ(u[4/4])
        q'  = v_f ⊙ q + v_i ⊙ v_g
        y'  = v_o ⊙ φ(LN(q'; γ_q, β_q))
        s   = S_x(y') ⊙ [W_i x, W_f x, W_g x, W_o x]
        t   = S_h(y') ⊙ [U_i h, U_f h, U_g h, U_o h]
        a   = LN(s + t + B(y') + b; γ_a, β_a)
        i   = σ(a_i)
        f   = σ(a_f + 1)
        g   = φ(a_g)
        o   = σ(a_o)
        c'  = f ⊙ c + i ⊙ g
        h'  = o ⊙ φ(LN(c'; γ_c, β_c))

    y and q are the states of the small LSTM, of `hyper_units`, which reads x and h. LN is of each
    gate for itself. S_x, S_h and B are two layers each, with `embedding_units` for each gate
    between them. Their weights are `scale_x_kernel`, `scale_h_kernel` and `shift_kernel`, each
    `(hyper_units, 4 · embedding_units)`, `scale_x_bias` and `scale_h_bias`, which start at 1, and
    `scale_x_units`, `scale_h_units` and `shift_units`, each `(4, embedding_units, units)`. Further
    weights: `hyper_recurrent_kernel` R `(hyper_units, 4 · hyper_units)`, and scales and shifts of
    LN, `gamma_u` and `beta_u` `(4, hyper_units)`, and so on. The last block of `kernel` and of
    `recurrent_kernel`, u, is that of the small LSTM.

    Deviations: none from the authors' code with layer normalisation, but for the order of columns,
    there i, g, f, o.

    Source: Ha, Dai & Le, 2017, HyperNetworks, https://arxiv.org/abs/1609.09106
    """

    hyper_units: int
    embedding_units: int
    epsilon: float
    hyper_recurrent_initializer: Any
    hyper_recurrent_regularizer: Any
    hyper_recurrent_constraint: Any
    scale_initializer: Any
    scale_regularizer: Any
    scale_constraint: Any
    shift_initializer: Any
    shift_regularizer: Any
    shift_constraint: Any
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
        hyper_units: int = 128,
        embedding_units: int = 4,
        epsilon: float = 0.001,
        hyper_recurrent_initializer: _Initializer = "orthogonal",
        hyper_recurrent_regularizer: _Regularizer = None,
        hyper_recurrent_constraint: _Constraint = None,
        scale_initializer: _Initializer = "zeros",
        scale_regularizer: _Regularizer = None,
        scale_constraint: _Constraint = None,
        shift_initializer: _Initializer = ...,
        shift_regularizer: _Regularizer = None,
        shift_constraint: _Constraint = None,
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

class IndRNNCell(AbstractRNNCell):
    """Independently recurrent neural network (IndRNN): each unit sees its own state alone.

        h' = φ(W x + u ⊙ h + b)

    Recurrent weight: `recurrent_vector` u `(units,)`. Where |u| is at most 2^(1 / T), gradients do
    not explode over T steps: the paper keeps it there, which a `recurrent_constraint` does.

    Source: Li, Li, Cook, Zhu & Gao, 2018, Independently recurrent neural network (IndRNN):
    Building a longer and deeper RNN, https://arxiv.org/abs/1803.04831
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "relu",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = ...,
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class IndyLSTMCell(AbstractRNNCell):
    """IndyLSTM: an LSTM each unit of which sees its own state alone.

        i  = σ(W_i x + u_i ⊙ h + b_i)
        f  = σ(W_f x + u_f ⊙ h + b_f)
        g  = φ(W_g x + u_g ⊙ h + b_g)
        o  = σ(W_o x + u_o ⊙ h + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Recurrent weights: `recurrent_vector` u `(4 · units,)`.

    Source: Gonnet & Deselaers, 2019, IndyLSTMs: Independently recurrent LSTMs,
    https://arxiv.org/abs/1903.08023
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = ...,
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        output_activation: _Activation = None,
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class IntersectionRNNCell(AbstractRNNCell):
    """Intersection RNN (+RNN): one gate for the state, one for what goes up to the next layer.

        z  = σ(W_z x + U_z h + b_z)
        n  = φ(W_n x + U_n h + b_n)
        k  = σ(W_k x + U_k h + b_k)
        v  = relu(W_v x + U_v h + b_v)
        y  = k ⊙ W_s x + (1 − k) ⊙ v
        h' = z ⊙ h + (1 − z) ⊙ n

    The output is y, which is no state. z near 1 keeps the old state, k near 1 passes on the input.

    Deviations: the paper has x itself in place of W_s x, and so as many features as units; with the
    identity for W_s, the last block of `kernel`, this is the paper's. The authors add 1 to the
    biases of both gates, here they start at 0.

    Source: Collins, Sohl-Dickstein & Sussillo, 2017, Capacity and trainability in recurrent neural
    networks, https://arxiv.org/abs/1611.09913
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
        initial_forget_bias: Any = None,
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

class LMUCell(AbstractRNNCell):
    """Legendre memory unit (LMU): a window of the past, written in Legendre polynomials.

        u  = W_u x + U_u h + E m
        m' = A m + B u
        h' = φ(W_h x + U_h h + V m')

    The memory m holds the last `theta` steps of the signal u, a single number at each step, in
    `order` polynomials. A `(order, order)` and B `(1, order)` are set by these two arguments and
    not trained; further weights: `encoder` E `(order, 1)` and `memory_kernel` V `(order, units)`.

    Source: Voelker, Kajić & Eliasmith, 2019, Legendre memory units: Continuous-time representation
    in recurrent neural networks, NeurIPS, https://papers.nips.cc/paper/9689-legendre-memory-units
    """

    order: int
    theta: float
    encoder_initializer: Any
    encoder_regularizer: Any
    encoder_constraint: Any
    memory_kernel_initializer: Any
    memory_kernel_regularizer: Any
    memory_kernel_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        order: int,
        theta: float,
        encoder_initializer: _Initializer = "zeros",
        encoder_regularizer: _Regularizer = None,
        encoder_constraint: _Constraint = None,
        memory_kernel_initializer: _Initializer = "glorot_normal",
        memory_kernel_regularizer: _Regularizer = None,
        memory_kernel_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LRUCell(AbstractRNNCell):
    """Linear recurrent unit (LRU): a diagonal recurrence of complex numbers, and a read-out.

        a  = exp(−exp(ν))
        c  = a ⊙ cos(exp(θ))
        d  = a ⊙ sin(exp(θ))
        a2 = exp(γ)
        p' = c ⊙ p − d ⊙ q + a2 ⊙ W_p x
        q' = d ⊙ p + c ⊙ q + a2 ⊙ W_q x
        y  = R p' − Q q' + W_y x

    p and q are the real and the imaginary part of the state, of `state_units` entries each; each
    is turned by the angle exp(θ) and shrinks by a. W_p and W_q are the two parts of the paper's B,
    R and Q those of C, and W_y is D. a2 keeps the size of the state. Further weights: `nu_log`
    ν, `theta_log` θ and `gamma_log` γ, each `(state_units,)`, and `output_kernel_re` R and
    `output_kernel_im` Q, each `(state_units, units)`. The output y is no state.

    Deviations: reimplementations have an entry of D for each feature in place of the paper's
    matrix, and draw it from a wider distribution than B.

    Source: Orvieto et al., 2023, Resurrecting recurrent neural networks for long sequences,
    https://arxiv.org/abs/2303.06349
    """

    state_units: Any
    smallest: float
    largest: float
    largest_angle: float
    output_initializer: Any
    output_regularizer: Any
    output_constraint: Any
    def __init__(
        self,
        units: int,
        kernel_initializer: _Initializer = ...,
        kernel_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        state_units: Any = None,
        smallest: float = 0.0,
        largest: float = 1.0,
        largest_angle: float = 6.28,
        output_initializer: _Initializer = ...,
        output_regularizer: _Regularizer = None,
        output_constraint: _Constraint = None,
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
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        implementation: Literal[0, 1, 2] = 2,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LTCCell(AbstractRNNCell):
    """Liquid time-constant network (LTC): leaky neurons, as fast as their synapses are open.

        a  = abs(w_x) ⊙ σ(κ_x ⊙ (s ⊙ x + b − μ_x))
        n  = sum(a ⊙ E_x)
        d  = sum(a)
        a2 = m abs(C)
        a3 = abs(g)
        a4 = abs(w) ⊙ σ(κ ⊙ (v − μ))
        v' = (a2 ⊙ v + Δt (a3 ⊙ E_g + sum(a4 ⊙ E) + n)) / (a2 + Δt (a3 + sum(a4) + d))

    and so m times, `unfolds`: v' of one round is v of the next. As many half-implicit steps of
    Euler's method make one step of the sequence; v1 and so on, in a trace, are those between.
    A synapse is a row and a column of w, κ, μ and E: from each neuron, or each x, to each neuron;
    sums are over what synapses come from. Δt is the time since the step before: the number
    `elapsed`, or with `elapsed=None` the last feature of the input, which is none of x. Weights, by
    the names of the authors: `gleak` g, `vleak` E_g and `cm` C, each `(units,)`; `w`, `sigma` κ,
    `mu` μ and `erev` E, each `(units, units)`; the same of the input, `sensory_w` and so on, each
    `(features, units)`; `input_w` s and `input_b` b, each `(features,)`.

    Deviations: the authors set weights to 0 that become negative where they must not be; for all
    others abs is the same. The paper's own code has no Δt, as here with `elapsed` equal to
    `unfolds`. A later library of theirs scales and shifts the output, as a layer behind this can.

    Source: Hasani, Lechner, Amini, Rus & Grosu, 2021, Liquid time-constant networks,
    https://arxiv.org/abs/2006.04439
    """

    unfolds: int
    elapsed: float
    def __init__(
        self,
        units: int,
        recurrent_activation: _Activation = "sigmoid",
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        unfolds: int = 6,
        elapsed: float = 1.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
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

class LayerNormGates(CellWrapper):
    """Layer normalisation of both products of each gate.

        W_k x → LN(W_k x; γ_x)
        U_k h → LN(U_k h; γ_h)

    for each gate k: LN(a; γ) = γ ⊙ (a − mean) / root(variance + ε), over the entries of that gate;
    biases are added after it. So it is for whatever is multiplied by U, such as r ⊙ h in a GRU.
    Products with other weights of the cell, and states, are not normalised. Further weights:
    `gamma_x (columns,)`, as many as `kernel` has, and `gamma_h (columns,)`, as `recurrent_kernel`
    has. ε is `epsilon`.

    Deviations: the paper normalises the columns of all gates of an LSTM together, and the memory on
    its way to the output: that is `LayerNormLSTMCell`.

    Source: Ba, Kiros & Hinton, 2016, Layer normalization, https://arxiv.org/abs/1607.06450

    Raises:
        ValueError: if `cell` is anything else, or another argument has an impossible value.
    """

    cell: Any
    epsilon: float
    gamma_initializer: Any
    def __init__(
        self,
        cell: _KerasCell | Sequence[_KerasCell],
        *,
        epsilon: float = 1e-05,
        gamma_initializer: _Initializer = "ones",
        trainable: bool = True,
        name: str | None = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LayerNormIndRNNCell(AbstractRNNCell):
    """IndRNN with layer normalisation of the product with the input.

        h' = φ(LN(W x; γ) + u ⊙ h + b)

    Each unit sees its own state alone. Recurrent weight: `recurrent_vector` u `(units,)`; further
    weight: `gamma` `(units,)`.

    Deviations: the paper normalises over the batch, and φ is relu; over the units it is done in
    this place by the library haste, with tanh.

    Source: Li, Li, Cook, Zhu & Gao, 2018, Independently recurrent neural network (IndRNN):
    Building a longer and deeper RNN, https://arxiv.org/abs/1803.04831
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
        recurrent_initializer: _Initializer = ...,
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
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
        initial_forget_bias: Any = None,
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

class LiGRUCell(AbstractRNNCell):
    """Light GRU (Li-GRU): a GRU without a reset gate, whose candidate is rectified.

        z  = σ(W_z x + U_z h + b_z)
        n  = φ(W_n x + U_n h + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    φ is `activation`, relu by default: states can grow without bound. z near 1 keeps the old state.

    Deviations: the paper normalises W_z x and W_n x over the batch, and then has no bias. In a
    trained network that is a factor for each column of `kernel`, and `bias`; in training it is
    another network. The authors' code drops entries of n in training, `recurrent_dropout` drops
    those of h before U.

    Source: Ravanelli, Brakel, Omologo & Bengio, 2018, Light gated recurrent units for speech
    recognition, https://arxiv.org/abs/1803.10225
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "relu",
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

class LipschitzRNNCell(AbstractRNNCell):
    """Lipschitz RNN: a linear part, and a nonlinear one that changes no faster than the state.

        n  = φ(W x + S(M_W) h + b − γ h)
        h' = h + ε (S(M_A) h − γ h + n)                  ε = `epsilon`, γ = `gamma`

    where S(M) = β (M − Mᵀ) + (1 − β) (M + Mᵀ), β = `beta`. Recurrent weights: `recurrent_a` M_A and
    `recurrent_w` M_W, each `(units, units)`.

    Deviations: the paper has a β and a γ for each matrix, the authors' code, as here, one.

    Source: Erichson, Azencot, Queiruga, Hodgkinson & Mahoney, 2021, Lipschitz recurrent neural
    networks, https://arxiv.org/abs/2006.12070
    """

    epsilon: float
    gamma: float
    beta: float
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = ...,
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        epsilon: float = 0.01,
        gamma: float = 0.01,
        beta: float = 0.8,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LowRankFastGRNNCell(AbstractRNNCell):
    """FastGRNN with products of two matrices of low rank in place of each matrix.

        a  = W_2 (W_1 x) + U_2 (U_1 h)
        z  = σ(a + b_z)
        n  = φ(a + b_n)
        h' = z ⊙ h + (σ(ζ) (1 − z) + σ(ν)) ⊙ n

    z near 1 keeps the old state. `kernel` W_1 is `(features, kernel_rank)`, `recurrent_kernel` U_1
    `(units, recurrent_rank)`. Further weights: `kernel_2` W_2 `(kernel_rank, units)`,
    `recurrent_kernel_2` U_2 `(recurrent_rank, units)`, `zeta` and `nu`, each `(1,)`; the last two
    start at 1 and −4, and the biases at 1, as in the authors' code.

    Source: Kusupati et al., 2018, FastGRNN: A fast, accurate, stable and tiny kilobyte sized gated
    recurrent neural network, https://arxiv.org/abs/1901.02358
    """

    kernel_rank: int
    recurrent_rank: int
    zeta_initializer: Any
    zeta_regularizer: Any
    zeta_constraint: Any
    nu_initializer: Any
    nu_regularizer: Any
    nu_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "ones",
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
        kernel_rank: int,
        recurrent_rank: int,
        zeta_initializer: _Initializer = ...,
        zeta_regularizer: _Regularizer = None,
        zeta_constraint: _Constraint = None,
        nu_initializer: _Initializer = ...,
        nu_regularizer: _Regularizer = None,
        nu_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MCLSTMCell(AbstractRNNCell):
    """Mass-conserving LSTM (MC-LSTM): what comes in is kept, moved about or put out, never lost.

        a  = sum(c)
        s  = c / where(a = 0; 1, a)
        i  = softmax(W_i x + U_i s + b_i)
        r  = softmax(W_r x + U_r s + b_r)
        o  = σ(W_o x + U_o s + b_o)
        m  = y i + cᵀ r
        h  = o ⊙ m
        c' = m − h

    The last `mass` features of the input are the amounts y that come in, which the weights do not
    see; x is all that is before them. i holds, for each of these amounts, the shares of the units
    in it, `mass` rows of `units` numbers side by side, and r, in `units` rows, where the content
    of each unit goes; each row adds up to 1. So c' and the output h, which is no state, hold
    together what c and y did.

    Deviations: none from the authors' module, which takes the auxiliary input first. It starts b_r
    from the identity, this cell all biases but b_o from 0.

    Source: Hoedt et al., 2021, MC-LSTM: Mass-conserving LSTM, https://arxiv.org/abs/2101.05186
    """

    mass: int
    def __init__(
        self,
        units: int,
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = ...,
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
        mass: int = 1,
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
        initial_forget_bias: Any = None,
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

class MLSTMCell(AbstractRNNCell):
    """Matrix LSTM of the xLSTM (mLSTM): a memory of keys and values that a query reads.

        q   = W_q x + b_q
        k   = (W_k x + b_k) / √d                         d = units / heads
        v   = W_v x + b_v
        a_i = W_i x + b_i
        a_f = logsigmoid(W_f x + b_f) + m
        m'  = maximum(a_f; a_i)
        i   = exp(a_i − m')
        f   = exp(a_f − m')
        o   = σ(W_o x + b_o)
        C'  = f C + i v kᵀ
        n'  = f n + i k
        h   = o ⊙ C' q / (maximum(abs(n'ᵀ q); exp(−m')) + ε)

    m is the logarithm of what C and its normaliser n are divided by, so that nothing overflows,
    however long the sequence; i and f are divided by it, too. Each of `heads` has a query, a key
    and a value of d entries, a matrix C and one number each for i, f and m. No product is with a
    state, and the output h is none. With ε = `epsilon`.

    Deviations: the paper does not divide b_k by √d, the authors' code does, and this cell. In that
    code i and f are of q, k and v in place of x, with biases b_f from 3 to 6, and o is outside.

    Source: Beck et al., 2024, xLSTM: Extended long short-term memory,
    https://arxiv.org/abs/2405.04517
    """

    heads: int
    epsilon: float
    def __init__(
        self,
        units: int,
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_forget_bias: Any = None,
        heads: int = 1,
        epsilon: float = 1e-06,
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

class MUT2Cell(AbstractRNNCell):
    """Mutated unit MUT2: a GRU that takes the candidate where z is open.

        z  = σ(W_z x + U_z h + b_z)
        r  = σ(W_r x + U_r h + b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = z ⊙ n + (1 − z) ⊙ h

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell,
    which is the same network otherwise.

    Deviations: the paper has x itself in place of W_r x, and so as many features as units; with
    the identity for W_r, the second block of `kernel`, this is the paper's.

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

class MinGRUCell(AbstractRNNCell):
    """Minimal GRU (minGRU): a GRU whose update gate and candidate are of the input alone.

        z  = σ(W_z x + b_z)
        n  = φ(W_n x + b_n)                              φ = `activation`, linear by default
        h' = (1 − z) ⊙ h + z ⊙ n

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.
    The form of the paper that runs in logarithms has a positive φ, a + ½ above 0 and σ(a) below.

    Source: Feng, Tung, Ahmed, Bengio & Hajimirsadeghi, 2024, Were RNNs all we needed?,
    https://arxiv.org/abs/2410.01201
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "linear",
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
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MinLSTMCell(AbstractRNNCell):
    """Minimal LSTM (minLSTM): forget and input gate of the input alone, in shares of their sum.

        f  = σ(logsigmoid(W_f x + b_f) − logsigmoid(W_i x + b_i))
        i  = 1 − f
        n  = φ(W_n x + b_n)                              φ = `activation`, linear by default
        h' = f ⊙ h + i ⊙ n

    With σ_f = σ(W_f x + b_f) and σ_i = σ(W_i x + b_i) that is f = σ_f / (σ_f + σ_i) and
    i = σ_i / (σ_f + σ_i), as the paper writes it, where these are numbers: both may be as good as
    0. The form of the paper that runs in logarithms has a positive φ, a + ½ above 0 and σ(a) below.

    Source: Feng, Tung, Ahmed, Bengio & Hajimirsadeghi, 2024, Were RNNs all we needed?,
    https://arxiv.org/abs/2410.01201
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "linear",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_forget_bias: Any = None,
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

class MogrifierLSTMCell(AbstractRNNCell):
    """Mogrifier LSTM: input and state scale each other, in turn, before an ordinary step.

        x1 = 2 σ(Q_1 h + b_1) ⊙ x
        h2 = 2 σ(R_2 x1 + b_2) ⊙ h
        i  = σ(U_i h2 + W_i x1 + b_i)
        f  = σ(U_f h2 + W_f x1 + b_f)
        g  = φ(U_g h2 + W_g x1 + b_g)
        o  = σ(U_o h2 + W_o x1 + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    with `rounds=2`; further rounds go on in the same way, the odd ones with x, and `rounds=0` is
    the LSTM. Further weights: `Q_1`, `Q_3` and so on, each `(units, features)`, `R_2`, `R_4`
    and so on, each `(features, units)`, and a bias of each round, `bias_1` and so on.

    Deviations: the biases of the rounds are in the authors' code and not in the paper. By default
    that code lets at most 1 − f in, min(i, 1 − f), which is in no equation of the paper either.

    Source: Melis, Kočiský & Blunsom, 2020, Mogrifier LSTM, https://arxiv.org/abs/1909.01792
    """

    rounds: int
    mogrifier_initializer: Any
    mogrifier_regularizer: Any
    mogrifier_constraint: Any
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
        initial_forget_bias: Any = None,
        rounds: int = 5,
        mogrifier_initializer: _Initializer = "glorot_uniform",
        mogrifier_regularizer: _Regularizer = None,
        mogrifier_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MultiplicativeLSTMCell(AbstractRNNCell):
    """Multiplicative LSTM: each input has transitions between states of its own.

        m  = W_m x ⊙ U_m h
        i  = σ(W_i x + U_i m + b_i)
        f  = σ(W_f x + U_f m + b_f)
        g  = φ(W_g x + U_g m + b_g)
        o  = σ(W_o x + U_o m + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Another mLSTM, the one of the xLSTM, has a matrix for a memory.

    Deviations: the units of OpenAI's code have these equations, with weight normalisation of all
    matrices, which is left out here.

    Source: Krause, Lu, Murray & Renals, 2016, Multiplicative LSTM for sequence modelling,
    https://arxiv.org/abs/1609.07959
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
        initial_forget_bias: Any = None,
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

class NestedLSTMCell(AbstractRNNCell):
    """Nested LSTM (NLSTM): an inner LSTM takes the place of the sum that makes the memory.

        i   = σ(W_i x + U_i h + b_i)
        f   = σ(W_f x + U_f h + b_f)
        g   = φ(W_g x + U_g h + b_g)
        o   = σ(W_o x + U_o h + b_o)
        y   = i ⊙ g
        s   = f ⊙ c
        i_2 = σ(V_i y + R_i s + d_i)
        f_2 = σ(V_f y + R_f s + d_f)
        g_2 = φ(V_g y + R_g s + d_g)
        o_2 = σ(V_o y + R_o s + d_o)
        q'  = f_2 ⊙ q + i_2 ⊙ g_2
        c'  = o_2 ⊙ φ(q')
        h'  = o ⊙ φ(c')

    The inner LSTM reads y with the state s and the memory q; the outer memory c is its output.
    Further weights, with columns in the order i, f, g, o: `inner_kernel` V and
    `inner_recurrent_kernel` R, each `(units, 4 · units)`, and `inner_bias` d `(4 · units,)`.

    Source: Moniz & Krueger, 2018, Nested LSTMs, https://arxiv.org/abs/1801.10308
    """

    inner_initializer: Any
    inner_regularizer: Any
    inner_constraint: Any
    inner_recurrent_initializer: Any
    inner_recurrent_regularizer: Any
    inner_recurrent_constraint: Any
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
        initial_forget_bias: Any = None,
        inner_initializer: _Initializer = "glorot_uniform",
        inner_regularizer: _Regularizer = None,
        inner_constraint: _Constraint = None,
        inner_recurrent_initializer: _Initializer = "orthogonal",
        inner_recurrent_regularizer: _Regularizer = None,
        inner_recurrent_constraint: _Constraint = None,
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

class NoInputActivationLSTMCell(AbstractRNNCell):
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
        initial_forget_bias: Any = None,
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

class NoInputGateLSTMCell(AbstractRNNCell):
    """LSTM with peepholes without input gate (NIG): all that is new goes into the memory.

        f  = σ(W_f x + U_f h + p_f ⊙ c + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + g
        o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
        h' = o ⊙ φ(c')

    Further weights: `peephole_f` and `peephole_o`, each `(units,)`.

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
        initial_forget_bias: Any = None,
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

class NoOutputActivationLSTMCell(AbstractRNNCell):
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
        initial_forget_bias: Any = None,
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
        initial_forget_bias: Any = None,
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
        initial_forget_bias: Any = None,
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

class ONLSTMCell(AbstractRNNCell):
    """Ordered neurons LSTM (ON-LSTM): two master gates that rise and fall from unit to unit.

        mf = cumax(W_mf x + U_mf h + b_mf)
        mi = 1 − cumax(W_mi x + U_mi h + b_mi)
        i  = σ(W_i x + U_i h + b_i) ⊙ mf ⊙ mi + mi − mf ⊙ mi
        f  = σ(W_f x + U_f h + b_f) ⊙ mf ⊙ mi + mf − mf ⊙ mi
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    cumax is the cumulative sum of a softmax, between 0 and 1; each of its entries is that of
    `chunk_size` units. i and f are what the memory sees of both gates: the paper's, with a hat.

    Source: Shen, Tan, Sordoni & Courville, 2019, Ordered neurons: Integrating tree structures into
    recurrent neural networks, https://arxiv.org/abs/1810.09536
    """

    chunk_size: int
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
        initial_forget_bias: Any = None,
        chunk_size: int = 1,
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
        initial_forget_bias: Any = None,
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

class PhasedLSTMCell(AbstractRNNCell):
    """Phased LSTM: a time gate by unit, which opens and closes once in each period.

        a  = abs(τ)
        p  = mod(s + t; a) / a
        a2 = abs(r)
        k  = where(p > a2; α p, where(p > a2 / 2; 2 − 2 p / a2, 2 p / a2))
        i  = σ(W_i x + U_i h + p_i ⊙ c + b_i)
        f  = σ(W_f x + U_f h + p_f ⊙ c + b_f)
        g  = φ(W_g x + U_g h + b_g)
        a3 = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + p_o ⊙ a3 + b_o)
        h' = k ⊙ o ⊙ φ(a3) + (1 − k) ⊙ h
        c' = k ⊙ a3 + (1 − k) ⊙ c                        α = `leak`

    The last feature of the input is the time t, which the weights do not see. p is the phase, the
    paper's φ, between 0 and 1; a unit is open for the share r of a period τ, shifted by s, and
    leaks by α for the rest of it. Further weights, each `(units,)`: `period` τ, `shift` s,
    `open_ratio` r, `peephole_i`, `peephole_f`, `peephole_o`.

    Deviations: periods start evenly between 10 and 100 and shifts between 0 and 1000, as in the
    authors' code, where the paper draws periods by their logarithms. The authors leave the leak
    out at inference, here it is the number `leak` at all times.

    Source: Neil, Pfeiffer & Liu, 2016, Phased LSTM: Accelerating recurrent network training for
    long or event-based sequences, https://arxiv.org/abs/1610.09513
    """

    leak: float
    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
    period_initializer: Any
    period_regularizer: Any
    period_constraint: Any
    shift_initializer: Any
    shift_regularizer: Any
    shift_constraint: Any
    open_ratio_initializer: Any
    open_ratio_regularizer: Any
    open_ratio_constraint: Any
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
        initial_forget_bias: Any = None,
        leak: float = 0.001,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
        period_initializer: _Initializer = ...,
        period_regularizer: _Regularizer = None,
        period_constraint: _Constraint = None,
        shift_initializer: _Initializer = ...,
        shift_regularizer: _Regularizer = None,
        shift_constraint: _Constraint = None,
        open_ratio_initializer: _Initializer = ...,
        open_ratio_regularizer: _Regularizer = None,
        open_ratio_constraint: _Constraint = None,
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
        initial_forget_bias: Any = None,
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

class Projection(CellWrapper):
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

    cell: Any
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

class QRNN2Cell(AbstractRNNCell):
    """Quasi-recurrent network (QRNN) with a window of two: gates of this input and the last one.

        n  = φ(W_n x + V_n p + b_n)
        f  = σ(W_f x + V_f p + b_f)
        o  = σ(W_o x + V_o p + b_o)
        c' = f ⊙ c + (1 − f) ⊙ n
        h  = o ⊙ c'
        p' = x

    The state p, the last input, has `features` entries. Further weight: `previous_kernel` V
    `(features, 3 · units)`. The output h is no state.

    Deviations: in the authors' code f takes the candidate and 1 − f keeps the memory, so that W_f,
    V_f and b_f are those of the paper, negated. It starts from biases of 0, this cell from
    `unit_forget_bias`.

    Source: Bradbury, Merity, Xiong & Socher, 2017, Quasi-recurrent neural networks,
    https://arxiv.org/abs/1611.01576
    """

    previous_initializer: Any
    previous_regularizer: Any
    previous_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_forget_bias: Any = None,
        previous_initializer: _Initializer = "glorot_uniform",
        previous_regularizer: _Regularizer = None,
        previous_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class QRNNCell(AbstractRNNCell):
    """Quasi-recurrent network (QRNN) with a window of one input: pooling by forget and output gate.

        n  = φ(W_n x + b_n)
        f  = σ(W_f x + b_f)
        o  = σ(W_o x + b_o)
        c' = f ⊙ c + (1 − f) ⊙ n
        h  = o ⊙ c'

    The output h is no state: it does not come back.

    Deviations: in the authors' code f takes the candidate and 1 − f keeps the memory, so that W_f
    and b_f are those of the paper, negated. It starts from biases of 0, this cell from
    `unit_forget_bias`.

    Source: Bradbury, Merity, Xiong & Socher, 2017, Quasi-recurrent neural networks,
    https://arxiv.org/abs/1611.01576
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
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
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class RGLRUCell(AbstractRNNCell):
    """Real-gated linear recurrent unit (RG-LRU): a decay of each unit by a gate of its input.

        r  = σ(V_r(W x) + b_r)
        i  = σ(V_i(W x) + b_i)
        a  = exp(−8 r ⊙ softplus(Λ))
        h' = a ⊙ h + sqrt(maximum(1 − a ⊙ a; 10⁻¹²)) ⊙ i ⊙ W x

    The root keeps the variance of what is added up; 10⁻¹² is
    the least of which it is taken, so that its slope is finite. Further weights: `decay` Λ
    `(units,)`, and `block_r` and `block_i`, each `(heads, units / heads, units / heads)`: V_r and
    V_i have a block of weights for each of `heads` groups of units.

    Deviations: the paper has x itself in place of W x, and so as many features as units; with the
    identity for W this is the paper's. The authors' code takes i ⊙ x as it is at the first step of
    a document, and bounds the slope of the root. It draws exp(−softplus(Λ)) from a ring from 0.9 to
    0.999, this cell Λ evenly between the same ends.

    Source: De et al., 2024, Griffin: Mixing gated linear recurrences with local attention for
    efficient language models, https://arxiv.org/abs/2402.19427
    """

    heads: int
    block_initializer: Any
    block_regularizer: Any
    block_constraint: Any
    decay_initializer: Any
    decay_regularizer: Any
    decay_constraint: Any
    def __init__(
        self,
        units: int,
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
        heads: int = 1,
        block_initializer: _Initializer = "glorot_uniform",
        block_regularizer: _Regularizer = None,
        block_constraint: _Constraint = None,
        decay_initializer: _Initializer = ...,
        decay_regularizer: _Regularizer = None,
        decay_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class RHNCell(AbstractRNNCell):
    """Recurrent highway network (RHN): each step passes through `depth` layers.

        n  = φ(W_n x + U_n h + b_n)
        t  = σ(W_t x + U_t h + b_t)
        s  = t ⊙ n + (1 − t) ⊙ h
        n2 = φ(U_n2 s + b_n2)
        t2 = σ(U_t2 s + b_t2)
        h' = t2 ⊙ n2 + (1 − t2) ⊙ s

    with `depth=2`; further layers are as the second one, and only the first sees the input. t near
    1 takes the candidate in place of the old state; the biases b_t start at −2 in all layers.
    `recurrent_kernel` is `(units, 2 · depth · units)`, with blocks n, t, n2, t2 and so on, as has
    `bias`.

    Deviations: the carry gate is 1 − t, as in all of the authors' experiments.

    Source: Zilly, Srivastava, Koutník & Schmidhuber, 2017, Recurrent highway networks,
    https://arxiv.org/abs/1607.03474
    """

    depth: int
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = None,
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
        depth: int = 3,
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

class Residual(CellWrapper):
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

    cell: Any
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

class ResidualLSTMCell(AbstractRNNCell):
    """Residual LSTM: a shortcut past the memory, under the output gate.

        i  = σ(W_i x + U_i h + p_i ⊙ c  + b_i)
        f  = σ(W_f x + U_f h + p_f ⊙ c  + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
        h' = o ⊙ (R φ(c') + W_r x)

    Further weights: `peephole_i`, `peephole_f`, `peephole_o`, each `(units,)`, and
    `projection_kernel` R `(units, units)`; W_r, the last block of `kernel`, has no bias.

    Deviations: where there are as many features as units, the paper has x in place of W_r x.

    Source: Kim, El-Khamy & Lee, 2017, Residual LSTM: Design of a deep recurrent architecture for
    distant speech recognition, https://arxiv.org/abs/1701.03360
    """

    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
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
        initial_forget_bias: Any = None,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
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

class SCRNCell(AbstractRNNCell):
    """Structurally constrained recurrent network (SCRN): a simple cell beside a leaky memory.

        s' = (1 − α) W_s x + α s                         α = `alpha`
        h' = σ(W_h x + U_h h + P s' + b_h)
        y  = [h', s']

    The output is y, the hidden state and the context side by side, which the paper's softmax reads.
    The context s has `context_units` entries and neither recurrent weights nor a bias; further
    weight: `context_kernel` P `(context_units, units)`.

    Source: Mikolov, Joulin, Chopra, Mathieu & Ranzato, 2015, Learning longer memory in recurrent
    neural networks, https://arxiv.org/abs/1412.7753
    """

    context_units: int
    alpha: float
    context_initializer: Any
    context_regularizer: Any
    context_constraint: Any
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
        context_units: int,
        alpha: float = 0.95,
        context_initializer: _Initializer = "glorot_uniform",
        context_regularizer: _Regularizer = None,
        context_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SLSTMCell(AbstractRNNCell):
    """Scalar LSTM of the xLSTM (sLSTM): exponential input gate, normaliser and stabiliser.

        a_i = W_i x + R(h)_i + b_i
        a_f = logsigmoid(W_f x + R(h)_f + b_f) + m
        m'  = where(n = 0; a_i, maximum(a_f; a_i))
        i   = exp(a_i − m')
        f   = exp(a_f − m')
        g   = φ(W_g x + R(h)_g + b_g)
        o   = σ(W_o x + R(h)_o + b_o)
        c'  = f ⊙ c + i ⊙ g
        n'  = f ⊙ n + i
        h'  = o ⊙ c' / n'

    m is the logarithm of what the memory c and its normaliser n are divided by, so that nothing
    overflows, however long the sequence; i and f are divided by it, too. R has a block of weights
    for each of `heads` groups of neighbouring units: `head_kernel`
    `(heads, units / heads, 4 · units / heads)`, with columns by gate in the order i, f, g, o.

    Deviations: the authors' code begins with m' = a_i where n is 0 in all rows of a batch, this
    cell wherever it is; i and f are letters of the paper divided by e^m'.

    Source: Beck et al., 2024, xLSTM: Extended long short-term memory,
    https://arxiv.org/abs/2405.04517
    """

    heads: int
    head_initializer: Any
    head_regularizer: Any
    head_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_forget_bias: Any = None,
        heads: int = 1,
        head_initializer: _Initializer = "orthogonal",
        head_regularizer: _Regularizer = None,
        head_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SRU1Cell(AbstractRNNCell):
    """Simple recurrent unit of the first version of the paper: gates that see no state.

        f  = σ(W_f x + b_f)
        r  = σ(W_r x + b_r)
        c' = f ⊙ c + (1 − f) ⊙ W_n x
        h  = r ⊙ φ(c') + (1 − r) ⊙ W_s x

    It is linear in its memory. The output h is no state.

    Deviations: the paper has x itself in place of W_s x where there are as many features as units;
    with the identity for W_s, the last block of `kernel`, this is the paper's. The authors' code
    starts from biases of 0, this cell from `unit_forget_bias`.

    Source: Lei, Zhang & Artzi, 2017, Training RNNs as fast as CNNs,
    https://arxiv.org/abs/1709.02755v1
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SRUCell(AbstractRNNCell):
    """Simple recurrent unit (SRU): light recurrence, and a highway past it.

        f  = σ(W_f x + v_f ⊙ c + b_f)
        r  = σ(W_r x + v_r ⊙ c + b_r)
        c' = f ⊙ c + (1 − f) ⊙ W_n x
        h  = r ⊙ φ(c') + (1 − r) ⊙ W_s x                 φ = `activation`, linear by default

    Each unit sees its own memory alone. The output h is no state. Further weights: `feedback_f`
    and `feedback_r`, each `(units,)`.

    Deviations: the paper has x itself in place of W_s x where there are as many features as units;
    with the identity for W_s, the last block of `kernel`, this is the paper's. The authors' code
    starts from biases of 0, this cell from `unit_forget_bias`.

    Source: Lei, Zhang, Wang, Dai & Artzi, 2018, Simple recurrent units for highly parallelizable
    recurrence, https://arxiv.org/abs/1709.02755
    """

    feedback_initializer: Any
    feedback_regularizer: Any
    feedback_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "linear",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_forget_bias: Any = None,
        feedback_initializer: _Initializer = "glorot_uniform",
        feedback_regularizer: _Regularizer = None,
        feedback_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
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

class TGRUCell(AbstractRNNCell):
    """Strongly typed GRU (T-GRU): a leaky sum of n ⊙ o, both read from this input and the last.

        n  = W_n x + V_n p + b_n
        f  = σ(W_f x + V_f p + b_f)
        o  = φ(W_o x + V_o p + b_o)
        h' = f ⊙ h + n ⊙ o
        p' = x

    The state p, the last input, has `features` entries; n is the paper's z. Further weight:
    `previous_kernel` V `(features, 3 · units)`.

    Deviations: f starts from `unit_forget_bias`.

    Source: Balduzzi & Ghifary, 2016, Strongly-typed recurrent neural networks,
    https://arxiv.org/abs/1602.02218
    """

    previous_initializer: Any
    previous_regularizer: Any
    previous_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_forget_bias: Any = None,
        previous_initializer: _Initializer = "glorot_uniform",
        previous_regularizer: _Regularizer = None,
        previous_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class TLSTMCell(AbstractRNNCell):
    """Strongly typed LSTM (T-LSTM): a mean of n, weighted by f, and shown as far as o lets it.

        n  = W_n x + V_n p + b_n
        f  = σ(W_f x + V_f p + b_f)
        o  = φ(W_o x + V_o p + b_o)
        c' = f ⊙ c + (1 − f) ⊙ n
        h  = c' ⊙ o
        p' = x

    The state p, the last input, has `features` entries; n is the paper's z. The output h is no
    state: it does not come back. Further weight: `previous_kernel` V `(features, 3 · units)`.

    Deviations: f starts from `unit_forget_bias`.

    Source: Balduzzi & Ghifary, 2016, Strongly-typed recurrent neural networks,
    https://arxiv.org/abs/1602.02218
    """

    previous_initializer: Any
    previous_regularizer: Any
    previous_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_forget_bias: Any = None,
        previous_initializer: _Initializer = "glorot_uniform",
        previous_regularizer: _Regularizer = None,
        previous_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class TRNNCell(AbstractRNNCell):
    """Strongly typed RNN (T-RNN): a weighted mean of linear pieces of the inputs.

        n  = W_n x
        f  = σ(W_f x + b_f)
        h' = f ⊙ h + (1 − f) ⊙ n

    The gate sees the input alone; the candidate n is the paper's z.

    Source: Balduzzi & Ghifary, 2016, Strongly-typed recurrent neural networks,
    https://arxiv.org/abs/1602.02218
    """
    def __init__(
        self,
        units: int,
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class TiedMogrifierLSTMCell(AbstractRNNCell):
    """Mogrifier LSTM with a coupled input gate: what is forgotten is replaced.

        x1 = 2 σ(Q_1 h + b_1) ⊙ x
        h2 = 2 σ(R_2 x1 + b_2) ⊙ h
        f  = σ(U_f h2 + W_f x1 + b_f)
        g  = φ(U_g h2 + W_g x1 + b_g)
        o  = σ(U_o h2 + W_o x1 + b_o)
        c' = f ⊙ c + (1 − f) ⊙ g
        h' = o ⊙ φ(c')

    with `rounds=2`; further rounds go on in the same way, the odd ones with x, and `rounds=0` is
    the LSTM with coupled gates. Further weights: `Q_1`, `Q_3` and so on, each `(units, features)`,
    `R_2`, `R_4` and so on, each `(features, units)`, and a bias of each round, `bias_1` and so on.

    Deviations: the biases of the rounds are in the authors' code and not in the paper.

    Source: Melis, Kočiský & Blunsom, 2020, Mogrifier LSTM, https://arxiv.org/abs/1909.01792
    """

    rounds: int
    mogrifier_initializer: Any
    mogrifier_regularizer: Any
    mogrifier_constraint: Any
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
        initial_forget_bias: Any = None,
        rounds: int = 5,
        mogrifier_initializer: _Initializer = "glorot_uniform",
        mogrifier_regularizer: _Regularizer = None,
        mogrifier_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class TimeAwareLSTMCell(AbstractRNNCell):
    """Time-aware LSTM (T-LSTM): a short-term part of the memory fades with the time elapsed.

        s  = φ(D c + d)
        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ (c − s + s / log(e + t)) + i ⊙ g
        h' = o ⊙ φ(c')

    The last feature of the input is t, the time since the step before, of at least 0; x is all that
    is before it. Where t is 0 nothing fades. Further weights: `decomposition_kernel` D
    `(units, units)` and `decomposition_bias` d `(units,)`.

    Deviations: the authors' code takes the logistic function for s where the paper, as here, takes
    the hyperbolic tangent, and 2.7183 for e.

    Source: Baytas et al., 2017, Patient subtyping via time-aware LSTM networks, KDD,
    https://doi.org/10.1145/3097983.3097997
    """

    decomposition_initializer: Any
    decomposition_regularizer: Any
    decomposition_constraint: Any
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
        initial_forget_bias: Any = None,
        decomposition_initializer: _Initializer = "glorot_uniform",
        decomposition_regularizer: _Regularizer = None,
        decomposition_constraint: _Constraint = None,
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

class UnICORNNCell(AbstractRNNCell):
    """Undamped independent controlled oscillatory RNN (UnICORNN), one layer of it.

        n  = φ(W x + u ⊙ y + b)
        z' = z − Δt σ(s) ⊙ (n + α y)                     Δt = `dt`, α = `alpha`
        y' = y + Δt σ(s) ⊙ z'

    σ is the logistic function. The output is y, the positions, which move by the new velocities z;
    each unit sees its own position alone, and s learns its time step. Recurrent weight:
    `recurrent_vector` u `(units,)`, the paper's w; further weight: `scale` s `(units,)`, its c.

    Source: Rusch & Mishra, 2021, UnICORNN: A recurrent model for learning very long time
    dependencies, https://arxiv.org/abs/2103.05487
    """

    dt: float
    alpha: float
    scale_initializer: Any
    scale_regularizer: Any
    scale_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = ...,
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
        bias_constraint: _Constraint = None,
        dropout: float = 0.0,
        seed: int | None = None,
        *,
        dt: float = 0.1,
        alpha: float = 1.0,
        scale_initializer: _Initializer = ...,
        scale_regularizer: _Regularizer = None,
        scale_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class WMCLSTMCell(AbstractRNNCell):
    """LSTM with working memory connections (WMC): gates see the memory, projected and squashed.

        i  = σ(W_i x + U_i h + φ(M_i c)  + b_i)
        f  = σ(W_f x + U_f h + φ(M_f c)  + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + φ(M_o c') + b_o)
        h' = o ⊙ φ(c')

    Peepholes (`FullPeepholeLSTMCell`) add the memory as it is, which grows with the length and
    holds the gates open or shut; tanh, which φ is by default, keeps what they see between -1 and 1.
    Further weights: `working_memory_i`, `working_memory_f`, `working_memory_o`, each
    `(units, units)`.

    Source: Landi, Baraldi, Cornia & Cucchiara, 2021, Working memory connections for LSTM,
    Neural Networks, https://arxiv.org/abs/2109.00020
    """

    working_memory_initializer: Any
    working_memory_regularizer: Any
    working_memory_constraint: Any
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
        initial_forget_bias: Any = None,
        working_memory_initializer: _Initializer = "glorot_uniform",
        working_memory_regularizer: _Regularizer = None,
        working_memory_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class WeightNorm(CellWrapper):
    """Weight normalisation: directions and lengths of the recurrent weights are trained apart.

        U = s V / ‖V‖

    V is `recurrent_kernel` of the cell, and ‖V‖ the length of each of its columns: of the weights
    of one entry of one gate. s, `recurrent_scale (columns,)`, begins as ‖V‖, so that U begins as V;
    where V has been set anew, as from another cell, `set_scale()` makes it so again. U is computed
    once before the first step.

    Deviations: the paper gives all weights of a layer lengths of their own. Here these are the
    recurrent weights alone: `kernel`, the bias and further weights are trained as the cell has
    them.

    Source: Salimans & Kingma, 2016, Weight normalization: a simple reparameterization to accelerate
    training of deep neural networks, https://arxiv.org/abs/1602.07868

    Raises:
        ValueError: if `cell` is anything else.
    """

    cell: Any
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

class Zoneout(CellWrapper):
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

    cell: Any
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
        return_sequences: whether to return the outputs of all steps, or only the last one.
        return_state: whether to return the final states after the output.
        go_backwards: whether to run from the last step to the first; the outputs come in the order
            of processing.
        stateful: whether each batch starts from the states in which the last one ended.
        unroll: whether to lay the loop out step by step in place of a loop operator.
        zero_output_for_mask: whether masked steps give zeros in place of the last output.
        loop: way to run over time; all give the same numbers. `"auto"` is `"compiled"` on
            TensorFlow and JAX where it can be, `"recomputed"` where that would keep much for the
            backward pass; on PyTorch `"vendor"` or `"traced"`; on GPUs with TensorFlow `"vendor"`
            for what cuDNN has; else `"keras"`, which compiles nothing; `kerasgates.loops.decide`
            says it exactly. `"hoisted"`, `"dense"`, `"associative"` and `"chunked"` can
            be asked for, too.
        activity_regularizer: regulariser of the layer's output.
        trainable: whether the weights are trained.
        name: name of the layer.
        dtype: dtype or dtype policy, such as `"mixed_float16"`; the cells have their own.

    Call arguments:

    * `sequences`: `(batch, time, features)`; with more axes for cells, not ours, that read these.
    * `initial_state`: list of tensors `(batch, entries)`; one of `(1, entries)` is for all rows.
    * `mask`: booleans `(batch, time)`.
    * `training`: whether dropout is applied.

    The output is `(batch, units)`, or `(batch, time, units)` with `return_sequences`, and behind it
    with `return_state` the final states.

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
    def run_loop(
        self,
        sequences: Any,
        initial_state: Any,
        mask: Any = None,
        training: Any = False,
    ) -> Any: ...
    def chosen_loop(self) -> Any: ...

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
    initial_forget_bias: Any
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

class AntisymmetricRNN(_CellLayer):
    """Antisymmetric RNN: a differential equation that neither grows nor dies out.

        n  = φ(W x + (U − Uᵀ) h + b − γ h)
        h' = h + ε n                                     ε = `epsilon`, γ = `gamma`

    Recurrent weight: `recurrent_matrix` U `(units, units)`, of which only the antisymmetric part
    counts.

    Source: Chang, Chen, Haber & Chi, 2019, AntisymmetricRNN: A dynamical system view on recurrent
    neural networks, https://arxiv.org/abs/1902.09689
    """

    epsilon: float
    gamma: float
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = ...,
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
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
        epsilon: float = 0.01,
        gamma: float = 0.01,
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
        initial_forget_bias: Any = None,
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
        h' = h + (Δt / τ) (n − h)                        Δt = `dt`, τ = `tau`

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

class CfC(_CellLayer):
    """Closed-form continuous-time network (CfC): two candidates, mixed by a gate of the time.

        a  = 1.7159 tanh(0.666 (W x + U h + b))
        n  = φ(V_n a + d_n)
        g  = φ(V_g a + d_g)
        z  = σ((V_s a + d_s) Δt + V_z a + d_z)
        h' = (1 − z) ⊙ n + z ⊙ g

    a is the backbone, of `backbone_units`, which all heads share. With `backbone_layers` above 1,
    further layers of the same kind follow. Δt is the time since the step before: the number
    `elapsed`, or with `elapsed=None` the last feature of the input, which the weights do not see.
    Further weights: `head_kernel` V `(backbone_units, 4 · units)` and `head_bias` d `(4 · units,)`,
    columns in the order n, g, s, z (the authors' ff1, ff2, time_a and time_b), and of each
    further layer `backbone_kernel_2` and `backbone_bias_2`, and so on.

    Deviations: none from the authors' PyTorch code. In their TensorFlow code the time counts with
    the other sign, and φ is the function of the backbone.

    Source: Hasani et al., 2022, Closed-form continuous-time neural networks,
    https://arxiv.org/abs/2106.13898
    """

    backbone_units: int
    backbone_layers: int
    elapsed: float
    head_initializer: Any
    head_regularizer: Any
    head_constraint: Any
    backbone_initializer: Any
    backbone_regularizer: Any
    backbone_constraint: Any
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
        backbone_units: int = 128,
        backbone_layers: int = 1,
        elapsed: float = 1.0,
        head_initializer: _Initializer = "glorot_uniform",
        head_regularizer: _Regularizer = None,
        head_constraint: _Constraint = None,
        backbone_initializer: _Initializer = "glorot_uniform",
        backbone_regularizer: _Regularizer = None,
        backbone_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class ClockworkRNN(_CellLayer):
    """Clockwork RNN (CW-RNN): modules of units that are updated once in a period each.

        n  = φ(W x + tri(U) h + b)
        h' = where(k < 1; n, h)
        k' = where(k + 1 < T; k + 1, 0)

    The units are in as many modules as there are `periods` T, whole numbers of steps; where these
    do not divide `units`, the first modules have a unit more. tri(U) leaves in U what a module sees
    of itself and of others that are as slow or slower. The state k counts, for each unit, the steps
    since it was last updated; from 0 all modules begin with an update. `ticks` T `(units,)` is set
    by `periods` and not trained.

    Source: Koutník, Greff, Gomez & Schmidhuber, 2014, A clockwork RNN,
    https://arxiv.org/abs/1402.3511
    """

    periods: Any
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
        periods: Any,
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
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class DeltaNet(_CellLayer):
    """DeltaNet: linear attention that replaces the value of a key by the delta rule.

        q  = unit(φ(W_q x)) / √d                         d = units / heads
        k  = unit(φ(W_k x))
        v  = φ(W_v x)
        e  = σ(W_e x)
        S' = S + e (v − S k) kᵀ
        h  = S' q

    S k is the value that the key k has in the matrix S; e, the paper's β, is the share in which v
    replaces it. φ is `activation`, silu by default, and unit divides by the length. Each of `heads`
    has a matrix and one number e. The output h is no state, and S is linear in itself.

    Deviations: as in the authors' code without its convolution over the last inputs; norm and
    projection of the output are layers of their own.

    Source: Yang, Wang, Zhang, Shen & Kim, 2024, Parallelizing linear transformers with the delta
    rule over sequence length, https://arxiv.org/abs/2406.06484
    """

    heads: int
    def __init__(
        self,
        units: int,
        activation: _Activation = "silu",
        recurrent_activation: _Activation = "sigmoid",
        kernel_initializer: _Initializer = "glorot_uniform",
        kernel_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
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
        heads: int = 1,
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

class FastGRNN(_CellLayer):
    """FastGRNN: gate and candidate of the same products, with a bias each.

        a_p = W x + U h
        z   = σ(a_p + b_z)
        n   = φ(a_p + b_n)
        h'  = z ⊙ h + (σ(ζ) (1 − z) + σ(ν)) ⊙ n

    z near 1 keeps the old state. σ of ζ and ν is the logistic function. Further weights: `zeta` and
    `nu`, each `(1,)`; they start at 1 and −4, and the biases at 1, as in the authors' code.

    Source: Kusupati et al., 2018, FastGRNN: A fast, accurate, stable and tiny kilobyte sized gated
    recurrent neural network, https://arxiv.org/abs/1901.02358
    """

    zeta_initializer: Any
    zeta_regularizer: Any
    zeta_constraint: Any
    nu_initializer: Any
    nu_regularizer: Any
    nu_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "ones",
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
        zeta_initializer: _Initializer = ...,
        zeta_regularizer: _Regularizer = None,
        zeta_constraint: _Constraint = None,
        nu_initializer: _Initializer = ...,
        nu_regularizer: _Regularizer = None,
        nu_constraint: _Constraint = None,
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

class FullGateRecurrenceLSTM(_CellLayer):
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

    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
    gate_initializer: Any
    gate_regularizer: Any
    gate_constraint: Any
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
        initial_forget_bias: Any = None,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
        gate_initializer: _Initializer = "glorot_uniform",
        gate_regularizer: _Regularizer = None,
        gate_constraint: _Constraint = None,
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
        initial_forget_bias: Any = None,
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

class GILR(_CellLayer):
    """Gated impulse linear recurrence (GILR): a weighted mean of impulses, by a gate of the input.

        z  = σ(W_z x + b_z)
        n  = φ(W_n x + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    Deviations: the authors' code has `activation="elu"` where a GILR stands alone.

    Source: Martin & Cundy, 2018, Parallelizing linear recurrent neural nets over sequence length,
    https://arxiv.org/abs/1709.04057
    """
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
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class GILRLSTM(_CellLayer):
    """Linear surrogate of the LSTM (GILR-LSTM): gates that see a linear recurrence of the inputs.

        z  = σ(W_z x + b_z)
        n  = φ(W_n x + b_n)
        s' = z ⊙ s + (1 − z) ⊙ n
        i  = σ(W_i x + U_i s' + b_i)
        f  = σ(W_f x + U_f s' + b_f)
        g  = φ(W_g x + U_g s' + b_g)
        o  = σ(W_o x + U_o s' + b_o)
        c' = f ⊙ c + i ⊙ g
        h  = o ⊙ c'

    The new s stands in place of the LSTM's old output, so that both states are linear recurrences.
    The output h is no state, and no function squashes the memory on its way to it.

    Source: Martin & Cundy, 2018, Parallelizing linear recurrent neural nets over sequence length,
    https://arxiv.org/abs/1709.04057
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
        initial_forget_bias: Any = None,
        initial_update_bias: float = 0.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class GLA(_CellLayer):
    """Gated linear attention (GLA): keys and values in a matrix, with a gate for each row.

        q  = W_q x / √d                                  d = units / heads
        k  = W_k x
        v  = W_v x
        a  = exp(logsigmoid(W_a x + b_a) / τ)
        S' = a ⊙ S + k vᵀ
        h  = qᵀ S'

    Each row of the matrix S, one for each entry of the keys, fades by its own gate a, the paper's
    α; τ is `temperature`. Each of `heads` has a matrix. The output h is no state, and S is linear
    in itself.

    Deviations: the paper has a product of two matrices of rank 16 in place of W_a, and keys of
    half as many entries; norm, gate and projection of the output are layers of their own.

    Source: Yang, Wang, Shen, Panda & Kim, 2024, Gated linear attention transformers with
    hardware-efficient training, https://arxiv.org/abs/2312.06635
    """

    heads: int
    temperature: float
    def __init__(
        self,
        units: int,
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
        heads: int = 1,
        temperature: float = 16.0,
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

class GRUD(_CellLayer):
    """GRU with trainable decays (GRU-D): a missing value fades from the last one to the mean.

        e  = d + t
        y  = exp(−relu(w ⊙ e + b_w))
        s  = exp(−relu(D e + b_D))
        v  = where(m > 0.5; x, y ⊙ p + (1 − y) ⊙ x_0)
        a  = s ⊙ h
        z  = σ(W_z v + V_z m + U_z a + b_z)
        r  = σ(W_r v + V_r m + U_r a + b_r)
        n  = φ(W_n v + V_n m + U_n (r ⊙ a) + b_n)
        h' = (1 − z) ⊙ a + z ⊙ n
        p' = where(m > 0.5; x, p)
        d' = where(m > 0.5; 0, e)

    The input has an odd number of features: the values x, which may be anything where they are
    missing, but no NaN under dropout; as many numbers m, 1 for a value that is there and 0 for one
    that is not; and the time t since the step before. The states p and d hold, for each value, the
    last that was there and the time since, before this step. y and s are the paper's γ_x and γ_h.
    z near 1 takes the candidate in place of the old state.

    Further weights: `masking_kernel` V `(values, 3 · units)`, `input_decay_kernel` w and
    `input_decay_bias` b_w, each `(values,)`, `hidden_decay_kernel` D `(values, units)`,
    `hidden_decay_bias` b_D `(units,)`, and `mean` x_0 `(values,)`, which is not trained: 0, unless
    the mean of the data is assigned to it.

    Deviations: the authors' code reads times of a clock in place of differences, has 1 − m in place
    of m and 1 − z in place of z, and keeps of h itself, not of a, the h that has faded. It starts w
    and D from 0, where the relu of TensorFlow, JAX and PyTorch has the derivative 0 and nothing
    would be learned; this cell draws them between 0 and 0.1, for times of about 1.

    Source: Che, Purushotham, Cho, Sontag & Liu, 2018, Recurrent neural networks for multivariate
    time series with missing values, https://arxiv.org/abs/1606.01865
    """

    decay_initializer: Any
    decay_regularizer: Any
    decay_constraint: Any
    masking_initializer: Any
    masking_regularizer: Any
    masking_constraint: Any
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
        decay_initializer: _Initializer = ...,
        decay_regularizer: _Regularizer = None,
        decay_constraint: _Constraint = None,
        masking_initializer: _Initializer = "glorot_uniform",
        masking_regularizer: _Regularizer = None,
        masking_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class GatedAntisymmetricRNN(_CellLayer):
    """Antisymmetric RNN with an input gate, which sees the state through the same matrix.

        a  = (U − Uᵀ) h − γ h                            γ = `gamma`
        i  = σ(W_i x + a + b_i)
        n  = φ(W_n x + a + b_n)
        h' = h + ε i ⊙ n                                 ε = `epsilon`

    The paper calls the gate z. Recurrent weight: `recurrent_matrix` U `(units, units)`, of which
    only the antisymmetric part counts.

    Source: Chang, Chen, Haber & Chi, 2019, AntisymmetricRNN: A dynamical system view on recurrent
    neural networks, https://arxiv.org/abs/1902.09689
    """

    epsilon: float
    gamma: float
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = ...,
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
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
        epsilon: float = 0.01,
        gamma: float = 0.01,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class GatedDeltaNet(_CellLayer):
    """Gated DeltaNet: the delta rule on a matrix that fades by a gate.

        q  = unit(φ(W_q x)) / √d                         d = units / heads
        k  = unit(φ(W_k x))
        v  = φ(W_v x)
        a  = exp(−exp(A) softplus(W_a x + b_a))
        e  = σ(W_e x)
        S' = a S + e (v − a S k) kᵀ
        h  = S' q

    a, the paper's α, fades all values; e, its β, is the share in which v replaces the value that k
    has in a S. φ is `activation`, silu by default, and unit divides by the length. Each of `heads`
    has a matrix and one number for each gate. Further weight: `decay` A `(heads,)`. The output h is
    no state, and S is linear in itself.

    Deviations: as in the authors' code without its convolution over the last inputs; norm, gate
    and projection of the output are layers of their own. That code starts from A up to log 16 and
    b_a from −7 to −2, this cell from A from −7 to −2 and b_a = 0.

    Source: Yang, Kautz & Hatamizadeh, 2025, Gated delta networks: Improving Mamba2 with delta
    rule, https://arxiv.org/abs/2412.06464
    """

    heads: int
    decay_initializer: Any
    decay_regularizer: Any
    decay_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "silu",
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
        heads: int = 1,
        decay_initializer: _Initializer = ...,
        decay_regularizer: _Regularizer = None,
        decay_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class GroupLSTM(_CellLayer):
    """Group LSTM (G-LSTM): units in groups, each of which sees its own features and outputs.

        i  = σ(group(W)_i x + R(h)_i + b_i)
        f  = σ(group(W)_f x + R(h)_f + b_f)
        g  = φ(group(W)_g x + R(h)_g + b_g)
        o  = σ(group(W)_o x + R(h)_o + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Features and units are in `groups` of neighbours, and group(W) is 0 between two of them.
    `kernel` W has, for each feature, columns for the units of its own group alone, by gate:
    `(features, 4 · units / groups)`. R has a block of recurrent weights for each group:
    `group_kernel` `(groups, units / groups, 4 · units / groups)`, with columns by gate. The input
    is multiplied by the whole of group(W), which saves weights, and no time.

    Deviations: where `groups` does not divide the features, the first groups have one more, or one
    at all; TensorFlow 1's cell refuses that. It can also project its output, as ProjectedLSTM does.
    Initial weights are drawn for all groups at once.

    Source: Kuchaiev & Ginsburg, 2017, Factorization tricks for LSTM networks,
    https://arxiv.org/abs/1703.10722
    """

    groups: Any
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
        initial_forget_bias: Any = None,
        groups: Any,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class HyperLSTM(_CellLayer):
    """HyperLSTM: a small LSTM scales what the weights of a large one give, and shifts its biases.

        u   = LN(W_u x + U_u h + R y; γ_u, β_u)
        v_i = σ(u[1/4])
        v_f = σ(u[2/4] + 1)
        v_g = φ(u[3/4])
        v_o = σ(u[4/4])
        q'  = v_f ⊙ q + v_i ⊙ v_g
        y'  = v_o ⊙ φ(LN(q'; γ_q, β_q))
        s   = S_x(y') ⊙ [W_i x, W_f x, W_g x, W_o x]
        t   = S_h(y') ⊙ [U_i h, U_f h, U_g h, U_o h]
        a   = LN(s + t + B(y') + b; γ_a, β_a)
        i   = σ(a_i)
        f   = σ(a_f + 1)
        g   = φ(a_g)
        o   = σ(a_o)
        c'  = f ⊙ c + i ⊙ g
        h'  = o ⊙ φ(LN(c'; γ_c, β_c))

    y and q are the states of the small LSTM, of `hyper_units`, which reads x and h. LN is of each
    gate for itself. S_x, S_h and B are two layers each, with `embedding_units` for each gate
    between them. Their weights are `scale_x_kernel`, `scale_h_kernel` and `shift_kernel`, each
    `(hyper_units, 4 · embedding_units)`, `scale_x_bias` and `scale_h_bias`, which start at 1, and
    `scale_x_units`, `scale_h_units` and `shift_units`, each `(4, embedding_units, units)`. Further
    weights: `hyper_recurrent_kernel` R `(hyper_units, 4 · hyper_units)`, and scales and shifts of
    LN, `gamma_u` and `beta_u` `(4, hyper_units)`, and so on. The last block of `kernel` and of
    `recurrent_kernel`, u, is that of the small LSTM.

    Deviations: none from the authors' code with layer normalisation, but for the order of columns,
    there i, g, f, o.

    Source: Ha, Dai & Le, 2017, HyperNetworks, https://arxiv.org/abs/1609.09106
    """

    hyper_units: int
    embedding_units: int
    epsilon: float
    hyper_recurrent_initializer: Any
    hyper_recurrent_regularizer: Any
    hyper_recurrent_constraint: Any
    scale_initializer: Any
    scale_regularizer: Any
    scale_constraint: Any
    shift_initializer: Any
    shift_regularizer: Any
    shift_constraint: Any
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
        hyper_units: int = 128,
        embedding_units: int = 4,
        epsilon: float = 0.001,
        hyper_recurrent_initializer: _Initializer = "orthogonal",
        hyper_recurrent_regularizer: _Regularizer = None,
        hyper_recurrent_constraint: _Constraint = None,
        scale_initializer: _Initializer = "zeros",
        scale_regularizer: _Regularizer = None,
        scale_constraint: _Constraint = None,
        shift_initializer: _Initializer = ...,
        shift_regularizer: _Regularizer = None,
        shift_constraint: _Constraint = None,
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

class IndRNN(_CellLayer):
    """Independently recurrent neural network (IndRNN): each unit sees its own state alone.

        h' = φ(W x + u ⊙ h + b)

    Recurrent weight: `recurrent_vector` u `(units,)`. Where |u| is at most 2^(1 / T), gradients do
    not explode over T steps: the paper keeps it there, which a `recurrent_constraint` does.

    Source: Li, Li, Cook, Zhu & Gao, 2018, Independently recurrent neural network (IndRNN):
    Building a longer and deeper RNN, https://arxiv.org/abs/1803.04831
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "relu",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = ...,
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
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
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class IndyLSTM(_CellLayer):
    """IndyLSTM: an LSTM each unit of which sees its own state alone.

        i  = σ(W_i x + u_i ⊙ h + b_i)
        f  = σ(W_f x + u_f ⊙ h + b_f)
        g  = φ(W_g x + u_g ⊙ h + b_g)
        o  = σ(W_o x + u_o ⊙ h + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Recurrent weights: `recurrent_vector` u `(4 · units,)`.

    Source: Gonnet & Deselaers, 2019, IndyLSTMs: Independently recurrent LSTMs,
    https://arxiv.org/abs/1903.08023
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = ...,
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
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class IntersectionRNN(_CellLayer):
    """Intersection RNN (+RNN): one gate for the state, one for what goes up to the next layer.

        z  = σ(W_z x + U_z h + b_z)
        n  = φ(W_n x + U_n h + b_n)
        k  = σ(W_k x + U_k h + b_k)
        v  = relu(W_v x + U_v h + b_v)
        y  = k ⊙ W_s x + (1 − k) ⊙ v
        h' = z ⊙ h + (1 − z) ⊙ n

    The output is y, which is no state. z near 1 keeps the old state, k near 1 passes on the input.

    Deviations: the paper has x itself in place of W_s x, and so as many features as units; with the
    identity for W_s, the last block of `kernel`, this is the paper's. The authors add 1 to the
    biases of both gates, here they start at 0.

    Source: Collins, Sohl-Dickstein & Sussillo, 2017, Capacity and trainability in recurrent neural
    networks, https://arxiv.org/abs/1611.09913
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
        initial_forget_bias: Any = None,
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

class LMU(_CellLayer):
    """Legendre memory unit (LMU): a window of the past, written in Legendre polynomials.

        u  = W_u x + U_u h + E m
        m' = A m + B u
        h' = φ(W_h x + U_h h + V m')

    The memory m holds the last `theta` steps of the signal u, a single number at each step, in
    `order` polynomials. A `(order, order)` and B `(1, order)` are set by these two arguments and
    not trained; further weights: `encoder` E `(order, 1)` and `memory_kernel` V `(order, units)`.

    Source: Voelker, Kajić & Eliasmith, 2019, Legendre memory units: Continuous-time representation
    in recurrent neural networks, NeurIPS, https://papers.nips.cc/paper/9689-legendre-memory-units
    """

    order: int
    theta: float
    encoder_initializer: Any
    encoder_regularizer: Any
    encoder_constraint: Any
    memory_kernel_initializer: Any
    memory_kernel_regularizer: Any
    memory_kernel_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
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
        order: int,
        theta: float,
        encoder_initializer: _Initializer = "zeros",
        encoder_regularizer: _Regularizer = None,
        encoder_constraint: _Constraint = None,
        memory_kernel_initializer: _Initializer = "glorot_normal",
        memory_kernel_regularizer: _Regularizer = None,
        memory_kernel_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LRU(_CellLayer):
    """Linear recurrent unit (LRU): a diagonal recurrence of complex numbers, and a read-out.

        a  = exp(−exp(ν))
        c  = a ⊙ cos(exp(θ))
        d  = a ⊙ sin(exp(θ))
        a2 = exp(γ)
        p' = c ⊙ p − d ⊙ q + a2 ⊙ W_p x
        q' = d ⊙ p + c ⊙ q + a2 ⊙ W_q x
        y  = R p' − Q q' + W_y x

    p and q are the real and the imaginary part of the state, of `state_units` entries each; each
    is turned by the angle exp(θ) and shrinks by a. W_p and W_q are the two parts of the paper's B,
    R and Q those of C, and W_y is D. a2 keeps the size of the state. Further weights: `nu_log`
    ν, `theta_log` θ and `gamma_log` γ, each `(state_units,)`, and `output_kernel_re` R and
    `output_kernel_im` Q, each `(state_units, units)`. The output y is no state.

    Deviations: reimplementations have an entry of D for each feature in place of the paper's
    matrix, and draw it from a wider distribution than B.

    Source: Orvieto et al., 2023, Resurrecting recurrent neural networks for long sequences,
    https://arxiv.org/abs/2303.06349
    """

    state_units: Any
    smallest: float
    largest: float
    largest_angle: float
    output_initializer: Any
    output_regularizer: Any
    output_constraint: Any
    def __init__(
        self,
        units: int,
        kernel_initializer: _Initializer = ...,
        kernel_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
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
        state_units: Any = None,
        smallest: float = 0.0,
        largest: float = 1.0,
        largest_angle: float = 6.28,
        output_initializer: _Initializer = ...,
        output_regularizer: _Regularizer = None,
        output_constraint: _Constraint = None,
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
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        use_cudnn: bool | Literal["auto"] = "auto",
        implementation: Literal[0, 1, 2] = 2,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LTC(_CellLayer):
    """Liquid time-constant network (LTC): leaky neurons, as fast as their synapses are open.

        a  = abs(w_x) ⊙ σ(κ_x ⊙ (s ⊙ x + b − μ_x))
        n  = sum(a ⊙ E_x)
        d  = sum(a)
        a2 = m abs(C)
        a3 = abs(g)
        a4 = abs(w) ⊙ σ(κ ⊙ (v − μ))
        v' = (a2 ⊙ v + Δt (a3 ⊙ E_g + sum(a4 ⊙ E) + n)) / (a2 + Δt (a3 + sum(a4) + d))

    and so m times, `unfolds`: v' of one round is v of the next. As many half-implicit steps of
    Euler's method make one step of the sequence; v1 and so on, in a trace, are those between.
    A synapse is a row and a column of w, κ, μ and E: from each neuron, or each x, to each neuron;
    sums are over what synapses come from. Δt is the time since the step before: the number
    `elapsed`, or with `elapsed=None` the last feature of the input, which is none of x. Weights, by
    the names of the authors: `gleak` g, `vleak` E_g and `cm` C, each `(units,)`; `w`, `sigma` κ,
    `mu` μ and `erev` E, each `(units, units)`; the same of the input, `sensory_w` and so on, each
    `(features, units)`; `input_w` s and `input_b` b, each `(features,)`.

    Deviations: the authors set weights to 0 that become negative where they must not be; for all
    others abs is the same. The paper's own code has no Δt, as here with `elapsed` equal to
    `unfolds`. A later library of theirs scales and shifts the output, as a layer behind this can.

    Source: Hasani, Lechner, Amini, Rus & Grosu, 2021, Liquid time-constant networks,
    https://arxiv.org/abs/2006.04439
    """

    unfolds: int
    elapsed: float
    def __init__(
        self,
        units: int,
        recurrent_activation: _Activation = "sigmoid",
        dropout: float = 0.0,
        seed: int | None = None,
        activity_regularizer: _Regularizer = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        loop: _Loop = "auto",
        zero_output_for_mask: bool = False,
        unfolds: int = 6,
        elapsed: float = 1.0,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
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

class LayerNormIndRNN(_CellLayer):
    """IndRNN with layer normalisation of the product with the input.

        h' = φ(LN(W x; γ) + u ⊙ h + b)

    Each unit sees its own state alone. Recurrent weight: `recurrent_vector` u `(units,)`; further
    weight: `gamma` `(units,)`.

    Deviations: the paper normalises over the batch, and φ is relu; over the units it is done in
    this place by the library haste, with tanh.

    Source: Li, Li, Cook, Zhu & Gao, 2018, Independently recurrent neural network (IndRNN):
    Building a longer and deeper RNN, https://arxiv.org/abs/1803.04831
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
        recurrent_initializer: _Initializer = ...,
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
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
        initial_forget_bias: Any = None,
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

class LiGRU(_CellLayer):
    """Light GRU (Li-GRU): a GRU without a reset gate, whose candidate is rectified.

        z  = σ(W_z x + U_z h + b_z)
        n  = φ(W_n x + U_n h + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    φ is `activation`, relu by default: states can grow without bound. z near 1 keeps the old state.

    Deviations: the paper normalises W_z x and W_n x over the batch, and then has no bias. In a
    trained network that is a factor for each column of `kernel`, and `bias`; in training it is
    another network. The authors' code drops entries of n in training, `recurrent_dropout` drops
    those of h before U.

    Source: Ravanelli, Brakel, Omologo & Bengio, 2018, Light gated recurrent units for speech
    recognition, https://arxiv.org/abs/1803.10225
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "relu",
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

class LipschitzRNN(_CellLayer):
    """Lipschitz RNN: a linear part, and a nonlinear one that changes no faster than the state.

        n  = φ(W x + S(M_W) h + b − γ h)
        h' = h + ε (S(M_A) h − γ h + n)                  ε = `epsilon`, γ = `gamma`

    where S(M) = β (M − Mᵀ) + (1 − β) (M + Mᵀ), β = `beta`. Recurrent weights: `recurrent_a` M_A and
    `recurrent_w` M_W, each `(units, units)`.

    Deviations: the paper has a β and a γ for each matrix, the authors' code, as here, one.

    Source: Erichson, Azencot, Queiruga, Hodgkinson & Mahoney, 2021, Lipschitz recurrent neural
    networks, https://arxiv.org/abs/2006.12070
    """

    epsilon: float
    gamma: float
    beta: float
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = ...,
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
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
        epsilon: float = 0.01,
        gamma: float = 0.01,
        beta: float = 0.8,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class LowRankFastGRNN(_CellLayer):
    """FastGRNN with products of two matrices of low rank in place of each matrix.

        a  = W_2 (W_1 x) + U_2 (U_1 h)
        z  = σ(a + b_z)
        n  = φ(a + b_n)
        h' = z ⊙ h + (σ(ζ) (1 − z) + σ(ν)) ⊙ n

    z near 1 keeps the old state. `kernel` W_1 is `(features, kernel_rank)`, `recurrent_kernel` U_1
    `(units, recurrent_rank)`. Further weights: `kernel_2` W_2 `(kernel_rank, units)`,
    `recurrent_kernel_2` U_2 `(recurrent_rank, units)`, `zeta` and `nu`, each `(1,)`; the last two
    start at 1 and −4, and the biases at 1, as in the authors' code.

    Source: Kusupati et al., 2018, FastGRNN: A fast, accurate, stable and tiny kilobyte sized gated
    recurrent neural network, https://arxiv.org/abs/1901.02358
    """

    kernel_rank: int
    recurrent_rank: int
    zeta_initializer: Any
    zeta_regularizer: Any
    zeta_constraint: Any
    nu_initializer: Any
    nu_regularizer: Any
    nu_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = "ones",
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
        kernel_rank: int,
        recurrent_rank: int,
        zeta_initializer: _Initializer = ...,
        zeta_regularizer: _Regularizer = None,
        zeta_constraint: _Constraint = None,
        nu_initializer: _Initializer = ...,
        nu_regularizer: _Regularizer = None,
        nu_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MCLSTM(_CellLayer):
    """Mass-conserving LSTM (MC-LSTM): what comes in is kept, moved about or put out, never lost.

        a  = sum(c)
        s  = c / where(a = 0; 1, a)
        i  = softmax(W_i x + U_i s + b_i)
        r  = softmax(W_r x + U_r s + b_r)
        o  = σ(W_o x + U_o s + b_o)
        m  = y i + cᵀ r
        h  = o ⊙ m
        c' = m − h

    The last `mass` features of the input are the amounts y that come in, which the weights do not
    see; x is all that is before them. i holds, for each of these amounts, the shares of the units
    in it, `mass` rows of `units` numbers side by side, and r, in `units` rows, where the content
    of each unit goes; each row adds up to 1. So c' and the output h, which is no state, hold
    together what c and y did.

    Deviations: none from the authors' module, which takes the auxiliary input first. It starts b_r
    from the identity, this cell all biases but b_o from 0.

    Source: Hoedt et al., 2021, MC-LSTM: Mass-conserving LSTM, https://arxiv.org/abs/2101.05186
    """

    mass: int
    def __init__(
        self,
        units: int,
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = ...,
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
        mass: int = 1,
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
        initial_forget_bias: Any = None,
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

class MLSTM(_CellLayer):
    """Matrix LSTM of the xLSTM (mLSTM): a memory of keys and values that a query reads.

        q   = W_q x + b_q
        k   = (W_k x + b_k) / √d                         d = units / heads
        v   = W_v x + b_v
        a_i = W_i x + b_i
        a_f = logsigmoid(W_f x + b_f) + m
        m'  = maximum(a_f; a_i)
        i   = exp(a_i − m')
        f   = exp(a_f − m')
        o   = σ(W_o x + b_o)
        C'  = f C + i v kᵀ
        n'  = f n + i k
        h   = o ⊙ C' q / (maximum(abs(n'ᵀ q); exp(−m')) + ε)

    m is the logarithm of what C and its normaliser n are divided by, so that nothing overflows,
    however long the sequence; i and f are divided by it, too. Each of `heads` has a query, a key
    and a value of d entries, a matrix C and one number each for i, f and m. No product is with a
    state, and the output h is none. With ε = `epsilon`.

    Deviations: the paper does not divide b_k by √d, the authors' code does, and this cell. In that
    code i and f are of q, k and v in place of x, with biases b_f from 3 to 6, and o is outside.

    Source: Beck et al., 2024, xLSTM: Extended long short-term memory,
    https://arxiv.org/abs/2405.04517
    """

    heads: int
    epsilon: float
    def __init__(
        self,
        units: int,
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
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
        initial_forget_bias: Any = None,
        heads: int = 1,
        epsilon: float = 1e-06,
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

class MUT2(_CellLayer):
    """Mutated unit MUT2: a GRU that takes the candidate where z is open.

        z  = σ(W_z x + U_z h + b_z)
        r  = σ(W_r x + U_r h + b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = z ⊙ n + (1 − z) ⊙ h

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell,
    which is the same network otherwise.

    Deviations: the paper has x itself in place of W_r x, and so as many features as units; with
    the identity for W_r, the second block of `kernel`, this is the paper's.

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

class MinGRU(_CellLayer):
    """Minimal GRU (minGRU): a GRU whose update gate and candidate are of the input alone.

        z  = σ(W_z x + b_z)
        n  = φ(W_n x + b_n)                              φ = `activation`, linear by default
        h' = (1 − z) ⊙ h + z ⊙ n

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.
    The form of the paper that runs in logarithms has a positive φ, a + ½ above 0 and σ(a) below.

    Source: Feng, Tung, Ahmed, Bengio & Hajimirsadeghi, 2024, Were RNNs all we needed?,
    https://arxiv.org/abs/2410.01201
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "linear",
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
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MinLSTM(_CellLayer):
    """Minimal LSTM (minLSTM): forget and input gate of the input alone, in shares of their sum.

        f  = σ(logsigmoid(W_f x + b_f) − logsigmoid(W_i x + b_i))
        i  = 1 − f
        n  = φ(W_n x + b_n)                              φ = `activation`, linear by default
        h' = f ⊙ h + i ⊙ n

    With σ_f = σ(W_f x + b_f) and σ_i = σ(W_i x + b_i) that is f = σ_f / (σ_f + σ_i) and
    i = σ_i / (σ_f + σ_i), as the paper writes it, where these are numbers: both may be as good as
    0. The form of the paper that runs in logarithms has a positive φ, a + ½ above 0 and σ(a) below.

    Source: Feng, Tung, Ahmed, Bengio & Hajimirsadeghi, 2024, Were RNNs all we needed?,
    https://arxiv.org/abs/2410.01201
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "linear",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
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
        initial_forget_bias: Any = None,
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

class MogrifierLSTM(_CellLayer):
    """Mogrifier LSTM: input and state scale each other, in turn, before an ordinary step.

        x1 = 2 σ(Q_1 h + b_1) ⊙ x
        h2 = 2 σ(R_2 x1 + b_2) ⊙ h
        i  = σ(U_i h2 + W_i x1 + b_i)
        f  = σ(U_f h2 + W_f x1 + b_f)
        g  = φ(U_g h2 + W_g x1 + b_g)
        o  = σ(U_o h2 + W_o x1 + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    with `rounds=2`; further rounds go on in the same way, the odd ones with x, and `rounds=0` is
    the LSTM. Further weights: `Q_1`, `Q_3` and so on, each `(units, features)`, `R_2`, `R_4`
    and so on, each `(features, units)`, and a bias of each round, `bias_1` and so on.

    Deviations: the biases of the rounds are in the authors' code and not in the paper. By default
    that code lets at most 1 − f in, min(i, 1 − f), which is in no equation of the paper either.

    Source: Melis, Kočiský & Blunsom, 2020, Mogrifier LSTM, https://arxiv.org/abs/1909.01792
    """

    rounds: int
    mogrifier_initializer: Any
    mogrifier_regularizer: Any
    mogrifier_constraint: Any
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
        initial_forget_bias: Any = None,
        rounds: int = 5,
        mogrifier_initializer: _Initializer = "glorot_uniform",
        mogrifier_regularizer: _Regularizer = None,
        mogrifier_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class MultiplicativeLSTM(_CellLayer):
    """Multiplicative LSTM: each input has transitions between states of its own.

        m  = W_m x ⊙ U_m h
        i  = σ(W_i x + U_i m + b_i)
        f  = σ(W_f x + U_f m + b_f)
        g  = φ(W_g x + U_g m + b_g)
        o  = σ(W_o x + U_o m + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Another mLSTM, the one of the xLSTM, has a matrix for a memory.

    Deviations: the units of OpenAI's code have these equations, with weight normalisation of all
    matrices, which is left out here.

    Source: Krause, Lu, Murray & Renals, 2016, Multiplicative LSTM for sequence modelling,
    https://arxiv.org/abs/1609.07959
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
        initial_forget_bias: Any = None,
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

class NestedLSTM(_CellLayer):
    """Nested LSTM (NLSTM): an inner LSTM takes the place of the sum that makes the memory.

        i   = σ(W_i x + U_i h + b_i)
        f   = σ(W_f x + U_f h + b_f)
        g   = φ(W_g x + U_g h + b_g)
        o   = σ(W_o x + U_o h + b_o)
        y   = i ⊙ g
        s   = f ⊙ c
        i_2 = σ(V_i y + R_i s + d_i)
        f_2 = σ(V_f y + R_f s + d_f)
        g_2 = φ(V_g y + R_g s + d_g)
        o_2 = σ(V_o y + R_o s + d_o)
        q'  = f_2 ⊙ q + i_2 ⊙ g_2
        c'  = o_2 ⊙ φ(q')
        h'  = o ⊙ φ(c')

    The inner LSTM reads y with the state s and the memory q; the outer memory c is its output.
    Further weights, with columns in the order i, f, g, o: `inner_kernel` V and
    `inner_recurrent_kernel` R, each `(units, 4 · units)`, and `inner_bias` d `(4 · units,)`.

    Source: Moniz & Krueger, 2018, Nested LSTMs, https://arxiv.org/abs/1801.10308
    """

    inner_initializer: Any
    inner_regularizer: Any
    inner_constraint: Any
    inner_recurrent_initializer: Any
    inner_recurrent_regularizer: Any
    inner_recurrent_constraint: Any
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
        initial_forget_bias: Any = None,
        inner_initializer: _Initializer = "glorot_uniform",
        inner_regularizer: _Regularizer = None,
        inner_constraint: _Constraint = None,
        inner_recurrent_initializer: _Initializer = "orthogonal",
        inner_recurrent_regularizer: _Regularizer = None,
        inner_recurrent_constraint: _Constraint = None,
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

class NoInputActivationLSTM(_CellLayer):
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
        initial_forget_bias: Any = None,
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

class NoInputGateLSTM(_CellLayer):
    """LSTM with peepholes without input gate (NIG): all that is new goes into the memory.

        f  = σ(W_f x + U_f h + p_f ⊙ c + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + g
        o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
        h' = o ⊙ φ(c')

    Further weights: `peephole_f` and `peephole_o`, each `(units,)`.

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
        initial_forget_bias: Any = None,
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

class NoOutputActivationLSTM(_CellLayer):
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
        initial_forget_bias: Any = None,
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
        initial_forget_bias: Any = None,
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
        initial_forget_bias: Any = None,
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

class ONLSTM(_CellLayer):
    """Ordered neurons LSTM (ON-LSTM): two master gates that rise and fall from unit to unit.

        mf = cumax(W_mf x + U_mf h + b_mf)
        mi = 1 − cumax(W_mi x + U_mi h + b_mi)
        i  = σ(W_i x + U_i h + b_i) ⊙ mf ⊙ mi + mi − mf ⊙ mi
        f  = σ(W_f x + U_f h + b_f) ⊙ mf ⊙ mi + mf − mf ⊙ mi
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    cumax is the cumulative sum of a softmax, between 0 and 1; each of its entries is that of
    `chunk_size` units. i and f are what the memory sees of both gates: the paper's, with a hat.

    Source: Shen, Tan, Sordoni & Courville, 2019, Ordered neurons: Integrating tree structures into
    recurrent neural networks, https://arxiv.org/abs/1810.09536
    """

    chunk_size: int
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
        initial_forget_bias: Any = None,
        chunk_size: int = 1,
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
        initial_forget_bias: Any = None,
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

class PhasedLSTM(_CellLayer):
    """Phased LSTM: a time gate by unit, which opens and closes once in each period.

        a  = abs(τ)
        p  = mod(s + t; a) / a
        a2 = abs(r)
        k  = where(p > a2; α p, where(p > a2 / 2; 2 − 2 p / a2, 2 p / a2))
        i  = σ(W_i x + U_i h + p_i ⊙ c + b_i)
        f  = σ(W_f x + U_f h + p_f ⊙ c + b_f)
        g  = φ(W_g x + U_g h + b_g)
        a3 = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + p_o ⊙ a3 + b_o)
        h' = k ⊙ o ⊙ φ(a3) + (1 − k) ⊙ h
        c' = k ⊙ a3 + (1 − k) ⊙ c                        α = `leak`

    The last feature of the input is the time t, which the weights do not see. p is the phase, the
    paper's φ, between 0 and 1; a unit is open for the share r of a period τ, shifted by s, and
    leaks by α for the rest of it. Further weights, each `(units,)`: `period` τ, `shift` s,
    `open_ratio` r, `peephole_i`, `peephole_f`, `peephole_o`.

    Deviations: periods start evenly between 10 and 100 and shifts between 0 and 1000, as in the
    authors' code, where the paper draws periods by their logarithms. The authors leave the leak
    out at inference, here it is the number `leak` at all times.

    Source: Neil, Pfeiffer & Liu, 2016, Phased LSTM: Accelerating recurrent network training for
    long or event-based sequences, https://arxiv.org/abs/1610.09513
    """

    leak: float
    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
    period_initializer: Any
    period_regularizer: Any
    period_constraint: Any
    shift_initializer: Any
    shift_regularizer: Any
    shift_constraint: Any
    open_ratio_initializer: Any
    open_ratio_regularizer: Any
    open_ratio_constraint: Any
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
        initial_forget_bias: Any = None,
        leak: float = 0.001,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
        period_initializer: _Initializer = ...,
        period_regularizer: _Regularizer = None,
        period_constraint: _Constraint = None,
        shift_initializer: _Initializer = ...,
        shift_regularizer: _Regularizer = None,
        shift_constraint: _Constraint = None,
        open_ratio_initializer: _Initializer = ...,
        open_ratio_regularizer: _Regularizer = None,
        open_ratio_constraint: _Constraint = None,
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
        initial_forget_bias: Any = None,
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

class QRNN(_CellLayer):
    """Quasi-recurrent network (QRNN) with a window of one input: pooling by forget and output gate.

        n  = φ(W_n x + b_n)
        f  = σ(W_f x + b_f)
        o  = σ(W_o x + b_o)
        c' = f ⊙ c + (1 − f) ⊙ n
        h  = o ⊙ c'

    The output h is no state: it does not come back.

    Deviations: in the authors' code f takes the candidate and 1 − f keeps the memory, so that W_f
    and b_f are those of the paper, negated. It starts from biases of 0, this cell from
    `unit_forget_bias`.

    Source: Bradbury, Merity, Xiong & Socher, 2017, Quasi-recurrent neural networks,
    https://arxiv.org/abs/1611.01576
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
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
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class QRNN2(_CellLayer):
    """Quasi-recurrent network (QRNN) with a window of two: gates of this input and the last one.

        n  = φ(W_n x + V_n p + b_n)
        f  = σ(W_f x + V_f p + b_f)
        o  = σ(W_o x + V_o p + b_o)
        c' = f ⊙ c + (1 − f) ⊙ n
        h  = o ⊙ c'
        p' = x

    The state p, the last input, has `features` entries. Further weight: `previous_kernel` V
    `(features, 3 · units)`. The output h is no state.

    Deviations: in the authors' code f takes the candidate and 1 − f keeps the memory, so that W_f,
    V_f and b_f are those of the paper, negated. It starts from biases of 0, this cell from
    `unit_forget_bias`.

    Source: Bradbury, Merity, Xiong & Socher, 2017, Quasi-recurrent neural networks,
    https://arxiv.org/abs/1611.01576
    """

    previous_initializer: Any
    previous_regularizer: Any
    previous_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
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
        initial_forget_bias: Any = None,
        previous_initializer: _Initializer = "glorot_uniform",
        previous_regularizer: _Regularizer = None,
        previous_constraint: _Constraint = None,
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
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class RGLRU(_CellLayer):
    """Real-gated linear recurrent unit (RG-LRU): a decay of each unit by a gate of its input.

        r  = σ(V_r(W x) + b_r)
        i  = σ(V_i(W x) + b_i)
        a  = exp(−8 r ⊙ softplus(Λ))
        h' = a ⊙ h + sqrt(maximum(1 − a ⊙ a; 10⁻¹²)) ⊙ i ⊙ W x

    The root keeps the variance of what is added up; 10⁻¹² is
    the least of which it is taken, so that its slope is finite. Further weights: `decay` Λ
    `(units,)`, and `block_r` and `block_i`, each `(heads, units / heads, units / heads)`: V_r and
    V_i have a block of weights for each of `heads` groups of units.

    Deviations: the paper has x itself in place of W x, and so as many features as units; with the
    identity for W this is the paper's. The authors' code takes i ⊙ x as it is at the first step of
    a document, and bounds the slope of the root. It draws exp(−softplus(Λ)) from a ring from 0.9 to
    0.999, this cell Λ evenly between the same ends.

    Source: De et al., 2024, Griffin: Mixing gated linear recurrences with local attention for
    efficient language models, https://arxiv.org/abs/2402.19427
    """

    heads: int
    block_initializer: Any
    block_regularizer: Any
    block_constraint: Any
    decay_initializer: Any
    decay_regularizer: Any
    decay_constraint: Any
    def __init__(
        self,
        units: int,
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
        heads: int = 1,
        block_initializer: _Initializer = "glorot_uniform",
        block_regularizer: _Regularizer = None,
        block_constraint: _Constraint = None,
        decay_initializer: _Initializer = ...,
        decay_regularizer: _Regularizer = None,
        decay_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class RHN(_CellLayer):
    """Recurrent highway network (RHN): each step passes through `depth` layers.

        n  = φ(W_n x + U_n h + b_n)
        t  = σ(W_t x + U_t h + b_t)
        s  = t ⊙ n + (1 − t) ⊙ h
        n2 = φ(U_n2 s + b_n2)
        t2 = σ(U_t2 s + b_t2)
        h' = t2 ⊙ n2 + (1 − t2) ⊙ s

    with `depth=2`; further layers are as the second one, and only the first sees the input. t near
    1 takes the candidate in place of the old state; the biases b_t start at −2 in all layers.
    `recurrent_kernel` is `(units, 2 · depth · units)`, with blocks n, t, n2, t2 and so on, as has
    `bias`.

    Deviations: the carry gate is 1 − t, as in all of the authors' experiments.

    Source: Zilly, Srivastava, Koutník & Schmidhuber, 2017, Recurrent highway networks,
    https://arxiv.org/abs/1607.03474
    """

    depth: int
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = "orthogonal",
        bias_initializer: _Initializer = None,
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
        depth: int = 3,
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

class ResidualLSTM(_CellLayer):
    """Residual LSTM: a shortcut past the memory, under the output gate.

        i  = σ(W_i x + U_i h + p_i ⊙ c  + b_i)
        f  = σ(W_f x + U_f h + p_f ⊙ c  + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
        h' = o ⊙ (R φ(c') + W_r x)

    Further weights: `peephole_i`, `peephole_f`, `peephole_o`, each `(units,)`, and
    `projection_kernel` R `(units, units)`; W_r, the last block of `kernel`, has no bias.

    Deviations: where there are as many features as units, the paper has x in place of W_r x.

    Source: Kim, El-Khamy & Lee, 2017, Residual LSTM: Design of a deep recurrent architecture for
    distant speech recognition, https://arxiv.org/abs/1701.03360
    """

    peephole_initializer: Any
    peephole_regularizer: Any
    peephole_constraint: Any
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
        initial_forget_bias: Any = None,
        peephole_initializer: _Initializer = "glorot_uniform",
        peephole_regularizer: _Regularizer = None,
        peephole_constraint: _Constraint = None,
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

class SCRN(_CellLayer):
    """Structurally constrained recurrent network (SCRN): a simple cell beside a leaky memory.

        s' = (1 − α) W_s x + α s                         α = `alpha`
        h' = σ(W_h x + U_h h + P s' + b_h)
        y  = [h', s']

    The output is y, the hidden state and the context side by side, which the paper's softmax reads.
    The context s has `context_units` entries and neither recurrent weights nor a bias; further
    weight: `context_kernel` P `(context_units, units)`.

    Source: Mikolov, Joulin, Chopra, Mathieu & Ranzato, 2015, Learning longer memory in recurrent
    neural networks, https://arxiv.org/abs/1412.7753
    """

    context_units: int
    alpha: float
    context_initializer: Any
    context_regularizer: Any
    context_constraint: Any
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
        context_units: int,
        alpha: float = 0.95,
        context_initializer: _Initializer = "glorot_uniform",
        context_regularizer: _Regularizer = None,
        context_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SLSTM(_CellLayer):
    """Scalar LSTM of the xLSTM (sLSTM): exponential input gate, normaliser and stabiliser.

        a_i = W_i x + R(h)_i + b_i
        a_f = logsigmoid(W_f x + R(h)_f + b_f) + m
        m'  = where(n = 0; a_i, maximum(a_f; a_i))
        i   = exp(a_i − m')
        f   = exp(a_f − m')
        g   = φ(W_g x + R(h)_g + b_g)
        o   = σ(W_o x + R(h)_o + b_o)
        c'  = f ⊙ c + i ⊙ g
        n'  = f ⊙ n + i
        h'  = o ⊙ c' / n'

    m is the logarithm of what the memory c and its normaliser n are divided by, so that nothing
    overflows, however long the sequence; i and f are divided by it, too. R has a block of weights
    for each of `heads` groups of neighbouring units: `head_kernel`
    `(heads, units / heads, 4 · units / heads)`, with columns by gate in the order i, f, g, o.

    Deviations: the authors' code begins with m' = a_i where n is 0 in all rows of a batch, this
    cell wherever it is; i and f are letters of the paper divided by e^m'.

    Source: Beck et al., 2024, xLSTM: Extended long short-term memory,
    https://arxiv.org/abs/2405.04517
    """

    heads: int
    head_initializer: Any
    head_regularizer: Any
    head_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
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
        initial_forget_bias: Any = None,
        heads: int = 1,
        head_initializer: _Initializer = "orthogonal",
        head_regularizer: _Regularizer = None,
        head_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SRU(_CellLayer):
    """Simple recurrent unit (SRU): light recurrence, and a highway past it.

        f  = σ(W_f x + v_f ⊙ c + b_f)
        r  = σ(W_r x + v_r ⊙ c + b_r)
        c' = f ⊙ c + (1 − f) ⊙ W_n x
        h  = r ⊙ φ(c') + (1 − r) ⊙ W_s x                 φ = `activation`, linear by default

    Each unit sees its own memory alone. The output h is no state. Further weights: `feedback_f`
    and `feedback_r`, each `(units,)`.

    Deviations: the paper has x itself in place of W_s x where there are as many features as units;
    with the identity for W_s, the last block of `kernel`, this is the paper's. The authors' code
    starts from biases of 0, this cell from `unit_forget_bias`.

    Source: Lei, Zhang, Wang, Dai & Artzi, 2018, Simple recurrent units for highly parallelizable
    recurrence, https://arxiv.org/abs/1709.02755
    """

    feedback_initializer: Any
    feedback_regularizer: Any
    feedback_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "linear",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
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
        initial_forget_bias: Any = None,
        feedback_initializer: _Initializer = "glorot_uniform",
        feedback_regularizer: _Regularizer = None,
        feedback_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class SRU1(_CellLayer):
    """Simple recurrent unit of the first version of the paper: gates that see no state.

        f  = σ(W_f x + b_f)
        r  = σ(W_r x + b_r)
        c' = f ⊙ c + (1 − f) ⊙ W_n x
        h  = r ⊙ φ(c') + (1 − r) ⊙ W_s x

    It is linear in its memory. The output h is no state.

    Deviations: the paper has x itself in place of W_s x where there are as many features as units;
    with the identity for W_s, the last block of `kernel`, this is the paper's. The authors' code
    starts from biases of 0, this cell from `unit_forget_bias`.

    Source: Lei, Zhang & Artzi, 2017, Training RNNs as fast as CNNs,
    https://arxiv.org/abs/1709.02755v1
    """
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
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
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
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

class TGRU(_CellLayer):
    """Strongly typed GRU (T-GRU): a leaky sum of n ⊙ o, both read from this input and the last.

        n  = W_n x + V_n p + b_n
        f  = σ(W_f x + V_f p + b_f)
        o  = φ(W_o x + V_o p + b_o)
        h' = f ⊙ h + n ⊙ o
        p' = x

    The state p, the last input, has `features` entries; n is the paper's z. Further weight:
    `previous_kernel` V `(features, 3 · units)`.

    Deviations: f starts from `unit_forget_bias`.

    Source: Balduzzi & Ghifary, 2016, Strongly-typed recurrent neural networks,
    https://arxiv.org/abs/1602.02218
    """

    previous_initializer: Any
    previous_regularizer: Any
    previous_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
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
        initial_forget_bias: Any = None,
        previous_initializer: _Initializer = "glorot_uniform",
        previous_regularizer: _Regularizer = None,
        previous_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class TLSTM(_CellLayer):
    """Strongly typed LSTM (T-LSTM): a mean of n, weighted by f, and shown as far as o lets it.

        n  = W_n x + V_n p + b_n
        f  = σ(W_f x + V_f p + b_f)
        o  = φ(W_o x + V_o p + b_o)
        c' = f ⊙ c + (1 − f) ⊙ n
        h  = c' ⊙ o
        p' = x

    The state p, the last input, has `features` entries; n is the paper's z. The output h is no
    state: it does not come back. Further weight: `previous_kernel` V `(features, 3 · units)`.

    Deviations: f starts from `unit_forget_bias`.

    Source: Balduzzi & Ghifary, 2016, Strongly-typed recurrent neural networks,
    https://arxiv.org/abs/1602.02218
    """

    previous_initializer: Any
    previous_regularizer: Any
    previous_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
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
        initial_forget_bias: Any = None,
        previous_initializer: _Initializer = "glorot_uniform",
        previous_regularizer: _Regularizer = None,
        previous_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class TRNN(_CellLayer):
    """Strongly typed RNN (T-RNN): a weighted mean of linear pieces of the inputs.

        n  = W_n x
        f  = σ(W_f x + b_f)
        h' = f ⊙ h + (1 − f) ⊙ n

    The gate sees the input alone; the candidate n is the paper's z.

    Source: Balduzzi & Ghifary, 2016, Strongly-typed recurrent neural networks,
    https://arxiv.org/abs/1602.02218
    """
    def __init__(
        self,
        units: int,
        recurrent_activation: _Activation = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        bias_initializer: _Initializer = "zeros",
        unit_forget_bias: bool = True,
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
        initial_forget_bias: Any = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class TiedMogrifierLSTM(_CellLayer):
    """Mogrifier LSTM with a coupled input gate: what is forgotten is replaced.

        x1 = 2 σ(Q_1 h + b_1) ⊙ x
        h2 = 2 σ(R_2 x1 + b_2) ⊙ h
        f  = σ(U_f h2 + W_f x1 + b_f)
        g  = φ(U_g h2 + W_g x1 + b_g)
        o  = σ(U_o h2 + W_o x1 + b_o)
        c' = f ⊙ c + (1 − f) ⊙ g
        h' = o ⊙ φ(c')

    with `rounds=2`; further rounds go on in the same way, the odd ones with x, and `rounds=0` is
    the LSTM with coupled gates. Further weights: `Q_1`, `Q_3` and so on, each `(units, features)`,
    `R_2`, `R_4` and so on, each `(features, units)`, and a bias of each round, `bias_1` and so on.

    Deviations: the biases of the rounds are in the authors' code and not in the paper.

    Source: Melis, Kočiský & Blunsom, 2020, Mogrifier LSTM, https://arxiv.org/abs/1909.01792
    """

    rounds: int
    mogrifier_initializer: Any
    mogrifier_regularizer: Any
    mogrifier_constraint: Any
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
        initial_forget_bias: Any = None,
        rounds: int = 5,
        mogrifier_initializer: _Initializer = "glorot_uniform",
        mogrifier_regularizer: _Regularizer = None,
        mogrifier_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class TimeAwareLSTM(_CellLayer):
    """Time-aware LSTM (T-LSTM): a short-term part of the memory fades with the time elapsed.

        s  = φ(D c + d)
        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ (c − s + s / log(e + t)) + i ⊙ g
        h' = o ⊙ φ(c')

    The last feature of the input is t, the time since the step before, of at least 0; x is all that
    is before it. Where t is 0 nothing fades. Further weights: `decomposition_kernel` D
    `(units, units)` and `decomposition_bias` d `(units,)`.

    Deviations: the authors' code takes the logistic function for s where the paper, as here, takes
    the hyperbolic tangent, and 2.7183 for e.

    Source: Baytas et al., 2017, Patient subtyping via time-aware LSTM networks, KDD,
    https://doi.org/10.1145/3097983.3097997
    """

    decomposition_initializer: Any
    decomposition_regularizer: Any
    decomposition_constraint: Any
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
        initial_forget_bias: Any = None,
        decomposition_initializer: _Initializer = "glorot_uniform",
        decomposition_regularizer: _Regularizer = None,
        decomposition_constraint: _Constraint = None,
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

class UnICORNN(_CellLayer):
    """Undamped independent controlled oscillatory RNN (UnICORNN), one layer of it.

        n  = φ(W x + u ⊙ y + b)
        z' = z − Δt σ(s) ⊙ (n + α y)                     Δt = `dt`, α = `alpha`
        y' = y + Δt σ(s) ⊙ z'

    σ is the logistic function. The output is y, the positions, which move by the new velocities z;
    each unit sees its own position alone, and s learns its time step. Recurrent weight:
    `recurrent_vector` u `(units,)`, the paper's w; further weight: `scale` s `(units,)`, its c.

    Source: Rusch & Mishra, 2021, UnICORNN: A recurrent model for learning very long time
    dependencies, https://arxiv.org/abs/2103.05487
    """

    dt: float
    alpha: float
    scale_initializer: Any
    scale_regularizer: Any
    scale_constraint: Any
    def __init__(
        self,
        units: int,
        activation: _Activation = "tanh",
        use_bias: bool = True,
        kernel_initializer: _Initializer = "glorot_uniform",
        recurrent_initializer: _Initializer = ...,
        bias_initializer: _Initializer = "zeros",
        kernel_regularizer: _Regularizer = None,
        recurrent_regularizer: _Regularizer = None,
        bias_regularizer: _Regularizer = None,
        activity_regularizer: _Regularizer = None,
        kernel_constraint: _Constraint = None,
        recurrent_constraint: _Constraint = None,
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
        dt: float = 0.1,
        alpha: float = 1.0,
        scale_initializer: _Initializer = ...,
        scale_regularizer: _Regularizer = None,
        scale_constraint: _Constraint = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: _DType = None,
        autocast: bool = True,
        input_shape: tuple[int | None, ...] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class WMCLSTM(_CellLayer):
    """LSTM with working memory connections (WMC): gates see the memory, projected and squashed.

        i  = σ(W_i x + U_i h + φ(M_i c)  + b_i)
        f  = σ(W_f x + U_f h + φ(M_f c)  + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + φ(M_o c') + b_o)
        h' = o ⊙ φ(c')

    Peepholes (`FullPeepholeLSTMCell`) add the memory as it is, which grows with the length and
    holds the gates open or shut; tanh, which φ is by default, keeps what they see between -1 and 1.
    Further weights: `working_memory_i`, `working_memory_f`, `working_memory_o`, each
    `(units, units)`.

    Source: Landi, Baraldi, Cornia & Cucchiara, 2021, Working memory connections for LSTM,
    Neural Networks, https://arxiv.org/abs/2109.00020
    """

    working_memory_initializer: Any
    working_memory_regularizer: Any
    working_memory_constraint: Any
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
        initial_forget_bias: Any = None,
        working_memory_initializer: _Initializer = "glorot_uniform",
        working_memory_regularizer: _Regularizer = None,
        working_memory_constraint: _Constraint = None,
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
