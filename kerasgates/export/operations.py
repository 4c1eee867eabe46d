"""Operations in the graph of a model, and the layers that they stand in."""

import re

import keras

from kerasgates.core._keras import cells_within

#: Operators that call a function of this process, by a number that no other process knows.
PYTHON = r"(Eager)?PyFunc(Stateless)?$"
#: Operators that draw random numbers.
RANDOM = (
    r".*Random(?!GetKeyCounter|GetAlg)|.*Multinomial|.*Normal(V2)?$|StatefulUniform|"
    r"NonDeterministic|.*Sampler$"
)
#: Operators that change a variable.
ASSIGNING = r"Assign"


def find(graph, operators):
    """The first operator of some kind in a graph and what it calls, and its path; None if none.

    Args:
        graph: a `tf.Graph`.
        operators: regular expression of the beginning of its name.
    """
    proto = graph.as_graph_def()
    functions = {one.signature.name: one.node_def for one in proto.library.function}

    def within(nodes, path):
        for node in nodes:
            here = f"{path}/{node.name}"
            if re.match(operators, node.op):
                yield node.op, here
            for value in node.attr.values():
                for called in (value.func, *value.list.func):
                    yield from within(functions.pop(called.name, ()), here)

    return next(within(proto.node, ""), None)


def words_for(model, path):
    """The innermost layer of a model at the path of an operation, in words."""
    layers = {layer.name: layer for layer in cells_within(model, keras.Layer)}
    for part in reversed(path.split("/")):
        # Within a graph Keras's scopes have a number after the name of the layer.
        for name in (re.sub(r"_\d+$", "", part), part):
            if name in layers:
                return f"layer {name!r} ({type(layers[name]).__name__})"
    return "the model"
