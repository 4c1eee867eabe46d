"""Wrappers of TensorFlow's private API that the loops need; a test guards each."""

import sys
import weakref

import tensorflow as tf
from tensorflow.python.eager import forwardprop_util
from tensorflow.python.framework import op_def_registry

from kerasgates.core.operations import is_eager


def custom_gradient(function):
    """`tf.custom_gradient` with a gradient function that is freed with its graph.

    In a graph `tf.custom_gradient` enters the gradient function into TensorFlow's registry, which
    never frees it, nor all it refers to: the graph and its functions. Here the graph keeps the
    function, and the registry only a weak reference to it.
    """
    differentiable = tf.custom_gradient(function)

    def call(*tensors):
        if tf.executing_eagerly():
            return differentiable(*tensors)
        results = differentiable(*in_this_graph(tensors))
        _keep_in_graph(results[0])
        return results

    return call


def in_this_graph(tensors):
    """Tensors of the graph that is being traced; others pass through `tf.identity`.

    Gradients are taken by tensors of this graph; eager tensors and those of an outer graph are
    only captured in it.
    """
    if tf.executing_eagerly():
        # A variable may be an input, too.
        return [v if isinstance(v, tf.Tensor) else tf.convert_to_tensor(v) for v in tensors]
    here = tf.compat.v1.get_default_graph()
    return [v if not is_eager(v) and v.graph is here else tf.identity(v) for v in tensors]


def has_tangents(tensors):
    """Whether a `tf.autodiff.ForwardAccumulator` follows any of these tensors."""
    return bool(forwardprop_util.pack_tangents(list(tensors)).tangents)


def is_vectorising():
    """Whether `tf.vectorized_map` or a jacobian is being traced, which cannot keep a count."""
    frame = sys._getframe()
    while frame is not None:
        if ".ops.parallel_for" in frame.f_globals.get("__name__", ""):
            return True
        frame = frame.f_back
    return False


def has_xla(on_gpus):
    """Whether this TensorFlow was built with XLA, and, if they are asked for, with it for GPUs.

    For GPUs of plug-ins, such as Apple's, XLA compiles nothing.
    """
    if op_def_registry.get("XlaLaunch") is None:
        return False
    built = tf.sysconfig.get_build_info() if on_gpus else {"is_cuda_build": True}
    return bool(built.get("is_cuda_build") or built.get("is_rocm_build"))


def in_xla():
    """Whether the current graph is part of a function that XLA compiles as a whole."""
    graph = None if tf.executing_eagerly() else tf.compat.v1.get_default_graph()
    while graph is not None:
        context = graph._get_control_flow_context()
        while context is not None:
            if context.IsXLAContext():
                return True
            context = context.outer_context
        graph = getattr(graph, "outer_graph", None)
    return False


def _keep_in_graph(result):
    """Move the gradient function that made `result` from the registry to the graph."""
    name = result.op.get_attr("_gradient_op_type").decode()
    entry = _registry()[name]
    (kind,) = [key for key, value in entry.items() if callable(value)]
    gradient = entry[kind]
    graph = result.graph
    if not hasattr(graph, "_kerasgates_gradients"):
        graph._kerasgates_gradients = []
    graph._kerasgates_gradients.append(gradient)
    held = weakref.ref(gradient)
    # This stays in the registry until the gradient is gone, and keeps nothing alive.
    entry[kind] = lambda op, *d: held()(op, *d)
    weakref.finalize(gradient, _registry().pop, name, None)


def _registry():
    """TensorFlow's table of gradient functions by name, which `tf.RegisterGradient` fills."""
    return tf.RegisterGradient.__call__.__globals__["gradient_registry"]._registry
