"""Stock Keras recurrent layers as ours, with the same weights and the same outputs."""

from __future__ import annotations

import re
import tempfile
import warnings
from types import MappingProxyType
from typing import Any

import keras
from keras import tree

from kerasgates.core._keras import cells_within, reason
from kerasgates.core.cell import CELLS
from kerasgates.layers import RNN, layer_of

#: Arguments of stock layers that ours have not: two say how a layer is run, one which cell it is.
_STOCK_ONLY = {"implementation", "use_cudnn", "reset_after"}


class NotRemadeError(ValueError):
    """A model that cannot be made again from its config."""


def upgrade(model: Any) -> keras.Model:
    """A copy of a model in which every stock Keras recurrent layer is one of ours.

    `LSTM`, `GRU`, `SimpleRNN`, their cells and `RNN` are replaced wherever they stand: in a
    `Bidirectional`, a `StackedRNNCells`, a `TimeDistributed`, a model within the model. All
    weights are copied; outputs, names and shapes stay. What is ours already stays as it is.

        >>> old = keras.Sequential([keras.Input((5, 2)), keras.layers.GRU(3, name="gru")])
        >>> type(kg.upgrade(old).get_layer("gru")).__name__
        'ResetAfterGRU'

    Args:
        model: a built `keras.Model`: sequential, functional, or of a class that Keras can save
            and load.

    Returns:
        A new model, not compiled.

    Raises:
        ValueError: if it is no model, is not built, holds a `Lambda`, whose code Keras does not
            load without being told that it is safe, cannot be made from its config, or holds
            a stock layer that is in no config: one that another layer makes for itself.

    Warns:
        UserWarning: if it holds a recurrent layer of a class of somebody's own, or of a kind that
            is not among ours: that stays as it is.
    """
    copy = rebuild(model)
    _check_replaced(copy)
    return copy


def rebuild(model, *, batch_shape=tuple, single_precision=False, **layer_arguments):
    """`upgrade`, with other input shapes and other arguments of all recurrent layers.

    What is in no config stays as it is.

    Args:
        model: as in `upgrade`.
        batch_shape: function from the shape of an input, batch first, to its new shape.
        single_precision: compute in float32 what has float32 weights and computes in less.
        **layer_arguments: what every recurrent layer gets, such as `stateful=False`.

    Raises:
        ValueError: as `upgrade`; a `NotRemadeError` where the config does not make the model.
    """
    check_built(model)
    for layer in cells_within(model, keras.layers.Lambda):
        raise NotRemadeError(
            f"Argument `model` must not hold a Lambda layer, its code cannot be taken along "
            f"safely; write it as a registered layer. Received: {layer.name!r} in {model.name!r}"
        )

    def build(copy):
        if not copy.built:
            # A model of a class of its own: it is built for what it has been called on.
            shapes = model.get_build_config()
            copy.build_from_config(tree.map_shape_structure(batch_shape, shapes))

    return _made_again(model, build, batch_shape, single_precision, layer_arguments)


def upgrade_layer(layer, shape):
    """`upgrade` of a single built layer.

    Only the copy is called on an Input: the layer itself gets no node by which it would be part of
    a model. The Input is what the layer was built for, or else of `shape`.
    """
    built = layer.get_build_config() or {}
    shape = built.get("input_shape") or next(iter(built.get("shapes_dict", {}).values()), shape)
    # A call, as it also builds layers within that have no `build`.
    copy = _made_again(layer, lambda copy: copy(keras.Input(batch_shape=shape)))
    _check_replaced(copy)
    return copy


def _made_again(
    model, build, batch_shape=tuple, single_precision=False, layer_arguments=MappingProxyType({})
):
    """Copy of a model from its config, rewritten as in `rebuild`; `build(copy)` builds it."""
    classes = {type(layer).__name__: type(layer) for layer in cells_within(model, keras.Layer)}
    try:
        config = keras.saving.serialize_keras_object(model)
        config = _rewritten(config, batch_shape, single_precision, layer_arguments)
        copy = keras.saving.deserialize_keras_object(config, custom_objects=classes)
        build(copy)
    except Exception as error:
        raise NotRemadeError(
            f"Argument `model` must be one that its config can make again: all its layers and "
            f"cells need `get_config`. Making {model.name!r} again failed: {_why(error)}"
        ) from error
    copy_weights(model, copy)
    _copy_assets(model, copy)
    return copy


def _why(error):
    """Reason of an error in short: Keras explains a missing `get_config` at length."""
    lacks = re.search(r"Object (\w+) was created", str(error))
    return f"class {lacks[1]} has no `get_config`" if lacks else reason(error)


def check_built(model):
    """Raise unless `model` is a Keras model that is built."""
    if not isinstance(model, keras.Model):
        raise ValueError(f"Argument `model` must be a keras.Model. Received: {model!r}")
    if not model.built:
        raise ValueError(
            f"Argument `model` must be built: call {model.name!r} on data once, or give it an "
            "Input. Received: a model that does not know the shape of its input"
        )


def _check_replaced(copy):
    """Raise for stock recurrent layers left in a copy; warn of those of other classes."""
    stock = (keras.layers.LSTM, keras.layers.GRU, keras.layers.SimpleRNN, keras.layers.RNN)
    left = [one for one in cells_within(copy, keras.layers.RNN) if not isinstance(one, RNN)]
    for layer in left:
        if type(layer) in stock:
            holder = _holder(copy, layer)
            raise ValueError(
                "Argument `model` must hold its recurrent layers as layers of its own, or as "
                f"arguments of other layers. Received: {layer.name!r} in {copy.name!r}, a "
                f"{type(layer).__name__} that {holder.name!r} of class {type(holder).__name__} "
                f"makes for itself: write it there with kerasgates.{type(layer).__name__}"
            )
    if left:
        named = ", ".join(f"{layer.name!r} of class {type(layer).__name__}" for layer in left)
        warnings.warn(
            f"Left as they are in {copy.name!r}: {named}. Only layers of Keras's own classes LSTM, "
            "GRU, SimpleRNN and RNN become ours; a class of your own that is made of RNN can be "
            "made of kerasgates.RNN",
            stacklevel=3,
        )


def _holder(model, layer):
    """The innermost layer that holds another."""
    holders = [one for one in cells_within(model, keras.Layer) if one is not layer]
    holders = [one for one in holders if any(layer is x for x in cells_within(one, keras.Layer))]
    return min(holders, key=lambda one: len(cells_within(one, keras.Layer)))


def _rewritten(config, *how):
    """A config as Keras serialises it, with every recurrent layer and cell in it replaced."""
    batch_shape, single_precision, layer_arguments = how
    if isinstance(config, (list, tuple)):
        return type(config)(_rewritten(c, *how) for c in config)
    if not isinstance(config, dict):
        return config
    config = {k: _rewritten(v, *how) for k, v in config.items()}
    # Layers are built anew when they are called, for shapes that may have changed.
    config.pop("compile_config", None)
    config.pop("build_config", None)
    for key in ("batch_shape", "build_input_shape"):
        if isinstance(config.get(key), (list, tuple)):
            config[key] = batch_shape(tuple(config[key]))
    if not {"class_name", "config", "module"} <= set(config) or config["config"] is None:
        return config
    inner = config["config"]
    mixed = config["class_name"] == "DTypePolicy" and inner["name"].startswith("mixed_")
    if single_precision and mixed:
        config["config"] = {**inner, "name": "float32"}
    if config["module"] == "keras.layers" and (ours := _ours(config["class_name"], inner)):
        config["config"] = {k: v for k, v in inner.items() if k not in _STOCK_ONLY}
        config["module"], config["class_name"] = ours.__module__, ours.__name__
        config["registered_name"] = keras.saving.get_registered_name(ours)
    kind = keras.saving.get_registered_object(config.get("registered_name"))
    if isinstance(kind, type) and issubclass(kind, RNN):
        config["config"] = {**config["config"], **layer_arguments}
    return config


def _ours(name, config):
    """Our class for a stock one; None where there is none."""
    if name in ("GRU", "GRUCell") and config["reset_after"]:
        name = f"ResetAfter{name}"
    stock = name.removesuffix("Cell")
    if stock == "RNN":
        return RNN
    if stock not in ("SimpleRNN", "LSTM", "GRU", "ResetAfterGRU"):
        return None
    cell = CELLS[f"{stock}Cell"]
    return cell if name.endswith("Cell") else layer_of(cell)


def copy_weights(model, copy):
    """Copy a model's current weights to a copy that `rebuild` has made."""
    old, new = _weights(model), _weights(copy)
    if [w.shape for w in old] != [w.shape for w in new]:
        raise NotRemadeError(
            f"The config of {model.name!r} makes a model with other weights: "
            f"{[(w.path, w.shape) for w in new]} in place of {[(w.path, w.shape) for w in old]}"
        )
    for source, target in zip(old, new):
        target.assign(source)


def _copy_assets(model, copy):
    """Copy what preprocessing layers hold besides weights: statistics, vocabularies."""
    pairs = zip(cells_within(model, keras.Layer), cells_within(copy, keras.Layer))
    for old, new in pairs:
        if hasattr(old, "finalize_state"):  # What Keras calls preprocessing layers.
            store = {}
            old.save_own_variables(store)
            new.load_own_variables(store)
            if hasattr(old, "save_assets"):
                with tempfile.TemporaryDirectory() as folder:
                    old.save_assets(folder)
                    new.load_assets(folder)


def _weights(model):
    """All weights but the states that stateful layers hold."""
    layers = cells_within(model, keras.layers.RNN)
    states = {id(state) for layer in layers for state in tree.flatten(layer.states or [])}
    return [weight for weight in model.weights if id(weight) not in states]
