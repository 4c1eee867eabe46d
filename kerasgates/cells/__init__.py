"""One file per paper or family of papers; each cell is its equations."""

# ruff: noqa: F401  the imports register the cells, and `kerasgates` re-exports them
from kerasgates.cells.ablations import (
    FullGateRecurrenceLSTMCell,
    NoForgetGateLSTMCell,
    NoInputActivationLSTMCell,
    NoInputGateLSTMCell,
    NoOutputActivationLSTMCell,
    NoOutputGatePeepholeLSTMCell,
)
from kerasgates.cells.antisymmetric import (
    AntisymmetricRNNCell,
    GatedAntisymmetricRNNCell,
    LipschitzRNNCell,
)
from kerasgates.cells.atr import ATRCell
from kerasgates.cells.brc import BRCCell, NBRCCell
from kerasgates.cells.cfc import CfCCell
from kerasgates.cells.cfn import CFNCell
from kerasgates.cells.clockwork import ClockworkRNNCell
from kerasgates.cells.cornn import CoRNNCell
from kerasgates.cells.coupled import CoupledLSTMCell
from kerasgates.cells.ctrnn import CTRNNCell
from kerasgates.cells.delta_net import DeltaNetCell, GatedDeltaNetCell
from kerasgates.cells.esn import ESNCell
from kerasgates.cells.fast import FastGRNNCell, FastRNNCell, LowRankFastGRNNCell
from kerasgates.cells.gilr import GILRCell, GILRLSTMCell
from kerasgates.cells.gla import GLACell
from kerasgates.cells.group_lstm import GroupLSTMCell
from kerasgates.cells.gru import GRUCell, ResetAfterGRUCell
from kerasgates.cells.gru_d import GRUDCell
from kerasgates.cells.hyper_lstm import HyperLSTMCell
from kerasgates.cells.indrnn import IndRNNCell, IndyLSTMCell
from kerasgates.cells.intersection import IntersectionRNNCell
from kerasgates.cells.janet import JANETCell
from kerasgates.cells.layer_norm import (
    LayerNormGRUCell,
    LayerNormIndRNNCell,
    LayerNormLSTMCell,
    LayerNormSimpleRNNCell,
)
from kerasgates.cells.lem import LEMCell
from kerasgates.cells.li_gru import LiGRUCell
from kerasgates.cells.lmu import LMUCell
from kerasgates.cells.lru import LRUCell
from kerasgates.cells.lstm import LSTMCell, OriginalLSTMCell
from kerasgates.cells.ltc import LTCCell
from kerasgates.cells.mc_lstm import MCLSTMCell
from kerasgates.cells.mgu import MGUCell
from kerasgates.cells.mgu_variants import MGU1Cell, MGU2Cell, MGU3Cell
from kerasgates.cells.min_rnn import MinGRUCell, MinLSTMCell
from kerasgates.cells.minimal_rnn import MinimalRNNCell
from kerasgates.cells.mlstm import MLSTMCell
from kerasgates.cells.mogrifier import MogrifierLSTMCell, TiedMogrifierLSTMCell
from kerasgates.cells.multiplicative_integration import MIGRUCell, MILSTMCell
from kerasgates.cells.multiplicative_lstm import MultiplicativeLSTMCell
from kerasgates.cells.mut import MUT1Cell, MUT2Cell, MUT3Cell
from kerasgates.cells.nas import NASCell
from kerasgates.cells.nested_lstm import NestedLSTMCell
from kerasgates.cells.no_output_gate import NoOutputGateLSTMCell
from kerasgates.cells.on_lstm import ONLSTMCell
from kerasgates.cells.peephole import FullPeepholeLSTMCell, PeepholeLSTMCell
from kerasgates.cells.phased_lstm import PhasedLSTMCell
from kerasgates.cells.projected import ProjectedLSTMCell
from kerasgates.cells.qrnn import QRNN2Cell, QRNNCell
from kerasgates.cells.ran import RANCell
from kerasgates.cells.residual_lstm import ResidualLSTMCell
from kerasgates.cells.rg_lru import RGLRUCell
from kerasgates.cells.rhn import RHNCell
from kerasgates.cells.scrn import SCRNCell
from kerasgates.cells.simple import SimpleRNNCell
from kerasgates.cells.slim_gru import SlimGRU1Cell, SlimGRU2Cell, SlimGRU3Cell
from kerasgates.cells.slstm import SLSTMCell
from kerasgates.cells.sru import SRU1Cell, SRUCell
from kerasgates.cells.star import STARCell
from kerasgates.cells.time_aware_lstm import TimeAwareLSTMCell
from kerasgates.cells.typed import TGRUCell, TLSTMCell, TRNNCell
from kerasgates.cells.ugrnn import UGRNNCell
from kerasgates.cells.unicornn import UnICORNNCell
from kerasgates.cells.working_memory import WMCLSTMCell
from kerasgates.core.cell import CELLS

__all__ = [name for name, cell in CELLS.items() if cell.__module__.startswith(__name__)]
