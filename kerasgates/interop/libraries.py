"""Libraries that lay out each cell in a way of their own: their arrays, as data."""

from __future__ import annotations

from kerasgates.interop.conventions import REGULAR
from kerasgates.interop.pieces import Fixed, Layouts


def _torch(ih, hh=None, b_ih=None, b_hh=None, vector=None, **more):
    """Arrays of a cell of torchrecurrent by its names, from orders of blocks.

    Its biases are zeros, and not missing, without `bias` and `recurrent_bias`.
    """
    arrays = {"weight_ih": f"kernel: {ih} | transposed"}
    if vector or hh:
        arrays["weight_hh"] = vector or f"recurrent_kernel: {hh} | transposed"
    arrays["bias_ih"] = f"bias: {b_ih or ih}"
    if b_hh or hh:
        arrays["bias_hh"] = f"bias: {b_hh or hh}"
    return arrays | more


#: Two biases everywhere, of the input and of the recurrent product, of which the sum counts.
TORCHRECURRENT = Layouts(
    {
        "AntisymmetricRNNCell": _torch("n", b_hh="n", vector="recurrent_matrix | transposed"),
        "GatedAntisymmetricRNNCell": _torch(
            "i n", b_hh="n", vector="recurrent_matrix | transposed"
        ),
        "ATRCell": _torch("p", "p", b_ih="0"),
        "BRCCell": _torch("a z n", b_ih="a z 0", b_hh="a z", vector="feedback_a feedback_z"),
        "NBRCCell": _torch("a z n", "a z", b_ih="a z 0"),
        "CFNCell": _torch("f i n", "f i", b_ih="f i 0"),
        "CoRNNCell": _torch("n", "n", weight_ch="velocity_kernel | transposed", bias_ch="bias: n"),
        "FastRNNCell": _torch("n", "n", alpha="alpha", beta="beta"),
        "FastGRNNCell": _torch("p", "p", b_ih="z n", b_hh="z n", zeta="zeta", nu="nu"),
        "IndRNNCell": {
            "weight_ih": "kernel: h | transposed",
            "vector_u": "recurrent_vector",
            "bias_ih": "bias: h",
            "bias_hh": "bias: h",
        },
        "IntersectionRNNCell": _torch("v n k z", "v n k z"),
        "JANETCell": _torch("f g", "f g", beta=Fixed(1.0)),
        "MGUCell": _torch("f n", "f n"),
        "MinimalRNNCell": _torch("n", "z", weight_mm="latent_kernel | transposed"),
        "MultiplicativeLSTMCell": _torch(
            "m i f g o",
            "m",
            b_ih="0 i f g o",
            b_hh="0",
            weight_mh="recurrent_kernel: i f g o | transposed",
            bias_mh="bias: i f g o",
        ),
        "MUT1Cell": _torch("z r v", "r n", b_ih="z r 0"),
        # Its MUT2Cell.
        "GRUCell": _torch("-z r n", "-z r n"),
        "MUT3Cell": _torch("z r n", "z r n"),
        "OriginalLSTMCell": _torch("i g o", "i g o"),
        "PeepholeLSTMCell": _torch(
            "i f g o", "i f g o", weight_ph="peephole_i peephole_f peephole_o"
        ),
        "RANCell": _torch("n i f", "i f", b_ih="i f"),
        "ResidualLSTMCell": _torch(
            "i f g o",
            "i f g o",
            weight_proj="projection_kernel | transposed",
            weight_res="kernel: r | transposed",
            weight_ph="peephole_i peephole_f peephole_o",
        ),
        "STARCell": _torch("n k", "k"),
        "TGRUCell": _torch("n f o", b_hh="n f o", vector="previous_kernel | transposed"),
        "TLSTMCell": _torch("n f o", b_hh="n f o", vector="previous_kernel | transposed"),
        "TRNNCell": _torch("n f", b_ih="0 f"),
        "UGRNNCell": _torch("n z", "n z"),
        "UnICORNNCell": _torch("n", b_hh="n", vector="recurrent_vector", weight_ch="scale"),
    },
    fixed={"IntersectionRNNCell": {"kernel: s": "identity"}},
    different={
        "LEMCell": "Its LEM shows y the old z in place of the new one.",
        "NASCell": "Its NAS adds W_3 x and U_3 h, where the equation multiplies them.",
        "RHNCell": "Its RHN has weights of carry gates, too.",
        "SCRNCell": "Its SCRN has one layer more, with recurrent weights of its own.",
    },
)


def _linear(order, bias=None, rows="kernel: {0} / recurrent_kernel: {0}"):
    """Kernel and bias of TensorFlow 1: the weights of [x, h]."""
    plain = " ".join(label.partition("+")[0] for label in order.split())
    return {"kernel": rows.format(plain), "bias": f"bias: {bias or order}"}


_DIAGONAL = {f"w_{gate}_diag": f"peephole_{gate}" for gate in "fio"}


def _group_lstm(cell):
    """GLSTMCell: a kernel for the features and units of each group, and biases of all by gate."""
    if cell.features % cell.groups:
        raise ValueError(
            f"Argument `groups` must divide the features, as in GLSTMCell. "
            f"Received: groups={cell.groups} and {cell.features} features"
        )
    width = cell.features // cell.groups
    rows = "kernel@{0}-{1}: i g f o / group_kernel@{2}: i g f o"
    arrays = {
        f"group{k}/kernel": rows.format(k * width, (k + 1) * width, k) for k in range(cell.groups)
    }
    biases = {"i": "i", "j": "g", "f": "f+1", "o": "o"}
    return arrays | {f"bias_{letter}": f"bias: {gate}" for letter, gate in biases.items()}


#: The cells of tf.nn.rnn_cell and tf.contrib.rnn by the names in a checkpoint, `forget_bias` at its
#: default.
TF1_CHECKPOINT = Layouts(
    {
        "SimpleRNNCell": _linear("h"),
        "LSTMCell": _linear("i g f+1 o"),
        "PeepholeLSTMCell": _linear("i g f+1 o") | _DIAGONAL,
        "ProjectedLSTMCell": _linear("i g f+1 o") | {"projection/kernel": "projection_kernel"},
        "CoupledLSTMCell": _linear("g f+1 o"),
        "GroupLSTMCell": _group_lstm,
        "GRUCell": {
            "gates/kernel": "kernel: r z / recurrent_kernel: r z",
            "gates/bias": "bias: r z",
            "candidate/kernel": "kernel: n / recurrent_kernel: n",
            "candidate/bias": "bias: n",
        },
        "UGRNNCell": _linear("z+1 n"),
        "IntersectionRNNCell": _linear("z+1 n k+1 v"),
        "IndRNNCell": {
            "kernel_w": "kernel",
            "kernel_u": "recurrent_vector | row",
            "bias": "bias",
        },
        "IndyLSTMCell": {
            "kernel_w": "kernel: i g f o",
            "kernel_u": "recurrent_vector: i g f o | row",
            "bias": "bias: i g f+1 o",
        },
        "MinimalRNNCell": {
            "kernel": "kernel: n / latent_kernel / recurrent_kernel: z",
            "bias": "bias: z",
        },
        # Its gate of the input is the share that the input has not.
        "CFNCell": {
            "kernel": "kernel: f -i n",
            "recurrent_kernel": "recurrent_kernel: f -i",
            "bias": "bias: f -i",
        },
        "NASCell": lambda cell: {
            "recurrent_kernel": "recurrent_kernel",
            "kernel": "kernel",
            **({"bias": "bias"} if cell.use_bias else {}),
            **({"projection_weights": "projection_kernel"} if cell.projection_units else {}),
        },
    },
    fixed={"IntersectionRNNCell": {"kernel: s": "identity"}},
    different={
        "LayerNormLSTMCell": "LayerNormBasicLSTMCell normalises each gate by itself, "
        "and carries the normalised memory on.",
    },
)


def _xlstm(kernel_form, bias_form):
    # The module that is called fgate gives what the cell takes for the input gate.
    modules = {"fgate": "i", "igate": "f", "zgate": "g", "ogate": "o"}
    arrays = {
        f"{module}.weight": f"kernel: {gate} | blocks of heads" for module, gate in modules.items()
    }
    arrays["slstm_cell._recurrent_kernel_"] = f"head_kernel{kernel_form}"
    arrays["slstm_cell._bias_"] = f"bias{bias_form}"
    return Layouts({"SLSTMCell": arrays})


#: sLSTMLayer of xlstm without its convolution and norm, as its two backends keep the weights.
XLSTM = _xlstm("", " | by head")
XLSTM_VANILLA = _xlstm(" | rows of heads", "")

#: What the function flashrnn(W x, R, b, function="slstm") is given, and W.
FLASHRNN = Layouts(
    {
        "SLSTMCell": {
            "W": "kernel | gates and heads",
            "R": "head_kernel | gates first",
            "b": "bias | gates and heads",
        }
    }
)


def _sru(feedback):
    """Arrays of sru.SRUCell: the input goes on as it is where it has as many entries."""

    def arrays(cell):
        same = cell.features == cell.units
        blocks, scale = ("n f r", "kernel: s | factor") if same else ("n f r s", None)
        return {
            "weight": f"kernel: {blocks} | interleaved",
            "weight_c": feedback,
            "bias": "bias: f r",
            # Without use where the input has weights.
            "scale_x": scale or Fixed(1.0, (1,), counts=False),
        }

    return arrays


SRU = Layouts({"SRUCell": _sru("feedback_f feedback_r"), "SRU1Cell": _sru("0 0")})

MINGRU = Layouts(
    {"MinGRUCell": {"to_hidden_and_gate.weight": "kernel: n z | transposed"}},
    different={"MinLSTMCell": "minGRU-pytorch has no minLSTM of these equations."},
)

#: LMUCell with `memory_d=1`, all its connections, and a SimpleRNNCell as the hidden cell.
KERAS_LMU = Layouts(
    {
        "LMUCell": {
            "kernel": "kernel: u / recurrent_kernel: u",
            "recurrent_kernel": "encoder",
            "hidden_kernel": "memory_kernel / kernel: h",
            "hidden_recurrent_kernel": "recurrent_kernel: h",
        }
    },
    fixed={"LMUCell": {"A": None, "B": None}},
)


def _cfc(cell):
    """Names of ncps for PyTorch; between two layers of the backbone is its function."""
    arrays = {
        "backbone.0.weight": "kernel: a / recurrent_kernel: a | transposed",
        "backbone.0.bias": "bias: a",
    }
    for layer in range(2, cell.backbone_layers + 1):
        at = f"backbone.{2 * layer - 2}"
        arrays[f"{at}.weight"] = f"backbone_kernel_{layer} | transposed"
        zeros = Fixed(0.0, (cell.backbone_units,))
        arrays[f"{at}.bias"] = f"backbone_bias_{layer}" if cell.use_bias else zeros
    for name, block in (("ff1", "n"), ("ff2", "g"), ("time_a", "s"), ("time_b", "z")):
        arrays[f"{name}.weight"] = f"head_kernel: {block} | transposed"
        arrays[f"{name}.bias"] = f"head_bias: {block}"
    return arrays


NCPS = Layouts({"CfCCell": _cfc})

_LSTM = {name: f"{name}: i g f o" for name in ("kernel", "recurrent_kernel", "bias")}

HASTE = Layouts(
    {
        "LSTMCell": _LSTM,
        "ResetAfterGRUCell": {
            "kernel": "kernel: z r n",
            "recurrent_kernel": "recurrent_kernel: z r n",
            "bias": "bias@0: z r n",
            "recurrent_bias": "bias@1: z r n",
        },
        "IndRNNCell": {
            "kernel": "kernel",
            "recurrent_scale": "recurrent_vector",
            "bias": "bias",
        },
        "LayerNormLSTMCell": _LSTM
        | {
            "gamma": "gamma_x: i g f o / gamma_h: i g f o",
            "gamma_h": "gamma_c",
            "beta_h": "beta_c",
        },
        "LayerNormIndRNNCell": {
            "kernel": "kernel",
            "recurrent_scale": "recurrent_vector",
            "bias": "bias",
            # Its second row acts on nothing.
            "gamma": "gamma | beside ones",
        },
    },
    fixed={"LayerNormLSTMCell": {"beta_x": 0, "beta_h": 0}},
    different={
        "GRUCell": "Its GRU resets after the recurrent product: that is a ResetAfterGRUCell.",
        "LayerNormGRUCell": "Its LayerNormGRU normalises gates and candidate together.",
    },
)

#: Every library by name. Another one is one more `Convention` or `Layouts`, given to `from_arrays`.
CONVENTIONS = REGULAR | {
    "torchrecurrent": TORCHRECURRENT,
    "tf1_checkpoint": TF1_CHECKPOINT,
    "xlstm": XLSTM,
    "xlstm_vanilla": XLSTM_VANILLA,
    "flashrnn": FLASHRNN,
    "sru": SRU,
    "mingru": MINGRU,
    "keras_lmu": KERAS_LMU,
    "haste": HASTE,
    "ncps": NCPS,
}
