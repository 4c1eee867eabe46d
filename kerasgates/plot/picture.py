"""Figures and axes that a notebook shows as pictures."""

import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure


class Picture(Figure):
    """A figure that needs no pyplot to be shown in a notebook; so do its axes."""

    def add_subplot(self, *args, **kwargs):
        if not {"axes_class", "projection", "polar"} & {*kwargs} and not isinstance(
            args[0] if args else None, Axes
        ):
            kwargs["axes_class"] = PictureAxes
        return super().add_subplot(*args, **kwargs)

    def _repr_png_(self):
        file = io.BytesIO()
        self.savefig(file, format="png")
        return file.getvalue()


class PictureAxes(Axes):
    """Axes that show as their whole figure."""

    def _repr_png_(self):
        return Picture._repr_png_(self.figure)


class AxesColumn(np.ndarray):
    """An array of axes that shows as their figure."""

    def _repr_png_(self):
        figure = getattr(self.flat[0], "figure", None) if self.size else None
        return None if figure is None else Picture._repr_png_(figure)
