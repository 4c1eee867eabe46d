"""The equations of libraries as they are transcribed, against the libraries themselves."""

import keras
import ncps.torch
import numpy as np
import pytest
import torch
import torchrecurrent

from tests import tolerances
from tests.test_convert_libraries import FEATURES, KNOWN, UNITS, WIDE, draw, identifier, random
from tests.tolerances import assert_close

#: Its names, where they are not ours.
NAMES = {
    "BRCCell": "BRCell",
    "NBRCCell": "NBRCell",
    "CoRNNCell": "coRNNCell",
    "ResidualLSTMCell": "ResLSTMCell",
    "GRUCell": "MUT2Cell",
}
#: Numbers that are arguments there, and here the defaults of the papers.
_EULER = {"epsilon": 0.01, "gamma": 0.01}
OPTIONS = {
    "AntisymmetricRNNCell": _EULER,
    "GatedAntisymmetricRNNCell": _EULER,
    "CoRNNCell": {"dt": 0.042, "gamma": 2.7, "epsilon": 4.7},
    "UnICORNNCell": {"alpha": 1.0, "recurrent_bias": True},
}


def rows_of(library):
    return pytest.mark.parametrize("row", [r for r in KNOWN if r[0] == library], ids=identifier)


@rows_of("torchrecurrent")
def test_transcribed_equations_are_those_of_torchrecurrent(row):
    _, ours, step, arguments, zeros = (*row, *({}, [])[len(row) - 3 :])
    rng = np.random.default_rng(3)
    features = WIDE.get(ours, FEATURES)
    cell = ours(UNITS, **arguments)
    cell.build((None, features))
    arrays = draw(cell, "torchrecurrent", rng, zeros)
    name = ours.__name__
    made = getattr(torchrecurrent, NAMES.get(name, name))
    theirs = made(features, UNITS, **OPTIONS.get(name, {}))
    with torch.no_grad():
        for array, parameter in theirs.named_parameters():
            value = torch.as_tensor(arrays[array])
            # A number may be an array of one there.
            assert value.squeeze().shape == parameter.squeeze().shape, array
            parameter.copy_(value.reshape(parameter.shape))
        states = [random(rng, 2, size) for size in cell.state_sizes]
        x = random(rng, 2, features)
        given = [torch.from_numpy(state) for state in states]
        # Its JANET holds the output as well as the memory, which is the same.
        given = given * 2 if name == "JANETCell" else given
        found = theirs(torch.from_numpy(x), given[0] if len(given) == 1 else tuple(given))
    wanted, held = step({k: v.astype(float) for k, v in arrays.items()}, x, *states)
    flat = keras.tree.flatten(found)
    for got, one in zip(flat, [wanted, *held][-len(flat) :], strict=True):
        assert_close(got.numpy(), one, tolerances.PEER)


@rows_of("ncps")
def test_transcribed_equations_are_those_of_ncps(row):
    library, ours, step, arguments = row
    rng = np.random.default_rng(3)
    cell = ours(UNITS, **arguments)
    cell.build((None, FEATURES))
    arrays = draw(cell, library, rng)
    theirs = ncps.torch.CfCCell(FEATURES, UNITS, **arguments)
    x, h = random(rng, 2, FEATURES), random(rng, 2, UNITS)
    with torch.no_grad():
        theirs.load_state_dict({name: torch.from_numpy(a) for name, a in arrays.items()})
        got, _ = theirs(torch.from_numpy(x), torch.from_numpy(h), torch.ones(2, 1))
    wanted, _ = step({name: a.astype(float) for name, a in arrays.items()}, x, h)
    assert_close(got.numpy(), wanted, tolerances.PEER)
