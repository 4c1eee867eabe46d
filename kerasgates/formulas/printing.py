"""The equations of any cell as text or LaTeX, derived from its `step`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from kerasgates.formulas.display import EquationText
from kerasgates.formulas.labels import relabel
from kerasgates.formulas.latex import Latex
from kerasgates.formulas.naming import lines
from kerasgates.formulas.symbolic import Equations
from kerasgates.formulas.text import Text

if TYPE_CHECKING:
    import keras

STYLES = {"text": Text, "latex": Latex}


def equations(
    cell: keras.Layer | type[keras.Layer],
    format: Literal["text", "latex"] = "text",
    labels: Literal["lectures", "rohrer", "004"] | None = None,
) -> EquationText:
    """The equations of a cell, a user's own, too.

        >>> print(kg.equations(kg.CoupledLSTMCell))
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + (1 − f) ⊙ g
        h' = o ⊙ φ(c')

    They are what `step` and `project` do when they are called, in the order of the code. Values
    that have no name, and are used more than once, are called a; one whose name is the letter of a
    weight has another here. A function that an operation is
    given, as a loop's, is written out where it is simple; where it is not, the operation is of all
    that it reads. ⊙ is the product entry by entry;
    σ stands for `recurrent_activation`, φ for `activation`, ψ for an `output_activation` that is
    another function.

    Args:
        cell: a cell with `gates`, its class, or a layer of it. Of a class the equations are those
            of its default arguments.
        format: "text", with h' for the new h; or "latex", an `aligned` environment with h_t and
            h_{t-1}.
        labels: names of gates and states by another convention than ours: "lectures" (Γ_u, Γ_f,
            c̃), "rohrer" (ignoring, forgetting, memory) or "004" (G_u, G_r, C~); None for ours.
            Weights keep their letters.

    Returns:
        A string with a line for each equation, which a notebook shows as formulas. Where a cell
        has other functions than the logistic function, tanh and tanh, a last line says which; and
        where a step goes round several times, how often.

    Raises:
        ValueError: if it is no such cell, its step computes with anything but `keras.ops` and
            operators, there is no such format, or no such labels for this cell.
    """
    if format not in STYLES:
        raise ValueError(f"Argument `format` must be one of {[*STYLES]}. Received: {format!r}")
    step_equations = Equations(cell, once=True)
    if labels is not None:
        relabel(step_equations, labels)
    texts = {
        name: style().text(lines(step_equations), step_equations) for name, style in STYLES.items()
    }
    return EquationText(texts[format], texts["latex"])


def expression(node, step_equations):
    """A node of `Equations` as text."""
    style = Text()
    _, style.named = lines(step_equations)
    return style.write(node)
