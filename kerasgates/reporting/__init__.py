"""A page that shows what the gates of a model do, to be opened in any browser."""

from __future__ import annotations

import importlib.resources
import json
import logging
import numbers
from collections.abc import Callable
from typing import Any

import keras
from numpy.typing import ArrayLike

from kerasgates.insight.batches import one_batch
from kerasgates.reporting.content import content_of
from kerasgates.utils.files import atomic_write, check_path
from kerasgates.utils.types import Inputs, Model, PathLike, Tokens

logger = logging.getLogger("kerasgates")


def report(
    model: Model,
    x: Inputs,
    path: PathLike = "report.html",
    *,
    y: Inputs | None = None,
    loss: str | keras.losses.Loss | Callable[..., Any] | None = None,
    mask: ArrayLike | None = None,
    tokens: Tokens | None = None,
    rows: int = 8,
    units: int = 48,
    steps: int = 400,
) -> str:
    """One HTML file, which needs no network: a model, its cells, and what their gates do on input.

        >>> kg.report(model, x, "report.html")
        '...report.html'

    It shows the layers; input, prediction, target and loss of each sequence; of each recurrent
    cell its wiring and equations, heat maps of all gates and states, what each unit does at each
    step (regimes), and gates that are stuck; a slider moves through time, with all values of its
    step in a table; how long each unit remembers; and how far gradients reach back.

    Needs Plotly, Jinja2 and matplotlib: pip install "kerasgates[report]".

    Args:
        model: a Keras model or a recurrent layer, as in `kerasgates.trace`.
        x: its input, for a layer `(batch, time, features)`; all of its rows count in
            shares, horizons and gradients. Of batches, as in a `tf.data.Dataset`, the first is
            taken, with its target where the model is compiled with a loss.
        path: file to write; one that exists is replaced.
        y: target for the gradient flow; None for the gradients of half the sum of the squared
            outputs, which says how far back the outputs depend on the states at all.
        loss: as in `kerasgates.gradient_flow`; only with `y`.
        mask: None or booleans `(batch, time)`, as in `kerasgates.trace`.
        tokens: labels of the steps, a list for all rows of the batch, or a list for each.
        rows: how many rows of the batch are drawn, at most.
        units: how many units of a cell are drawn, at most, evenly chosen.
        steps: how many steps are drawn, at most, evenly chosen.

    Returns:
        The path, absolute.

    Raises:
        ValueError: if the model, its input or an argument does not fit; as in `kerasgates.trace`.
        ImportError: if a package that draws is missing.
    """
    given = y
    x, y, _ = one_batch(x, y)
    if given is None and loss is None and getattr(model, "loss", None) is None:
        y = None
    if loss is not None and y is None:
        raise ValueError("Argument `loss` needs `y`. Received: y=None")
    for name, value in {"rows": rows, "units": units, "steps": steps}.items():
        if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < 1:
            raise ValueError(f"Argument `{name}` must be a positive int. Received: {value!r}")
    target = check_path(path)
    libraries = _libraries()
    limits = {"rows": rows, "units": units, "steps": steps}
    content = content_of(model, x, y, loss, mask, tokens, limits)
    logger.info("writing %s", target)
    with atomic_write(target) as new:
        new.write_text(_page(content, *libraries), "utf-8")
    return str(target)


def _page(content, jinja2, plotly_js):
    """Text of the page."""
    import kerasgates

    files = importlib.resources.files(__name__)
    parts = {name: (files / f"page.{name}").read_text("utf-8") for name in ("html", "css", "js")}
    # Whatever a name holds stays text: Jinja escapes what is shown, and `<` ends no script.
    data = json.dumps(content.pop("data"), allow_nan=False, separators=(",", ":"))
    page = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return page.from_string(parts["html"]).render(
        **content,
        css=parts["css"],
        js=parts["js"],
        plotly_js=plotly_js,
        data=data.replace("<", "\\u003c"),
        keras_version=keras.__version__,
        package_version=kerasgates.__version__,
    )


def _libraries():
    try:
        # It draws the wiring, much later.
        importlib.import_module("matplotlib")
        import jinja2
        from plotly.offline import get_plotlyjs
    except ImportError as error:
        raise ImportError(
            'Reports need Plotly, Jinja2 and matplotlib: pip install "kerasgates[report]"'
        ) from error
    return jinja2, get_plotlyjs()
