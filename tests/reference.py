"""Float64 NumPy reference of every cell, written from the papers and from nothing of the package.

A step of each cell is a function in `reference_lstm` where it has a memory c, in
`reference_dynamics` where it discretises an equation in time, in `reference_differing` where not
all gates have the same weights, else in `reference_gru`; in `reference_further` are more of each
kind. `reference_parts` says what they take and return. Here is the table of them, and a loop over
time.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tests import reference_ablations as ablations
from tests import reference_differing as differing
from tests import reference_dynamics as dynamics
from tests import reference_further as further
from tests import reference_gru as grus
from tests import reference_linear as linear
from tests import reference_lstm as lstms
from tests import reference_timed as timed
from tests.reference_parts import f64


@dataclass(frozen=True)
class Reference:
    """What the tests know of a cell, and not from its code.

    Attributes:
        step: the function of one step.
        gates: the order of its column blocks.
        states: the names of its states.
        direct: by state, its derivative along the direct path, gates held fixed: ∂c'/∂c of c.
        configurations: further arguments with which the cell is tried, beside the default ones.
        structures: those arguments, `{}` among them, whose step has a structure of its own: other
            products with the state than all cells above. A test says where one is missing.
        exported: whether exports are tried in every form: its step has operations that no cell
            above with as many states has. A test says where one is missing; the other cells are
            tried in one form of each kind of file.
    """

    step: Any
    gates: tuple[str, ...]
    states: tuple[str, ...]
    direct: dict[str, str | None]
    configurations: tuple[dict, ...] = ()
    structures: tuple[dict, ...] = ()
    exported: bool = False


#: Configurations that several cells have.
NO_BIAS, LINEAR_OUTPUT = {"use_bias": False}, {"output_activation": "linear"}
TWO_STEPS = {"unfolds": 2, "elapsed": None}
OTHER_FUNCTIONS = {"recurrent_activation": "tanh", "activation": "relu", **LINEAR_OUTPUT}
H, C, HC, DEFAULT = ("h",), ("c",), ("h", "c"), {}
FORGET, UPDATE, NO_PATH = {"c": "f", "h": None}, {"h": "z"}, {"h": None}
NEW_F, NEW_Z = {"h": "1 − f"}, {"h": "1 − z"}

CELLS: dict[str, Reference] = {
    "SimpleRNNCell": Reference(
        grus.simple_rnn, H, H, NO_PATH, ({"activation": "relu"}, NO_BIAS), (DEFAULT,)
    ),
    "OriginalLSTMCell": Reference(
        lstms.original_lstm, tuple("igo"), HC, {"c": "1", "h": None}, (LINEAR_OUTPUT, NO_BIAS)
    ),
    "LSTMCell": Reference(
        lstms.lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS, OTHER_FUNCTIONS), (DEFAULT,), exported=True
    ),
    "PeepholeLSTMCell": Reference(
        lstms.peephole_lstm, tuple("ifgo"), HC, FORGET, (LINEAR_OUTPUT, NO_BIAS), (DEFAULT,)
    ),
    "FullPeepholeLSTMCell": Reference(
        lstms.full_peephole_lstm, tuple("ifgo"), HC, FORGET, (LINEAR_OUTPUT,)
    ),
    "WMCLSTMCell": Reference(lstms.wmc_lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS,)),
    "CoupledLSTMCell": Reference(lstms.coupled_lstm, tuple("fgo"), HC, FORGET, (NO_BIAS,)),
    "NoOutputGateLSTMCell": Reference(
        lstms.no_output_gate_lstm, tuple("ifg"), HC, FORGET, (LINEAR_OUTPUT,)
    ),
    "GRUCell": Reference(grus.gru, tuple("zrn"), H, UPDATE, (NO_BIAS,), (DEFAULT,), exported=True),
    "ResetAfterGRUCell": Reference(
        grus.reset_after_gru,
        tuple("zrn"),
        H,
        UPDATE,
        ({"use_recurrent_bias": False}, NO_BIAS),
    ),
    "UGRNNCell": Reference(grus.ugrnn, tuple("zn"), H, UPDATE, ({"activation": "relu"},)),
    "LayerNormLSTMCell": Reference(
        lstms.layer_norm_lstm,
        tuple("ifgo"),
        HC,
        FORGET,
        ({"epsilon": 0.1}, NO_BIAS),
        (DEFAULT,),
        exported=True,
    ),
    "LayerNormSimpleRNNCell": Reference(
        grus.layer_norm_simple_rnn,
        H,
        H,
        NO_PATH,
        ({"activation": "linear"}, NO_BIAS),
        (DEFAULT,),
        exported=True,
    ),
    "NASCell": Reference(
        lstms.nas,
        tuple("01234567"),
        HC,
        {"c": "(1 − tanh(l0 + c) ⊙ tanh(l0 + c)) ⊙ l1", "h": None},
        ({"use_bias": True}, {"projection_units": 3}, {"projection_units": 6}),
        (DEFAULT,),
        exported=True,
    ),
    "ESNCell": Reference(grus.esn, H, H, {"h": "1 − α"}, ({"leaky": 0.3, "connectivity": 0.7},)),
    "MultiplicativeLSTMCell": Reference(
        further.multiplicative_lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS,)
    ),
    "IndyLSTMCell": Reference(further.indy_lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS,)),
    "IndRNNCell": Reference(
        further.indrnn, H, H, NO_PATH, ({"activation": "tanh"}, NO_BIAS), exported=True
    ),
    "LayerNormIndRNNCell": Reference(further.layer_norm_indrnn, H, H, NO_PATH, ({"epsilon": 0.1},)),
    "FastGRNNCell": Reference(further.fast_grnn, tuple("zn"), H, UPDATE, (NO_BIAS,), exported=True),
    "LowRankFastGRNNCell": Reference(further.low_rank_fast_grnn, tuple("zn"), H, UPDATE),
    "RHNCell": Reference(further.rhn, tuple("nt"), H, NO_PATH, ({"depth": 1},), (DEFAULT,)),
    "UnICORNNCell": Reference(
        further.unicornn,
        ("n",),
        ("y", "z"),
        {"y": "1 − α Δt σ(s) ⊙ Δt σ(s)", "z": "1"},
        ({"dt": 0.5, "alpha": 0.4},),
    ),
    "IntersectionRNNCell": Reference(
        further.intersection, tuple("znkv"), H, UPDATE, (NO_BIAS,), (DEFAULT,)
    ),
    "AntisymmetricRNNCell": Reference(
        further.antisymmetric, ("n",), H, {"h": "1"}, ({"epsilon": 0.3, "gamma": 0.2},)
    ),
    "GatedAntisymmetricRNNCell": Reference(
        further.gated_antisymmetric, tuple("in"), H, {"h": "1"}, ({"epsilon": 0.3, "gamma": 0.2},)
    ),
    "LipschitzRNNCell": Reference(
        further.lipschitz,
        ("n",),
        H,
        {"h": "1 − γ ε"},
        ({"epsilon": 0.3, "gamma": 0.2, "beta": 0.6},),
    ),
    "MogrifierLSTMCell": Reference(
        further.mogrifier_lstm, tuple("ifgo"), HC, FORGET, ({"rounds": 2}, NO_BIAS), exported=True
    ),
    "TiedMogrifierLSTMCell": Reference(
        further.tied_mogrifier_lstm, tuple("fgo"), HC, FORGET, ({"rounds": 3},), (DEFAULT,)
    ),
    "ONLSTMCell": Reference(
        further.on_lstm,
        (*"ifgo", "mf", "mi"),
        HC,
        FORGET,
        ({"chunk_size": 2},),
        (DEFAULT,),
        exported=True,
    ),
    "SCRNCell": Reference(
        further.scrn,
        tuple("hs"),
        ("h", "s"),
        {"h": None, "s": "α"},
        ({"alpha": 0.6, "use_bias": True},),
    ),
    "ResidualLSTMCell": Reference(further.residual_lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS,)),
    "GroupLSTMCell": Reference(further.group_lstm, tuple("ifgo"), HC, FORGET, exported=True),
    "LMUCell": Reference(
        further.lmu, tuple("hu"), ("h", "m"), {"h": None, "m": None}, ({"order": 5},)
    ),
    "TRNNCell": Reference(further.trnn, tuple("nf"), H, {"h": "f"}, (), (DEFAULT,)),
    "TGRUCell": Reference(further.tgru, tuple("nfo"), ("h", "p"), {"h": "f", "p": None}),
    "TLSTMCell": Reference(further.tlstm, tuple("nfo"), ("c", "p"), {"c": "f", "p": None}),
    "ProjectedLSTMCell": Reference(
        lstms.projected_lstm, tuple("ifgo"), HC, FORGET, ({"projection_units": 6},), exported=True
    ),
    "MGU1Cell": Reference(differing.mgu1, tuple("fn"), H, NEW_F, (NO_BIAS,)),
    "MGU2Cell": Reference(differing.mgu2, tuple("fn"), H, NEW_F),
    "MGU3Cell": Reference(differing.mgu3, tuple("fn"), H, NEW_F, (NO_BIAS,), (DEFAULT,)),
    "SlimGRU1Cell": Reference(differing.slim_gru1, tuple("zrn"), H, NEW_Z, (NO_BIAS,)),
    "SlimGRU2Cell": Reference(differing.slim_gru2, tuple("zrn"), H, NEW_Z),
    "SlimGRU3Cell": Reference(differing.slim_gru3, tuple("zrn"), H, NEW_Z),
    "MinimalRNNCell": Reference(differing.minimal_rnn, tuple("nz"), H, UPDATE, (NO_BIAS,)),
    "RANCell": Reference(
        differing.ran, tuple("ifn"), HC, FORGET, ({"activation": "linear"}, NO_BIAS)
    ),
    "CFNCell": Reference(
        differing.cfn, tuple("ifn"), H, {"h": "(1 − φ(h) ⊙ φ(h)) ⊙ f"}, (NO_BIAS,)
    ),
    "MUT1Cell": Reference(differing.mut1, tuple("zrn"), H, NEW_Z, (NO_BIAS,)),
    "STARCell": Reference(
        differing.star, tuple("kn"), H, {"h": "(1 − k) ⊙ (1 − h' ⊙ h')"}, (NO_BIAS,)
    ),
    "BRCCell": Reference(differing.brc, tuple("azn"), H, UPDATE, (NO_BIAS,)),
    "NBRCCell": Reference(differing.nbrc, tuple("azn"), H, UPDATE),
    "JANETCell": Reference(grus.janet, tuple("fg"), H, {"h": "f"}),
    "MGUCell": Reference(grus.mgu, tuple("fn"), H, {"h": "1 − f"}, (NO_BIAS,)),
    "LayerNormGRUCell": Reference(
        grus.layer_norm_gru, tuple("zrn"), H, UPDATE, ({"epsilon": 0.1},), (DEFAULT,)
    ),
    "MUT3Cell": Reference(grus.mut3, tuple("zrn"), H, {"h": "1 − z"}, (), (DEFAULT,)),
    "LEMCell": Reference(
        dynamics.lem,
        tuple("12zy"),
        ("y", "z"),
        {"y": "1 − t1", "z": "1 − t2"},
        ({"dt": 0.3},),
        (DEFAULT,),
    ),
    "ATRCell": Reference(grus.atr, ("p",), H, {"h": "f"}, ({"use_bias": True},)),
    "CoRNNCell": Reference(
        dynamics.cornn,
        ("n",),
        ("y", "z"),
        {"y": "1 − γ Δt Δt", "z": "1 − ε Δt"},
        ({"dt": 0.5, "gamma": 0.4, "epsilon": 0.7},),
    ),
    "CTRNNCell": Reference(
        dynamics.ctrnn, ("n",), H, {"h": "1 − Δt / τ"}, ({"dt": 0.3, "tau": 0.4},)
    ),
    "FastRNNCell": Reference(dynamics.fast_rnn, ("n",), H, {"h": "σ(β)"}),
    "MILSTMCell": Reference(lstms.mi_lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS,)),
    "MIGRUCell": Reference(grus.mi_gru, tuple("zrn"), H, UPDATE, (), (DEFAULT,)),
    "NoForgetGateLSTMCell": Reference(
        lstms.no_forget_gate_lstm, tuple("igo"), HC, {"c": "1", "h": None}
    ),
    "NoOutputGatePeepholeLSTMCell": Reference(
        lstms.no_output_gate_peephole_lstm, tuple("ifg"), HC, FORGET
    ),
    "NoInputGateLSTMCell": Reference(
        ablations.no_input_gate, tuple("fgo"), HC, FORGET, (LINEAR_OUTPUT,)
    ),
    "NoInputActivationLSTMCell": Reference(
        ablations.no_input_activation, tuple("ifgo"), HC, FORGET, (NO_BIAS,)
    ),
    "NoOutputActivationLSTMCell": Reference(
        ablations.no_output_activation, tuple("ifgo"), HC, FORGET, ({"activation": "relu"},)
    ),
    "FullGateRecurrenceLSTMCell": Reference(
        ablations.full_gate_recurrence, tuple("ifgo"), (*HC, "q"), {**FORGET, "q": None}, (NO_BIAS,)
    ),
    "NestedLSTMCell": Reference(
        timed.nested_lstm,
        tuple("ifgo"),
        (*HC, "q"),
        {"h": None, "c": None, "q": "f_2"},
        (NO_BIAS, LINEAR_OUTPUT),
        exported=True,
    ),
    "TimeAwareLSTMCell": Reference(
        timed.time_aware_lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS,), (DEFAULT,), exported=True
    ),
    "PhasedLSTMCell": Reference(
        timed.phased_lstm,
        tuple("ifgo"),
        HC,
        {"h": "1 − k", "c": "f ⊙ k + 1 − k"},
        ({"leak": 0.2},),
        (DEFAULT,),
        exported=True,
    ),
    "ClockworkRNNCell": Reference(
        timed.clockwork,
        ("n",),
        ("h", "k"),
        {"h": None, "k": None},
        ({"periods": [3, 1], "use_bias": False},),
        (DEFAULT,),
        exported=True,
    ),
    "GRUDCell": Reference(
        timed.gru_d,
        tuple("zrn"),
        ("h", "p", "d"),
        {"h": "s ⊙ (1 − z)", "p": None, "d": None},
        (NO_BIAS,),
        (DEFAULT,),
        exported=True,
    ),
    "CfCCell": Reference(
        timed.cfc,
        ("b",),
        H,
        NO_PATH,
        (
            {"backbone_units": 3, "backbone_layers": 2, "use_bias": False},
            {"backbone_units": 5, "elapsed": None},
        ),
    ),
    "LTCCell": Reference(timed.ltc, tuple("nd"), ("v",), {"v": None}, (TWO_STEPS,), exported=True),
    "MCLSTMCell": Reference(
        timed.mc_lstm, tuple("ior"), C, {"c": None}, ({"mass": 2},), (DEFAULT,), exported=True
    ),
    "HyperLSTMCell": Reference(
        lstms.hyper_lstm,
        tuple("ifgo"),
        tuple("hcyq"),
        {**FORGET, "y": None, "q": "v_f"},
        ({"hyper_units": 3, "embedding_units": 2, "use_bias": False},),
        exported=True,
    ),
    # Those that are linear in a state, or nearly so.
    "MinGRUCell": Reference(linear.min_gru, tuple("zn"), H, NEW_Z, ({"activation": "tanh"},)),
    "MinLSTMCell": Reference(linear.min_lstm, tuple("fin"), H, {"h": "f"}),
    "QRNNCell": Reference(linear.qrnn, tuple("nfo"), C, {"c": "f"}, (NO_BIAS,)),
    "QRNN2Cell": Reference(
        linear.qrnn2, tuple("nfo"), ("c", "p"), {"c": "f", "p": None}, exported=True
    ),
    "SRUCell": Reference(linear.sru, tuple("nfrs"), C, {"c": "f"}, ({"activation": "tanh"},)),
    "SRU1Cell": Reference(linear.sru1, tuple("nfrs"), C, {"c": "f"}),
    "LRUCell": Reference(
        linear.lru,
        tuple("pqy"),
        tuple("pq"),
        {"p": "c", "q": "c"},
        ({"state_units": 5, "largest_angle": 1.0},),
        (DEFAULT,),
        exported=True,
    ),
    "GILRCell": Reference(linear.gilr, tuple("zn"), H, UPDATE),
    "GILRLSTMCell": Reference(
        linear.gilr_lstm, tuple("znifgo"), ("s", "c"), {"s": "z", "c": "f"}, (NO_BIAS,), (DEFAULT,)
    ),
    "SLSTMCell": Reference(
        linear.slstm,
        tuple("ifgo"),
        ("h", "c", "n", "m"),
        {"h": None, "c": "f", "n": "f", "m": None},
        ({"heads": 2},),
        (DEFAULT,),
        exported=True,
    ),
    "RGLRUCell": Reference(
        linear.rg_lru,
        tuple("ri"),
        H,
        {"h": "a"},
        ({"heads": 2}, NO_BIAS),
        (DEFAULT,),
        exported=True,
    ),
    "MLSTMCell": Reference(
        linear.mlstm,
        tuple("qkvifo"),
        ("C", "n", "m"),
        {"C": "f", "n": "f", "m": None},
        ({"heads": 2, "epsilon": 0.1},),
        (DEFAULT,),
        exported=True,
    ),
    "DeltaNetCell": Reference(linear.delta_net, tuple("qkve"), ("S",), {"S": "1"}, ({"heads": 2},)),
    "GatedDeltaNetCell": Reference(
        linear.gated_delta_net,
        tuple("qkvae"),
        ("S",),
        {"S": "a"},
        ({"heads": 2},),
        structures=(DEFAULT,),
        exported=True,
    ),
    "GLACell": Reference(
        linear.gla, tuple("qkva"), ("S",), {"S": "a"}, ({"heads": 2, "temperature": 2.0},)
    ),
}


def run(
    name, w, x, states, mask=None, options=None, *, go_backwards=False, zero_output_for_mask=False
):
    """Loop over time; a masked step keeps all states and repeats the last output, row by row.

    Args:
        name: of the cell.
        w: its weights by name.
        x: sequences `(batch, time, features)`.
        states: the initial ones.
        mask: None or booleans `(batch, time)`.
        options: the cell's own arguments.
        go_backwards: from the last step to the first.
        zero_output_for_mask: zeros at masked steps.
    """
    (x,), states, outputs = f64(x), tuple(f64(*states)), []
    mask = np.ones(x.shape[:2], bool) if mask is None else np.asarray(mask, bool)
    if go_backwards:
        x, mask = x[:, ::-1], mask[:, ::-1]
    for t in range(x.shape[1]):
        keep = mask[:, t, None]
        output, new, _ = CELLS[name].step(w, x[:, t], states, options or {})
        repeat = outputs and not zero_output_for_mask
        outputs.append(np.where(keep, output, outputs[-1] if repeat else 0.0))
        states = tuple(np.where(keep, n, s) for n, s in zip(new, states, strict=True))
    return np.stack(outputs, axis=1), outputs[-1], states
