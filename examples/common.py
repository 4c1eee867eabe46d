"""What the examples share: tables, progress, pictures, and an export that is checked."""

import argparse
import importlib.util
import io
import math
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import NamedTuple

# Before TensorFlow is imported, or its messages bury what the example shows.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import quiet  # noqa: F401, I001
import keras
import numpy as np
import tensorflow as tf
from keras import ops
from rich import box, progress
from rich.console import Console
from rich.table import Table

import kerasgates as kg

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent / "saved_models"

#: Texts of a column longer than this may take several lines.
LONG = 60
#: Colours that stay apart for colour-blind eyes (Okabe & Ito, 2008).
COLOURS = "#000000 #E69F00 #56B4E9 #009E73 #0072B2 #D55E00"
BLACK, ORANGE, SKY, GREEN, BLUE, RED = COLOURS.split()

#: Two-sided 95 % quantiles of Student's t for 2, 3, … 10 values.
STUDENT = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26)

tf.get_logger().setLevel("ERROR")  # It warns of every few models that are trained.
if sys.stdout.errors == "strict" and hasattr(sys.stdout, "reconfigure"):
    sys.stdout.reconfigure(errors="replace")  # Not every encoding has all that is printed.
console = Console()
if not console.is_terminal:
    console.width = 110  # A file has no width of its own, and 80 columns are few for some tables.


def arguments(description, seeds=None):
    """The command line that all examples have; `--seeds` where they train more than once."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=description, formatter_class=as_written)
    parser.add_argument("--out", default=OUT, help="folder for what is exported (%(default)s)")
    if seeds:
        told = "train so many times, for intervals (%(default)s)"
        parser.add_argument("--seeds", type=int, default=seeds, help=told)
    return parser.parse_args()


class Interval(NamedTuple):
    """A mean over seeds and half the width of its interval of 95 % (Student's t)."""

    mean: float
    half: float
    digits: int

    @classmethod
    def of(cls, values, digits=2):
        """Of one value there is no interval: its half width is 0."""
        values = np.asarray(values, float)
        if len(values) < 2:
            return cls(float(values.mean()), 0.0, digits)
        t = STUDENT[min(len(values), len(STUDENT) + 1) - 2]
        half = float(t * values.std(ddof=1) / len(values) ** 0.5)
        return cls(float(values.mean()), half, digits)


def print_table(title, rows, caption=None):
    """Print dicts as a table; the keys of the first are its columns."""
    table = Table(title=title, caption=caption, box=box.SIMPLE_HEAD, padding=0)
    table.title_justify = table.caption_justify = "left"
    for name, value in rows[0].items():
        text = isinstance(value, str)
        # Names stay in one piece; only what is long goes on in further lines.
        long = max(len(text_of(row[name])) for row in rows) > LONG
        table.add_column(name, justify="left" if text else "right", no_wrap=text and not long)
    for row in rows:
        table.add_row(*map(text_of, row.values()))
    console.print(table)


def text_of(value):
    """A cell of a table; a pair as `a/b`."""
    if isinstance(value, Interval):
        # Half a width is rounded up, lest an interval look narrower than it is; 0.07 is 0.07, and
        # what equal values leave in floating point is nothing.
        half = math.ceil(round(value.half * 10**value.digits, 6)) / 10**value.digits
        mean = f"{value.mean:.{value.digits}f}"
        return f"{mean} ±{half:.{value.digits}f}" if half else mean
    if isinstance(value, tuple):
        return "/".join(map(text_of, value))
    return f"{value:.2f}" if isinstance(value, float) else str(value)


class Progress(keras.callbacks.Callback):
    """One line per model: a bar that moves in a terminal, its last state anywhere else."""

    def __init__(self, label):
        super().__init__()
        self.bar = progress.Progress(
            progress.TextColumn("{task.description:26}"),
            progress.BarColumn(20),
            progress.TextColumn("{task.fields[reached]},"),
            progress.TimeElapsedColumn(),
            console=console,
        )
        # The first step takes seconds, in which there is no loss to show.
        self.task = self.bar.add_task(f"training {label}", reached="compiling the first step")

    def on_train_begin(self, logs=None):
        steps = self.params["epochs"] * self.params["steps"]
        self.bar.update(self.task, total=int(self.model.optimizer.iterations) + steps)
        self.bar.start()

    def on_train_batch_end(self, batch, logs=None):
        done = int(self.model.optimizer.iterations)
        self.bar.update(self.task, completed=done, reached=f"{done} steps, loss {logs['loss']:.3f}")

    def on_train_end(self, logs=None):
        self.bar.stop()


def fit(model, x, y, label, also=(), **options):
    """Train quietly but for one line of progress; `also` are further callbacks."""
    # With its slots made beforehand TensorFlow traces the training step once, not twice.
    model.optimizer.build(model.trainable_variables)
    return model.fit(x, y, verbose=0, callbacks=[Progress(label), *also], **options)


def begin(build, seeds):
    """Yields each seed with the model of `build()` as that seed begins it, compiled only once.

    It is the same model each time: what a seed has trained is gone when the next one begins.
    """
    model = None
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        fresh = build()
        if model is None:
            model = fresh
            model.optimizer.build(model.trainable_variables)
            slots = [ops.convert_to_numpy(slot) for slot in model.optimizer.variables]
        for variable, value in zip(model.variables, fresh.variables, strict=True):
            variable.assign(value)
        for slot, value in zip(model.optimizer.variables, slots, strict=True):
            slot.assign(value)
        yield seed, model


def trained(name):
    """The model that an example has exported and that is kept in the repository."""
    return keras.saving.load_model(OUT / name / "model.keras", compile=False)


def outputs(model, x):
    """What a model gives for all of `x` at once, as an array; quicker here than `predict`."""
    return keras.ops.convert_to_numpy(model(x))


class Export(NamedTuple):
    """A model, the name of its folder, inputs to try, and what `save_picture` is given."""

    model: keras.Model
    name: str
    inputs: np.ndarray
    draw: Callable
    subplots: dict


def export_and_check(out, *exports):
    """Write `<out>/<name>/` of each: SavedModel, TF Lite, Keras file, inputs, outputs, picture.

    All is made under temporary names, checked by `serve.py` and only then moved: a folder is
    never half-written and always agrees.

    Raises:
        RuntimeError: if what was exported gives other outputs than the model.
    """
    out = pathlib.Path(out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=out) as temporary:
        folders = [pathlib.Path(temporary, export.name) for export in exports]
        for folder, export in zip(folders, exports):
            write(folder, export)
        # Starting a process takes longer than the check itself.
        command = [sys.executable, HERE / "serve.py", *folders]
        served = subprocess.run(command, capture_output=True, text=True)
        if served.returncode:
            raise RuntimeError(f"exported wrongly: {served.stdout}{served.stderr}")
        for folder in folders:
            if (out / folder.name).exists():
                (out / folder.name).rename(pathlib.Path(temporary, f"old_{folder.name}"))
            folder.rename(out / folder.name)
    written = ", ".join(str(out / folder.name) for folder in folders)
    console.print(f"{served.stdout}written to {written}", highlight=False, soft_wrap=True)


def write(folder, export):
    """Write an `Export` in all its forms into a new folder."""
    model, name, inputs, draw, subplots = export
    inputs = np.asarray(inputs, "float32")
    kg.export.saved_model(model, folder)
    kg.export.litert(model, folder / "model.tflite", kind="loop", signature="both")
    model.save(folder / "model.keras")
    np.savez_compressed(folder / "golden.npz", inputs=inputs, outputs=outputs(model, inputs))
    save_picture(folder / f"{name}.png", draw, **subplots)


def save_picture(path, draw, size=(8, 4.5), mosaic=None, **subplots):
    """What `draw(axes)` draws, as PNG of a size in inches; without Matplotlib only a line says so.

    The axes are those of `subplots`, or by the names in a mosaic.
    """
    if importlib.util.find_spec("matplotlib") is None:
        return console.print("The picture was skipped: Matplotlib is not installed.")
    from matplotlib.figure import Figure
    from PIL import Image

    figure, buffer = Figure(figsize=size, layout="constrained"), io.BytesIO()
    draw(figure.subplots(**subplots) if mosaic is None else figure.subplot_mosaic(mosaic))
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(buffer, dpi=100)
    # So few colours fit into a palette, at a third of the size.
    Image.open(buffer).convert("RGB").quantize(64).save(path, optimize=True)
