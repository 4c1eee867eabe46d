"""The weights of a cell by gate: their shapes, initial values, and how they are loaded."""

import contextlib
import math

from keras import ops

from kerasgates.core import _keras
from kerasgates.core.declarations import ROLES
from kerasgates.core.initializers import HOLDING, LETTING_IN, GateInitializer
from kerasgates.core.layout import GateBlocks
from kerasgates.utils.suggestions import suggestion

#: The weights of which a cell has one each; all others are its own.
_OF_EVERY_CELL = ("kernel", "recurrent_kernel", "bias")


def sibling_note(cell):
    """Note for errors: which Keras weights belong in a cell, and which in its sibling."""
    argument, value, other = cell.sibling
    return (
        f"{type(cell).__name__} takes the weights of Keras's layer with {argument}={value}; those "
        f"with {argument}={not value} belong in {other}. Keras's default is reset_after=True."
    )


class GateWeights(GateBlocks):
    """Kernel, recurrent kernel and bias of a cell with `gates`, and weights of its own roles."""

    initial_forget_bias = None
    own_recurrent = False

    def kernel_shape(self, features):
        """Shape of `kernel` for inputs `(batch, features)`, or None.

        Args:
            features: number of features of the input.

        Returns:
            `(features, columns)`, where columns are those of the gates in `inputs`, each of
            `units` or as `widths` has it; None for no kernel. The product then is the cell's own.
        """
        columns = self.columns_of(self.kernel_blocks)
        return columns and (features, columns)

    def recurrent_kernel_shape(self):
        """Shape of `recurrent_kernel`, or None.

        Returns:
            `(rows, columns)`: a row for each entry of the output, or of the first state where the
            output is none; columns of the gates in `recurrent_gates`. None for no recurrent
            kernel: `U` then is None.
        """
        columns = self.columns_of(self.recurrent_gates)
        # An output that is no state does not come back.
        rows = self.state_sizes[0] if self.output_state is None else self.output_size
        return columns and (rows, columns)

    def bias_shape(self):
        """Shape of `bias` where the cell has one, or None.

        Returns:
            `(columns,)`, those of the gates in `biased_gates`; None for no bias.
        """
        columns = self.columns_of(self.biased_gates)
        return columns and (columns,)

    def build_weights(self, features):
        """Create kernel, recurrent kernel and bias for inputs `(batch, features)`."""
        self.features = features
        shapes = {"kernel": self.kernel_shape(features), "recurrent": self.recurrent_kernel_shape()}
        self._check_roles(shapes)
        self.kernel = self.add_role_weight("kernel", shapes["kernel"], "kernel")
        self.recurrent_kernel = self.add_role_weight(
            "recurrent_kernel", shapes["recurrent"], "recurrent"
        )
        self.bias = None
        if self.use_bias:
            start = self.initial_bias
            self.bias = self.add_role_weight("bias", self.bias_shape(), "bias", start)
        self.lay_out()

    def _check_roles(self, shapes):
        """Raise where an argument concerns a weight that the cell does not have."""
        for role, shape in shapes.items():
            if role == "recurrent" and self.own_recurrent:
                continue
            names = [f"{role}_regularizer", f"{role}_constraint"]
            names += ["recurrent_dropout"] if role == "recurrent" else []
            for name in names if shape is None else ():
                if value := getattr(self, name):
                    raise ValueError(
                        f"Argument `{name}` of {type(self).__name__} must be left out: the cell "
                        f"has no {role.replace('recurrent', 'recurrent kernel')} for it. "
                        f"Received: {name}={value!r}"
                    )

    def add_role_weight(self, name, shape, role, initializer=None):
        """A weight whose initialiser, regulariser and constraint are the arguments of its role.

        Args:
            name: name of the weight.
            shape: its shape; None for no weight.
            role: `"kernel"`, `"recurrent"`, `"bias"` or one of `roles`.
            initializer: in place of the role's own.

        Returns:
            The variable, of the dtype of the cell's variables; None where `shape` is None.

        Raises:
            ValueError: if the class declares no such role.
        """
        if shape is None:
            return None
        if role not in (known := [*ROLES, *self.roles]):
            raise ValueError(
                f"Argument `role` must be one of {known}, which `roles` of "
                f"{type(self).__name__} declares. Received: {role!r}: {suggestion(role, known)}"
            )
        if initializer is None:
            initializer = getattr(self, f"{role}_initializer")
            # An initialiser gives the same numbers whenever it is called, and a role may have
            # several weights of one shape.
            if name not in _OF_EVERY_CELL and hasattr(initializer, "clone"):
                initializer = initializer.clone()
        return self.add_weight(
            name=name,
            shape=shape,
            initializer=initializer,
            regularizer=getattr(self, f"{role}_regularizer"),
            constraint=getattr(self, f"{role}_constraint"),
            trainable=not self.frozen,
            # Products cast their matrices to the cell's own compute dtype; everything
            # point-wise stays in single precision, whatever layer the cell is in.
            autocast=False,
        )

    def initial_bias(self, shape, dtype=None):
        """Initial bias: `bias_initializer`, b_f set to 1 and b_z raised, in the first row alone.

        `initial_forget_bias` is another number than 1. Of gates that replace where they are open
        it is −1, and b_z is lowered: either way the cell begins by keeping what it holds.
        """
        gates = self.biased_gates
        widths = self.widths_within(gates, shape[-1])
        if isinstance(self.bias_initializer, GateInitializer):
            return self._initial_gates(shape, widths, dtype)
        if isinstance(self.bias_initializer, dict):
            return self._initial_blocks(shape, widths, dtype)

        def draw(widths):
            return self.bias_initializer((*shape[:-1], sum(widths)), dtype=dtype)

        def first_row(value, width):
            return _with_zeros_below(value * ops.ones((1, width), dtype=dtype), shape)

        if self.unit_forget_bias and "f" in gates:
            # The blocks before and after are drawn apart, as Keras does: seeds give the same.
            at = gates.index("f")
            parts = [draw(widths[:at])] if at else []
            amount = self._raised_forget_bias * (-1 if "f" in self.replacing_gates else 1)
            parts += [first_row(amount, widths[at])]
            parts += [draw(widths[at + 1 :])] if widths[at + 1 :] else []
            bias = ops.concatenate(parts, axis=-1)
        else:
            bias = draw(widths)
        if "z" in gates and self.initial_update_bias:
            amount = self.initial_update_bias * (-1 if "z" in self.replacing_gates else 1)
            amounts = [amount if gate == "z" else 0.0 for gate in gates]
            raised = [first_row(amount, width) for amount, width in zip(amounts, widths)]
            bias = bias + ops.concatenate(raised, axis=-1)
        return bias

    @property
    def _raised_forget_bias(self):
        """Initial value of b_f where `unit_forget_bias` raises it."""
        return 1.0 if self.initial_forget_bias is None else self.initial_forget_bias

    def _initial_blocks(self, shape, widths, dtype):
        """Initial bias where `bias_initializer` has an initialiser for some gates, by name.

        It decides for the gates that it names, and `unit_forget_bias` and `initial_update_bias`
        for others; what nobody names is zero, and so is all but the first row.
        """
        raised = self._raised_forget_bias if self.unit_forget_bias else 0.0
        amounts = {"f": raised, "z": self.initial_update_bias}
        blocks = []
        for gate, width in zip(self.biased_gates, widths):
            sign = -1 if gate in self.replacing_gates else 1
            row = ops.full((1, width), sign * amounts.get(gate, 0.0), dtype=dtype)
            if gate in self.bias_initializer:
                row = ops.cast(self.bias_initializer[gate]((1, width), dtype=dtype), row.dtype)
            block = _with_zeros_below(row, shape)
            blocks.append(ops.cast(block, dtype or self.variable_dtype))
        return ops.concatenate(blocks, axis=-1)

    def _initial_gates(self, shape, widths, dtype):
        """Initial bias where one initialiser decides for all gates, by what they do."""
        initializer, gates = self.bias_initializer, self.biased_gates
        if not {*gates} & {*HOLDING, *LETTING_IN}:
            raise ValueError(
                f"Argument `bias_initializer` of {type(self).__name__} must be of another kind: "
                f"{type(initializer).__name__} is for gates {(*HOLDING, *LETTING_IN)}, and the "
                f"cell has {gates}. Received: bias_initializer={initializer!r}"
            )
        blocks = []
        for gate, width in zip(gates, widths):
            replaces = gate in self.replacing_gates
            row = initializer.of_gate(gate, replaces, (1, width), dtype or self.variable_dtype)
            blocks.append(_with_zeros_below(row, shape))
        return ops.concatenate(blocks, axis=-1)

    def check_blocks(self, name, value):
        """Raise unless a dict of initialisers is the bias's, and of gates that have one."""
        if name != "bias_initializer" or not {*value} <= {*self.biased_gates}:
            raise ValueError(
                f"Argument `{name}` of {type(self).__name__} must be an initialiser"
                + f", or a dict of them by gates {self.biased_gates}" * (name == "bias_initializer")
                + f". Received: {name}={value!r}"
            )

    # ---------------------------------------------------------------- taken over from elsewhere

    def set_weights(self, weights):
        """Set the weights from arrays in the order of `weights`."""
        with self.told_apart():
            super().set_weights(weights)

    def load_own_variables(self, store):
        """Load the cell's weights from its entry in a file."""
        if self.sibling:
            # Keras files a layer under the name of its class, and its two GRUs have one.
            store = _keras.stored_as(store, "reset_after_gru", "gru")
        with self.told_apart():
            super().load_own_variables(store)

    @contextlib.contextmanager
    def told_apart(self):
        """Context in which errors about weights say which of two sibling cells has which."""
        try:
            yield
        except ValueError as error:
            if not self.sibling:
                raise
            raise ValueError(f"{error} {sibling_note(self)}") from error


def _with_zeros_below(row, shape):
    """A block of a bias of a shape: a row `(1, columns)`, and zeros in all others."""
    width = row.shape[-1]
    rows = ops.zeros((math.prod(shape[:-1]) - 1, width), dtype=row.dtype)
    return ops.reshape(ops.concatenate([row, rows]), (*shape[:-1], width))
