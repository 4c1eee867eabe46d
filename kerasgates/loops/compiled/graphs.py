"""Graphs that are traced once for tensors of any size, and shared by cells of one kind."""

import tensorflow as tf

from kerasgates.loops.compiled import sizes
from kerasgates.loops.threads import apart


class Graph:
    """A function of tensors of any size, traced once, that runs interpreted or compiled.

    Args:
        function: of tensors; returns a list of tensors.
        specs: of the tensors.
        inline: whether it becomes part of the graphs that call it. One that is seldom run costs
            them time and memory: TensorFlow visits all nodes of the branch that is not taken.

    Attributes:
        inputs, outputs: the tensors of the graph that it takes and gives.
        interpreted: runs it by TensorFlow's own executor.
        compiled: runs it compiled by XLA, for each size anew.
    """

    def __init__(self, function, specs, inline=False):
        kept = {} if inline else {"experimental_attributes": {"_noinline": True}}
        graph = tf.function(function, autograph=False, **kept)
        # No tape, scope or device of the caller is to be seen, and no tape that is paused while
        # another takes its gradients.
        traced = apart(graph.get_concrete_function, *specs)
        self.inputs, self.outputs = traced.inputs[: len(specs)], traced.outputs
        self.interpreted = traced
        self.compiled = tf.function(
            lambda *tensors: traced(*tensors),
            autograph=False,
            jit_compile=True,
            input_signature=specs,
        )


class Traces:
    """The graphs of cells of one kind.

    Attributes:
        graphs: by what they compute, each a `Graph`.
        key: number by which the steps that they run are counted.
    """

    def __init__(self):
        self.graphs, self.key = {}, sizes.new_key()


def of_any_size(tensor):
    """TensorSpec of any batch size and length for a tensor `(batch, …)` or `(batch, time, …)`."""
    entries = None if tensor.dtype == tf.bool else tensor.shape[-1]
    return tf.TensorSpec([None] * (len(tensor.shape) - 1) + [entries], tensor.dtype)


def of_this_size(tensor):
    """TensorSpec of this tensor's shape and dtype."""
    return tf.TensorSpec(tensor.shape, tensor.dtype)
