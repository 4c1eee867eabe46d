"""The equations of torchrecurrent as they are transcribed, against the library itself."""

import keras
import numpy as np
import pytest
import torch
import torchrecurrent

from tests import tolerances
from tests.test_convert_libraries import FEATURES, KNOWN, SQUARE, UNITS, draw, identifier, random
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


@pytest.mark.parametrize("row", [r for r in KNOWN if r[0] == "torchrecurrent"], ids=identifier)
def test_transcribed_equations_are_those_of_the_library(row):
    _, ours, step, arguments, zeros = (*row, *({}, [])[len(row) - 3 :])
    rng = np.random.default_rng(3)
    features = UNITS if ours in SQUARE else FEATURES
    cell = ours(UNITS, **arguments)
    cell.build((None, features))
    arrays = draw(cell, "torchrecurrent", rng, zeros)
    name = ours.__name__
    made = getattr(torchrecurrent, NAMES.get(name, name))
    theirs = made(features, UNITS, **OPTIONS.get(name, {}))
    with torch.no_grad():
        for array, parameter in theirs.named_parameters():
            parameter.copy_(torch.as_tensor(arrays[array]).reshape(parameter.shape))
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
