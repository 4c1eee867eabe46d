"""ONNX nodes for the recurrent layers of a model, where tf2onnx would write loops.

A runner puts markers for layers into the TensorFlow graph, operations that are never run, and while
tf2onnx converts the rest of the model, `Nodes.rewrite` puts nodes in their places.

One node is right with a mask of any form, though its `sequence_lens` only knows sequences that
end early: the steps that count are moved to the front, and their outputs back.
"""

from types import SimpleNamespace

import keras
import numpy as np
import tensorflow as tf
from keras import tree

from kerasgates.core._keras import cells_within
from kerasgates.export.source import LoopRunner, recurrent_layers
from kerasgates.export.to_onnx.operators import FUNCTIONS, Operator, cells_of, why_not


class Nodes(LoopRunner):
    """Runner of recurrent layers as ONNX nodes: it makes markers, and nodes replace these.

    Args:
        model: what `prepare` gave.

    Attributes:
        loops: by the names of the layers that run as Loops, why they do.
    """

    def __init__(self, model):
        super().__init__()
        self.loops = {}
        self._operators, self._pairs = {}, {}
        self._marked = {}
        self._moved = {}
        for wrapper in cells_within(model, keras.layers.Bidirectional):
            for layer in (wrapper.forward_layer, wrapper.backward_layer):
                self._pairs[id(layer)] = id(wrapper)
        for layer in recurrent_layers(model):
            reason = why_not(layer)
            if reason is None:
                self._operators[layer] = [Operator.of(cell) for cell in cells_of(layer)]
            else:
                self.loops[layer.name] = reason

    def run(self, layer, sequences, states, mask):
        if not self._is_node(layer, states):
            return super().run(layer, sequences, states, mask)
        # A cell would compute with whole numbers and booleans, too; the operators do not.
        sequences, lengths = tf.cast(sequences, tf.float32), None
        if mask is not None:
            mask = tf.cast(mask, tf.bool)
            sequences, lengths = self._to_front(sequences, mask)
        outputs, new = self._mark_cells(layer, sequences, lengths, _by_cell(layer, states))
        last, new = new[-1][0], tree.flatten(new)
        if mask is not None:
            # What an empty sequence leaves in h and c, the operators do not specify.
            begun = tf.expand_dims(lengths > 0, 1)
            last = tf.where(begun, last, 0.0)
            new = [tf.where(begun, a, b) for a, b in zip(new, tree.flatten(states))]
            last, outputs = _masked(layer, mask, last, outputs)
        if layer.go_backwards:
            outputs = tf.reverse(outputs, [1])
        if not layer.return_sequences:
            outputs = tf.expand_dims(last, 1)
        return last, outputs, tree.pack_sequence_as(states, new)

    def _is_node(self, layer, states):
        """Whether a layer is made of nodes; where that depends on its states, says why not."""
        if layer not in self._operators:
            return False
        for operator, own in zip(self._operators[layer], _by_cell(layer, states)):
            if operator.projection is not None and not _is_zero(own[0]):
                self.loops[layer.name] = "no operator has a projection with an initial state"
                return False
        return True

    def _mark_cells(self, layer, sequences, lengths, states):
        """Make a marker for each cell: outputs of the last, and the new states of each."""
        outputs, new, pair = sequences, [], self._pairs.get(id(layer))
        for at, (operator, own) in enumerate(zip(self._operators[layer], states)):
            mark = SimpleNamespace(
                operator=operator,
                pair=pair and (pair, at),
                backwards=layer.go_backwards,
                masked=lengths is not None,
            )
            outputs, *own = self._mark(mark, outputs, lengths, own)
            new.append(own)
        return outputs, new

    def _to_front(self, sequences, mask):
        """Sequences with the unmasked steps moved to the front, and the number of these by row.

        Both layers of a Bidirectional get the same tensors, so that they can be one node.
        """
        key = sequences.ref(), mask.ref()
        if key not in self._moved:
            counts, time = tf.cast(mask, tf.int32), tf.shape(mask)[1]
            order = tf.math.top_k(counts * time - tf.range(time), time).indices
            moved = tf.gather(sequences, order, batch_dims=1)
            self._moved[key] = moved, tf.reduce_sum(counts, axis=1)
        return self._moved[key]

    def _mark(self, mark, sequences, lengths, states):
        """Make a marker: outputs `(batch, time, units)` in the order of time, and final states."""
        token = f"kerasgates_{len(self._marked)}"
        self._marked[token] = mark
        count = 2 if mark.operator.name == "LSTM" else 1
        # A cell that is an LSTM by other weights may have one state for the LSTM's two.
        initial = [] if all(map(_is_zero, states)) else (states * 2)[:count]
        inputs = [sequences, *([lengths] if mark.masked else []), *initial]
        results = tf.raw_ops.PyFuncStateless(
            input=inputs, token=token, Tout=[tf.float32] * (1 + count)
        )
        (batch, time), units = sequences.shape[:2], mark.operator.attributes["hidden_size"]
        shapes = [(batch, time, units), *[(batch, units)] * count]
        outputs, *new = map(tf.ensure_shape, results, shapes)
        if (R := mark.operator.projection) is not None:
            outputs, new[0] = tf.matmul(outputs, R), tf.matmul(new[0], R)
        return outputs, *new[: len(states)]

    def rewrite(self, graph, nodes):
        """Put ONNX nodes in the places of markers; tf2onnx calls it with a graph."""
        markers = {}
        for node in nodes:
            if node.type == "PyFuncStateless":
                markers[node.get_attr_str("token")] = node
        groups, waiting = [], {}
        # In the order in which they were made, so that the two of a pair follow each other.
        for token, mark in self._marked.items():
            if (node := markers.get(token)) is None:
                continue
            part = SimpleNamespace(token=token, node=node, **vars(mark))
            other = waiting.pop(part.pair, None)
            if other is not None and _are_one(other[0], part):
                other.append(part)
                continue
            groups.append([part])
            if part.pair is not None:
                waiting[part.pair] = groups[-1]
        for group in groups:
            _put_node(graph, sorted(group, key=lambda part: part.backwards))
        _cancel_reversals(graph)
        _choose(graph)
        return graph.get_nodes()


def _by_cell(layer, states):
    """The states of a layer as a list for each of its cells."""
    flat, parts = tree.flatten(states), []
    for cell in cells_of(layer):
        count = len(tree.flatten(cell.state_size))
        parts.append(flat[:count])
        flat = flat[count:]
    return parts


def _masked(layer, mask, last, outputs):
    """The last output and the outputs of a layer, of sequences whose steps were moved."""
    outputs = _to_places(outputs, mask, layer.go_backwards)
    if layer.zero_output_for_mask:
        outputs = tf.where(tf.expand_dims(mask, -1), outputs, 0.0)
        final = mask[:, :1] if layer.go_backwards else mask[:, -1:]
        last = tf.where(final, last, 0.0)
    return last, outputs


def _to_places(outputs, mask, backwards):
    """Move the outputs of steps that were moved to the front back to their places.

    A masked step has the output of the unmasked step before it, in the order of processing, and
    zeros where there is none.
    """
    counts = tf.cast(mask, tf.int32)
    number = tf.cumsum(counts, axis=1)
    place = number - counts if backwards else number - 1
    begun = place < number[:, -1:] if backwards else place >= 0
    outputs = tf.gather(outputs, tf.maximum(place, 0), batch_dims=1)
    return tf.where(tf.expand_dims(begun, -1), outputs, 0.0)


def _are_one(part, other):
    """Whether the markers of two layers that read the same tensors can be one node."""

    def kind(part):
        operator, read = part.operator, part.node.input
        shapes = {name: weight.shape for name, weight in operator.weights.items()}
        return operator.name, operator.attributes, shapes, read[: 1 + part.masked], len(read)

    return part.backwards != other.backwards and kind(part) == kind(other)


def _put_node(graph, group):
    """One node for one marker, or for a pair of them, forwards first."""
    first = group[0]
    at = 1 + first.masked

    def constant(name, value, dtype="int64"):
        return graph.make_const(f"{first.token}_{name}", np.asarray(value, dtype)).output[0]

    def make(operator, inputs, **attributes):
        return graph.make_node(operator, inputs, attr=attributes).output[0]

    values = {"X": make("Transpose", first.node.input[:1], perm=[1, 0, 2])}
    for name in first.operator.weights:
        stacked = np.concatenate([part.operator.weights[name] for part in group])
        values[name] = constant(name, stacked, "float32")
    if first.masked:
        values["sequence_lens"] = first.node.input[1]
    axis = constant("axis", [0])
    for k, name in enumerate(("initial_h", "initial_c")[: len(first.node.input) - at]):
        each = [make("Unsqueeze", [part.node.input[at + k], axis]) for part in group]
        values[name] = make("Concat", each, axis=0)
    names = ("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P")
    inputs = [values.get(name, "") for name in names[: 8 if first.operator.name == "LSTM" else 6]]
    results = graph.make_node(
        first.operator.name, inputs, attr=_attributes(group), output_count=len(first.node.output)
    ).output
    for k, part in enumerate(group):
        index = constant(f"index_{k}", k)
        outputs = make("Gather", [results[0], index], axis=1)
        new = [make("Transpose", [outputs], perm=[1, 0, 2])]
        new += [make("Gather", [state, index], axis=0) for state in results[1:]]
        for old, value in zip(part.node.output, new):
            graph.replace_all_inputs(old, value)


def _attributes(group):
    """The attributes of the node for a group of markers."""
    first = group[0]
    direction = "bidirectional" if len(group) == 2 else ("forward", "reverse")[first.backwards]
    functions = [function for part in group for function in part.operator.functions]
    names = [name for name, *_ in functions]
    numbers = {
        "activation_alpha": [numbers[0] for _, *numbers in functions if numbers],
        "activation_beta": [numbers[1] for _, *numbers in functions if numbers[1:]],
    }
    attributes = {**first.operator.attributes, "direction": direction}
    if names != [*FUNCTIONS[first.operator.name].values()] * len(group):
        attributes["activations"] = names
    return attributes | {name: values for name, values in numbers.items() if values}


def _cancel_reversals(graph):
    """Remove pairs of reversals that cancel each other, as in Bidirectional."""
    for node in graph.get_nodes():
        inner = node.inputs[0] if node.type == "ReverseV2" else None
        if inner is not None and inner.type == "ReverseV2":
            axes = [list(n.inputs[1].get_tensor_value(as_list=False)) for n in (node, inner)]
            if axes[0] == axes[1]:
                graph.replace_all_inputs(node.output[0], inner.input[0])


def _choose(graph):
    """Convert `tf.where` to Where; tf2onnx would multiply by 0, and NaN would stay NaN."""
    from onnx import TensorProto as kinds

    for node in graph.get_nodes():
        floats = (kinds.FLOAT, kinds.DOUBLE, kinds.FLOAT16)
        if node.type == "SelectV2" and graph.get_dtype(node.output[0]) in floats:
            node.type, node.skip_conversion = "Where", True


def _is_zero(tensor):
    value = tf.get_static_value(tensor)
    if value is None and tensor.op.type == "Fill":
        value = tf.get_static_value(tensor.op.inputs[1])
    return value is not None and not np.any(value)
