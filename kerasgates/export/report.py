"""What an export returns: a report to print, and the error when it does not agree with Keras."""

import contextlib
import os
import pathlib
import shutil
import tempfile
from dataclasses import dataclass, field


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
        difference: largest difference from Keras on random input, relative above 1.
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
    signatures: dict = field(default_factory=dict)
    operators: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    tried: list = field(default_factory=list)

    def __str__(self):
        lines = [f"{self.path}: {self.format}, {self.kind}, {readable(self.bytes)}"]
        lines.append(f"  largest difference from Keras on random input: {self.difference:.1e}")
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
def written_whole(path, folder=False):
    """A temporary path that takes the place of `path` when the block ends without an error.

    Raises:
        ValueError: if `path` cannot be written, or is a folder where a file is to be.
    """
    target = pathlib.Path(path).expanduser().absolute()
    if target.exists() and target.is_dir() != folder:
        there, wanted = ("a folder", "file") if target.is_dir() else ("a file", "folder")
        raise ValueError(f"Argument `path` must name a {wanted}. Received: {path!r}, {there}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent)
    except OSError as error:
        raise ValueError(
            f"Argument `path` must be writable. Received: path={str(path)!r}, {error.strerror}"
        ) from error
    try:
        new = pathlib.Path(work, target.name)
        yield new
        if folder and target.exists():
            # A folder cannot be put in the place of a full one in one move.
            target.rename(pathlib.Path(work, "old"))
        os.replace(new, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
