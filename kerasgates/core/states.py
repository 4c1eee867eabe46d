"""The states of a cell and its output: how many entries they have, and how they begin."""

import math

from keras import ops


class CellStates:
    """Sizes of the states and of the output of a cell with `gates`, and checks of states."""

    state_shapes: dict[str, tuple[int | str, ...]] = {}

    @property
    def state_size(self):
        """Entries of each state: an int where there is one state, else a list in their order."""
        sizes = [self.units] * len(self.states)
        if self.state_shapes:
            sizes = [math.prod(self.state_shape(name)) for name in self.states]
        return sizes[0] if len(sizes) == 1 else sizes

    def state_shape(self, name):
        """Shape of a state as `step` sees it, without the batch: one number for a vector.

        Raises:
            ValueError: where `state_shapes` gives no positive numbers.
        """
        if name in self.state_shapes:
            return self.positive_sizes("state_shapes", name, self.state_shapes[name])
        if self.state_shapes:
            return (self.units,)
        return (self.state_sizes[self.states.index(name)],)

    def in_shape(self, states):
        """States `(batch, entries)` in the shapes in which `step` sees them."""
        named = zip(self.states, states)
        return [
            ops.reshape(state, (-1, *self.state_shape(name)))
            if name in self.state_shapes
            else state
            for name, state in named
        ]

    def in_rows(self, states):
        """States in any shapes as `(batch, entries)`, as they are outside `step`."""
        return [
            ops.reshape(state, (-1, size)) if len(state.shape) > 2 else state
            for state, size in zip(states, self.state_sizes)
        ]

    @property
    def state_sizes(self):
        """`state_size` as a list, whatever the number of states."""
        size = self.state_size
        return list(size) if isinstance(size, (list, tuple)) else [size]

    @property
    def output_size(self):
        """Entries of the output; of one that is no state, those of a block of its name."""
        if self.output_name in self.states:
            return self.state_sizes[self.states.index(self.output_name)]
        named = self.output_name is not None
        return self.block_width(self.output_name) if named else self.state_sizes[0]

    @property
    def output_state(self):
        """Index of the state that is the output; None where the output is none of them."""
        name = self.output_name or (self.states[0] if self.states else None)
        return self.states.index(name) if name in self.states else None

    def get_initial_state(self, *args, inputs=None, batch_size=None, dtype=None):
        """The states before the first step: a list of zeros `(batch, entries)`, one per state.

        Takes `batch_size`, or as in Keras 2 `inputs, batch_size, dtype`.

        Args:
            *args: `batch_size` alone, or `inputs, batch_size, dtype` in this order.
            inputs: `(batch, …)`, from which the batch size is taken where it is not given.
            batch_size: number of rows.
            dtype: of the states; that of the computation where it is not given.

        Returns:
            List of tensors `(batch, entries)` in the order of `states`.
        """
        if len(args) == 1 and not getattr(args[0], "shape", ()):
            (batch_size,) = args
        elif args:
            inputs, batch_size, dtype = (*args, batch_size, dtype)[:3]
        if batch_size is None and inputs is not None:
            batch_size = ops.shape(inputs)[0]
        dtype = dtype or self.compute_dtype
        return [ops.zeros((batch_size, n), dtype=dtype) for n in self.state_sizes]

    def check_states(self, states, batch_size=None):
        """Raise unless `states` are as many as the cell has, each `(batch, entries)`."""
        sizes = self.state_sizes
        shapes = [tuple(state.shape) for state in states]
        fits = len(shapes) == len(sizes) and all(
            len(shape) == 2
            and shape[1] == size
            and (shape[0] == batch_size or None in (shape[0], batch_size))
            for shape, size in zip(shapes, sizes)
        )
        if not fits:
            batch = "batch" if batch_size is None else batch_size
            wanted = ", ".join(f"{s}: ({batch}, {n})" for s, n in zip(self.states, sizes))
            raise ValueError(
                f"{type(self).__name__} needs `states` of shapes {wanted}. "
                f"Received: {len(shapes)} of shapes {shapes}"
            )
