"""Report of an export, and the error where an export does not agree with Keras."""

import contextlib
import pathlib
from dataclasses import dataclass, field
from typing import Any

from kerasgates.core._keras import reason as reason
from kerasgates.utils.tables import html_table
from kerasgates.utils.tables import table as table


class ExportError(RuntimeError):
    """A converter failed, or what it made does not give the outputs of the Keras model.

        >>> issubclass(kg.export.ExportError, RuntimeError)
        True

    The message says which, and by how much the outputs differ.
    """


@dataclass
class Report:
    """Report of an export: the file, its signatures, and its difference from Keras.

        >>> print(kg.export.Report("m.onnx", "ONNX", "1 LSTM node", bytes=2048))
        m.onnx: ONNX, 1 LSTM node, 2.0 kB
          largest difference from Keras on random input: 0.0e+00

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
    signatures: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    operators: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    tried: list[dict[str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{self.path}: {self._what()}", f"  {self.measured}: {self.difference:.1e}"]
        lines += [f"  {inputs} -> {outputs}" for inputs, outputs in self._signatures()]
        if self.operators:
            lines.append(f"  operators: {self._operators()}")
        if self.tried:
            lines += ["  " + line for line in table(self.tried)]
        lines += [f"  {note}" for note in self.notes]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The report as HTML tables: the file written, and the other forms tried."""
        facts = [(self.path, self._what()), (self.measured, f"{self.difference:.1e}")]
        facts += self._signatures()
        facts += [("operators", self._operators())] if self.operators else []
        facts += [("note", note) for note in self.notes]
        rows = [{"export": name, "": text} for name, text in facts]
        return html_table(rows) + (html_table(self.tried, "tried") if self.tried else "")

    def _what(self):
        return f"{self.format}, {self.kind}, {readable(self.bytes)}"

    def _signatures(self):
        """Inputs and outputs of each signature, as text."""
        return [
            (f"{name}({_shapes(inputs)})", _shapes(outputs))
            for name, (inputs, outputs) in self.signatures.items()
        ]

    def _operators(self):
        ordered = sorted(self.operators.items(), key=lambda item: (-item[1], item[0]))
        return ", ".join(f"{n} {name}" for name, n in ordered)


def _shapes(named):
    shapes = {k: ", ".join("?" if n in (None, -1) else str(n) for n in v) for k, v in named.items()}
    return ", ".join(f"{name} ({shape})" for name, shape in shapes.items())


def readable(size):
    """A number of bytes as text, in B or kB."""
    return f"{size} B" if size < 1000 else f"{size / 1000:,.1f} kB"


def size_of(path):
    """Bytes of a file, or of all files in a folder."""
    path = pathlib.Path(path)
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


@contextlib.contextmanager
def failing_as_export_error(what):
    """Context that turns errors of TensorFlow, Keras or a runtime into an ExportError."""
    try:
        yield
    except ExportError:
        raise
    except Exception as error:
        raise ExportError(f"{what} failed: {reason(error)}") from error
