"""What an export returns: a report to print, and the error when it does not agree with Keras."""

import contextlib
import pathlib
from dataclasses import dataclass, field

from kerasgates.core._keras import reason as reason


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
