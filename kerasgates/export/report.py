"""What an export returns: a report to print, and the error when it does not agree with Keras."""

import contextlib
import os
import pathlib
import shutil
import tempfile
from dataclasses import dataclass, field

from kerasgates._keras import reason as reason


class ExportError(RuntimeError):
    """A converter failed, or what it made does not give the outputs of the Keras model."""


@dataclass
class Report:
    """What was written, and how it compares.

    Attributes:
        path: the file or folder.
        format: `"SavedModel"`, `"LiteRT"` or `"ONNX"`.
        kind: how the loop over time is done.
        bytes: size of all files.
        difference: largest difference from Keras on random input, relative above 1; of quantised
            files the root mean square difference, in units of the largest output.
        measured: what `difference` is, in words.
        signatures: by name, what goes in and comes out: `{name: shape}` twice.
        operators: how often each operator occurs, subgraphs included.
        notes: what else there is to know, in sentences.
        tried: rows of what else was tried, as dicts.
    """

    path: str
    format: str
    kind: str
    bytes: int = 0
    difference: float = 0.0
    measured: str = "largest difference from Keras on random input"
    signatures: dict = field(default_factory=dict)
    operators: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    tried: list = field(default_factory=list)

    def __str__(self):
        lines = [f"{self.path}: {self.format}, {self.kind}, {readable(self.bytes)}"]
        lines.append(f"  {self.measured}: {self.difference:.1e}")
        for name, (inputs, outputs) in self.signatures.items():
            lines.append(f"  {name}({_shapes(inputs)}) -> {_shapes(outputs)}")
        if self.operators:
            ordered = sorted(self.operators.items(), key=lambda item: (-item[1], item[0]))
            lines.append("  operators: " + ", ".join(f"{n} {name}" for name, n in ordered))
        if self.tried:
            lines += ["  " + line for line in table(self.tried)]
        lines += [f"  {note}" for note in self.notes]
        return "\n".join(lines)


def _shapes(named):
    shown = {k: ", ".join("?" if n in (None, -1) else str(n) for n in v) for k, v in named.items()}
    return ", ".join(f"{name} ({shape})" for name, shape in shown.items())


def readable(size):
    """Bytes as people read them."""
    return f"{size} B" if size < 1000 else f"{size / 1000:,.1f} kB"


def table(rows):
    """Dicts of the same keys as aligned lines."""
    names = list(rows[0])
    texts = [names, *[[str(row[name]) for name in names] for row in rows]]
    widths = [max(len(text[i]) for text in texts) for i in range(len(names))]
    return ["  ".join(t.ljust(w) for t, w in zip(text, widths)).rstrip() for text in texts]


def size_of(path):
    """Bytes of a file, or of all files in a folder."""
    path = pathlib.Path(path)
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


@contextlib.contextmanager
def failing_as_export_error(what):
    """Whatever goes wrong in TensorFlow, Keras or a runtime comes out as an ExportError."""
    try:
        yield
    except ExportError:
        raise
    except Exception as error:
        raise ExportError(f"{what} failed: {reason(error)}") from error


def check_path(path, folder=False):
    """The absolute path of what is to be written.

    Raises:
        ValueError: if it cannot be written, or would take the place of something else.
    """

    def refuse(wanted, came):
        raise ValueError(f"Argument `path` must {wanted}. Received: path={path!r}, {came}")

    if not isinstance(path, (str, os.PathLike)) or not os.fspath(path):
        refuse("be a path, a string that is not empty", f"of type {type(path).__name__}")
    target = pathlib.Path(os.path.abspath(os.path.expanduser(path)))
    try:
        if target.exists() and target.is_dir() != folder:
            name, there = ("folder", "a file") if folder else ("file", "a folder")
            refuse(f"name a {name}", there)
        held = sorted(entry.name for entry in target.iterdir()) if target.is_dir() else []
    except OSError as error:
        refuse("be writable", error.strerror)
    if held and "saved_model.pb" not in held:
        refuse("name a new folder, or one with a SavedModel to replace", f"which holds {held[0]!r}")
    there = next(parent for parent in target.parents if parent.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        refuse("be writable", f"but {str(there)!r} is no folder that can")
    return target


@contextlib.contextmanager
def written_whole(path, folder=False):
    """A temporary path that takes the place of `path` when the block ends without an error.

    With an error all is as it was before.

    Raises:
        ValueError: as `check_path`.
    """
    target = check_path(path, folder)
    made = [parent for parent in target.parents if not parent.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = tempfile.mkdtemp(prefix=".kerasgates-", dir=target.parent)
    except OSError as error:
        raise ValueError(
            f"Argument `path` must be writable. Received: path={str(path)!r}, {error.strerror}"
        ) from error
    new, old = pathlib.Path(work, "new"), pathlib.Path(work, "old")
    try:
        yield new
        if folder and target.exists():
            # A folder cannot be put in the place of a full one in one move.
            target.rename(old)
        os.replace(new, target)
    except BaseException:
        if old.exists():
            old.rename(target)
        shutil.rmtree(work, ignore_errors=True)
        for parent in made:
            with contextlib.suppress(OSError):
                parent.rmdir()
        raise
    shutil.rmtree(work, ignore_errors=True)
