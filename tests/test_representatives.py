"""The cells that exports are tried with in every form have all that the other cells are made of."""

import collections
import functools

import numpy as np
import pytest
import tensorflow as tf

from tests.cases import EXPORTED, FEATURES, STRUCTURES, every_cell, every_configuration, make_layer
from tests.exporting_onnx import NODE

CELLS = dict(every_cell())
OTHERS = [name for name in CELLS if name not in EXPORTED]
#: Of cells that are loops in an ONNX file, and of all in graphs of TensorFlow.
LOOPS = [case for case in every_configuration() if NODE[case[0]] == "Loop"]


def cell_of(name, arguments):
    return make_layer(name, arguments, np.random.default_rng(0)).cell


def operations(name, arguments):
    """Types of the operations in a graph of one step: what converters and XLA read."""
    hashed = {key: tuple(v) if isinstance(v, list) else v for key, v in arguments.items()}
    return _operations(name, *hashed.items())


@functools.cache
def _operations(name, *arguments):
    cell = cell_of(name, dict(arguments))
    sizes = [FEATURES, *cell.state_sizes]
    graph = tf.function(lambda x, *states: cell(x, [*states]), autograph=False)
    step = graph.get_concrete_function(*[tf.TensorSpec((None, size)) for size in sizes]).graph
    return frozenset(operation.type for operation in step.get_operations())


@functools.cache
def states(name):
    """How many states a cell has, and how many sizes."""
    cell = cell_of(name, CELLS[name])
    return len(cell.states), len({*cell.state_sizes})


@pytest.mark.slow
def test_cells_are_made_of_nothing_that_exports_have_not_tried():
    """Each operation is converted alone; how many states there are, and of what sizes, counts."""
    tried = collections.defaultdict(frozenset)
    for name in EXPORTED:
        tried[states(name)] |= operations(name, CELLS[name])
    for name in OTHERS:
        missing = operations(name, CELLS[name]) - tried[states(name)]
        assert not missing, f"mark {name} as `exported` in its reference: {missing}"


@pytest.mark.slow
def test_loops_in_onnx_files_are_made_of_nothing_that_has_not_been_tried():
    """Each operation is converted alone, so it does not matter in which cell."""
    tried = frozenset().union(*(operations(*case) for case in LOOPS if case[0] in EXPORTED))
    for case in LOOPS:
        missing = operations(*case) - tried
        assert not missing, f"mark {case[0]} as `exported` in its reference: {missing}"


@pytest.mark.slow
def test_xla_has_compiled_the_gradients_of_all_that_cells_are_made_of():
    compiled = frozenset().union(*(operations(*case) for case in STRUCTURES))
    kept = {states(name) for name in (*EXPORTED, *dict(STRUCTURES))}
    for name, arguments in CELLS.items():
        assert states(name) in kept, f"mark {name} as `exported` in its reference: {states(name)}"
        missing = operations(name, arguments) - compiled
        assert not missing, f"name {name} among the `structures` of its reference: {missing}"


def test_operations_and_states_tell_cells_apart():
    lstm = operations("LSTMCell", {})
    assert "Rsqrt" in operations("LayerNormLSTMCell", {}) - lstm
    assert "Sub" in operations("GRUCell", {}) - lstm
    assert states("ProjectedLSTMCell") == (2, 2) != states("LSTMCell")
