"""Float64 NumPy reference of every cell, written from the papers and from nothing of the package.

A step of each cell is a function in the file of its family, with its row in that family's table:
`reference_lstm` of cells with a memory c, `reference_linear` of those linear in a state,
`reference_dynamics` of those that discretise an equation in time, `reference_timed` of those that
read a time, `reference_differing` of those whose gates differ in their weights, else
`reference_gru`; `reference_further` has more of each kind. `reference_parts` says what they take
and return. Here is the table of all, and a loop over time.
"""

import numpy as np

from tests import reference_ablations as ablations
from tests import reference_differing as differing
from tests import reference_dynamics as dynamics
from tests import reference_further as further
from tests import reference_gru as grus
from tests import reference_linear as linear
from tests import reference_lstm as lstms
from tests import reference_timed as timed
from tests.reference_parts import Reference, f64

FAMILIES = (grus, lstms, ablations, differing, further, dynamics, linear, timed)
CELLS: dict[str, Reference] = {
    name: row for family in FAMILIES for name, row in family.CELLS.items()
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
