"""`RNN`: Keras's recurrent layer with a choice of loops."""

import contextlib
import inspect

import keras
import numpy as np
from keras import ops, tree

from kerasgates import loops
from kerasgates.core import _keras
from kerasgates.core.checks import check_built
from kerasgates.core.operations import of_width
from kerasgates.loops.runner import current


@keras.saving.register_keras_serializable(package="kerasgates")
class RNN(keras.layers.RNN):
    """`keras.layers.RNN` with a choice of loops, and the same results on every backend.

        >>> tuple(kg.RNN([kg.LSTMCell(3), kg.GRUCell(2)], loop="keras")(x).shape)
        (4, 2)

    Differences from Keras's own layer:

    * `loop` chooses how time is run; all loops compute the same function.
    * Output is zero before a row's first unmasked step, on every backend.
    * Dropout masks are drawn afresh for every call and kept over all steps, in wrappers, too.
    * Under mixed precision the states of our cells are carried in single precision from step
      to step; those that enter and leave a call are in the compute dtype, as Keras casts them.
    * `reset_state` goes back to the cell's `get_initial_state`, for stacked cells, too.

    Args:
        cell: any Keras cell, or a list of cells that are stacked.
        return_sequences: whether to return the outputs of all steps, or only the last one.
        return_state: whether to return the final states after the output.
        go_backwards: whether to run from the last step to the first; the outputs come in the order
            of processing.
        stateful: whether each batch starts from the states in which the last one ended.
        unroll: whether to lay the loop out step by step in place of a loop operator.
        zero_output_for_mask: whether masked steps give zeros in place of the last output.
        loop: way to run over time; all give the same numbers. `"auto"` is `"compiled"` on
            TensorFlow and JAX where it can be, `"recomputed"` where that would keep much for the
            backward pass; on PyTorch `"vendor"` or `"traced"`; on GPUs with TensorFlow `"vendor"`
            for what cuDNN has; else `"keras"`, which compiles nothing; `kerasgates.loops.decide`
            says it exactly. `"hoisted"`, `"dense"`, `"associative"` and `"chunked"` can
            be asked for, too.
        activity_regularizer: regulariser of the layer's output.
        trainable: whether the weights are trained.
        name: name of the layer.
        dtype: dtype or dtype policy, such as `"mixed_float16"`; the cells have their own.

    Call arguments:

    * `sequences`: `(batch, time, features)`; with more axes for cells, not ours, that read these.
    * `initial_state`: list of tensors `(batch, entries)`; one of `(1, entries)` is for all rows.
    * `mask`: booleans `(batch, time)`.
    * `training`: whether dropout is applied.

    The output is `(batch, units)`, or `(batch, time, units)` with `return_sequences`, and behind it
    with `return_state` the final states.

    Raises:
        ValueError: if an argument, the input, the mask or a state does not fit.
    """

    def __init__(self, cell, *args, loop="auto", **kwargs):
        if loop != "auto" and loop not in loops.LOOPS:
            names = ", ".join(repr(name) for name in ("auto", *loops.LOOPS))
            raise ValueError(f"Argument `loop` must be one of {names}. Received: loop={loop!r}")
        _check_cell(cell)
        super().__init__(cell, *args, **kwargs)
        self.loop = loop
        # Keras may stop setting this for RNN, and masks would silently end here.
        self.supports_masking = True
        if keras.backend.backend() == "tensorflow" and loop in (*loops.COMPILING, "vendor"):
            # As of Keras's own LSTM: `model.compile` would have every step of training compiled
            # anew for every length, and the loop already is.
            self.supports_jit = False

    def build(self, sequences_shape, initial_state_shape=None):
        self._check_sequences(sequences_shape)
        if initial_state_shape is not None:
            self._check_nesting(initial_state_shape)
            self._check_states(_shapes(initial_state_shape), sequences_shape[0])
        super().build(sequences_shape, initial_state_shape)
        if isinstance(self.cell, keras.Layer):
            _keras.build_layers_within(self.cell, (sequences_shape[0], *sequences_shape[2:]))
        for cell in filter(loops.is_gated, loops.leaves(self.cell)):
            check_built(cell)
        self.state_size = self.state_size if self.single_state else list(self.cell.state_size)

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        self._check_sequences(sequences_shape)
        shapes = super().compute_output_shape(sequences_shape, initial_state_shape)
        if self._reads_vectors() or not isinstance(self.cell, keras.Layer):
            return shapes
        # Keras takes `output_size` and `state_size` for shapes; a cell may mean more than a vector.
        output, *_ = shapes if self.return_state else (shapes,)
        batch, time, *step = sequences_shape
        if len(step) > 1 and self.cell.built:
            entries = _keras.output_shape(self.cell, (batch, *step))[0][1:]
            output = (batch, time, *entries) if self.return_sequences else (batch, *entries)
        if not self.return_state:
            return output
        states = tree.map_shape_structure(lambda s: (batch, *s[1:]), _keras.state_shapes(self.cell))
        return output, *states

    def call(self, sequences, initial_state=None, mask=None, training=False):
        self._check_sequences(sequences.shape)
        # A pipeline of data may not say how many features there are.
        if sequences.shape[-1] is None and self._reads_vectors():
            sequences = of_width(sequences, loops.leaves(self.cell)[0].features)
        if initial_state is not None:
            self._check_nesting(initial_state)
            self._check_nesting_of_stack(initial_state)
            initial_state = _for_all_rows(initial_state, sequences)
        return super().call(sequences, initial_state, _one_mask(mask), training)

    def inner_loop(self, sequences, initial_state, mask, training=False):
        states = tree.flatten(initial_state)
        self._check_states([tuple(state.shape) for state in states], sequences.shape[0])
        self._check_mask(mask, tuple(sequences.shape[:2]))
        if (runner := current()) is not None:
            return runner.run(self, sequences, initial_state, mask)
        if self.stateful:
            # Keras assigns the final states to the variables that these may share memory with.
            initial_state = tree.map_structure(ops.copy, initial_state)
        if sequences.shape[0] is None:
            initial_state = _for_all_rows(initial_state, sequences)
        return self.run_loop(sequences, initial_state, mask, training)

    def run_loop(self, sequences, initial_state, mask=None, training=False):
        """Run the cell by the layer's own loop.

        Args:
            sequences: `(batch, time, features)`.
            initial_state: states, nested as the cell's `state_size`, each `(batch, entries)`.
            mask: None or booleans `(batch, time)`.
            training: whether dropout is applied.

        Returns:
            last output `(batch, units)`, outputs `(batch, time, units)`, or the last one as
            `(batch, 1, units)` without `return_sequences`, and final states, nested as they came.
        """
        return loops.run(
            self.cell,
            sequences,
            initial_state,
            mask,
            training=training,
            loop=self.chosen_loop(),
            go_backwards=self.go_backwards,
            unroll=self.unroll,
            zero_output_for_mask=self.zero_output_for_mask,
            return_all_outputs=self.return_sequences,
        )

    def chosen_loop(self):
        """The loop that the layer's arguments ask for.

        Returns:
            A name in `kerasgates.loops.LOOPS`, or `"auto"`.
        """
        return self.loop

    def _reads_vectors(self):
        """Whether all cells are ours, which read, keep and give a vector for each row."""
        return all(map(loops.is_gated, loops.leaves(self.cell)))

    def _check_sequences(self, shape):
        axes = "(batch, time, features)" if self._reads_vectors() else "(batch, time, …)"
        fits = len(shape) == 3 if self._reads_vectors() else len(shape) >= 3
        if not fits or shape[1] == 0:
            forgot = " Forgot `return_sequences=True` in a layer before?" if len(shape) == 2 else ""
            raise ValueError(
                f"{type(self).__name__} reads sequences of shape {axes} with at least one step."
                f"{forgot} Received: input of shape {tuple(shape)}"
            )

    def _check_nesting(self, states):
        if isinstance(states, dict):
            raise ValueError(
                f"Argument `initial_state` of {type(self).__name__} must be a list of tensors in "
                f"the order of the states. Received: a dict of {[*states]}"
            )

    def _check_nesting_of_stack(self, states):
        """Raise where states of a stack of cells are not a list for each cell, or its one state."""
        sizes = self.cell.state_size
        nested = isinstance(sizes, (list, tuple)) and any(map(tree.is_nested, sizes))
        if nested and not (isinstance(states, (list, tuple)) and len(states) == len(sizes)):
            parts = [f"{len(n)} tensors" if tree.is_nested(n) else "1 tensor" for n in sizes]
            received = len(states) if isinstance(states, (list, tuple)) else 1
            raise ValueError(
                f"Argument `initial_state` of {type(self).__name__} must be a list with a part for "
                f"each cell: {', '.join(parts)}. Received: {received} parts"
            )

    def _check_states(self, shapes, batch):
        """Raise where initial states do not fit; sizes that are not known yet pass."""
        if not self._reads_vectors():
            return  # Only the cell itself knows the shapes of its states.
        shapes = [(None, *shape[1:]) if shape[:1] == (1,) else shape for shape in shapes]
        state_shapes = [(batch, n) for n in tree.flatten(self.cell.state_size)]
        if len(shapes) != len(state_shapes) or not all(map(_agree, shapes, state_shapes)):
            raise ValueError(
                f"Argument `initial_state` of {type(self).__name__} must hold {len(state_shapes)} "
                f"tensors of shapes {state_shapes}. Received: {len(shapes)} of shapes {shapes}"
            )

    def _check_mask(self, mask, steps):
        if mask is not None and not _agree(tuple(mask.shape), steps):
            raise ValueError(
                f"Argument `mask` of {type(self).__name__} must be booleans of shape "
                f"(batch, time) = {steps}. Received: mask of shape {tuple(mask.shape)}"
            )

    def reset_state(self) -> None:
        """Reset the states of a `stateful` layer to those before the first batch.

        They become what the cell's `get_initial_state` gives, for each cell of a stack. A layer
        that keeps no states is left as it is.
        """
        if self.states is None:
            return
        variables = tree.flatten(self.states)
        batch_size = variables[0].shape[0]
        for variable, value in zip(variables, tree.flatten(self.get_initial_state(batch_size))):
            variable.assign(ops.cast(value, variable.dtype))

    def set_weights(self, weights):
        """Set the weights from arrays in the order of `weights`."""
        cells = [cell for cell in loops.leaves(self.cell) if loops.is_gated(cell)]
        with contextlib.ExitStack() as notes:
            for cell in cells:
                notes.enter_context(cell.told_apart())
            super().set_weights(weights)

    def get_config(self):
        config = {**super().get_config(), "loop": self.loop}
        return config if self.autocast else {**config, "autocast": False}


def _signature():
    """Keras's arguments of the layer, ours, and those of every layer, by their names."""
    of_keras = [*inspect.signature(keras.layers.RNN.__init__).parameters.values()][:-1]
    own = {"loop": "auto", "activity_regularizer": None}
    own |= {"trainable": True, "name": None, "dtype": None}
    kind = inspect.Parameter.KEYWORD_ONLY
    named = [inspect.Parameter(name, kind, default=value) for name, value in own.items()]
    return inspect.Signature([*of_keras, *named])


# Of the method: a subclass with an `__init__` of its own has its own.
vars(RNN.__init__)["__signature__"] = _signature()


def _check_cell(cell):
    """Raise for layers, and for classes, in the place of cells: Keras takes them."""
    cells = cell.cells if isinstance(cell, keras.layers.StackedRNNCells) else cell
    for one in cells if isinstance(cells, (list, tuple)) else [cells]:
        if isinstance(one, keras.layers.StackedRNNCells):
            _check_cell(one)
        elif isinstance(one, (type, keras.layers.RNN)):
            what = "a class" if isinstance(one, type) else "a layer"
            raise ValueError(
                "Argument `cell` must be a cell, such as LSTMCell(32), or a list of cells; layers "
                f"stand one after the other in a model. Received: {one!r}, {what}"
            )


def _for_all_rows(states, sequences):
    """Initial states with the batch size of `sequences`; states of one row are broadcast."""
    batch = sequences.shape[0]
    rows = ops.shape(sequences)[0] if batch is None else batch

    def spread(state):
        state = ops.convert_to_tensor(state)
        known = state.shape[0] if len(state.shape) > 1 else None
        if known is None or known == batch or (known != 1 and batch is not None):
            return state
        state = ops.broadcast_to(state, (rows, *state.shape[1:]))
        # No loop of a graph takes states of known and sequences of unknown rows; a slice forgets.
        return state[:rows] if batch is None else state

    return tree.map_structure(spread, states)


def _one_mask(mask):
    """A mask as one tensor; Keras may give it in a list, users as lists of booleans."""
    if not isinstance(mask, (list, tuple)):
        return mask
    first = mask[0] if mask else None
    if first is None or len(getattr(first, "shape", ())) > 1:
        return first
    return ops.convert_to_tensor(np.asarray(mask))


def _shapes(nested):
    """Shapes, however nested, as one list of tuples."""
    if all(size is None or isinstance(size, int) for size in nested):
        return [tuple(nested)]
    return [shape for part in nested for shape in _shapes(part)]


def _agree(shape, other):
    """Whether two static shapes can be the same."""
    return len(shape) == len(other) and all(a == b or None in (a, b) for a, b in zip(shape, other))
