"""Write tables of docs/pages/speed.md from files of `kerasgates bench --json`.

    kerasgates bench --backend jax --layer GRU --rounds 3 --json jax-gru.json
    python tools/write_speed.py jax-gru.json jax-lstm.json torch-lstm.json

A line for each table of each file: what Keras's layer takes, and how many times as fast
PyTorch's and ours are. Files of `bench` make one table, those of `bench --bare` a second, those of
`bench models` a third; all of one table must be of one machine. There is none of both, bare models.
"""

import argparse
import json
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "pages" / "speed.md"
#: What stands before each table in the page, by what was measured.
BEGIN = {
    "speed": "<!-- table of backends -->\n",
    "bare": "<!-- table without a trainer -->\n",
    "models": "<!-- table of models -->\n",
}
END = "<!-- end of table -->\n"
_SIZES = "backend, layer, batch, steps, features, units"
HEADS = {"speed": _SIZES, "bare": _SIZES, "models": "layer, model"}
NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
#: Our layer with the equations of Keras's.
OURS = {"GRU": "ResetAfterGRU"}


def _milliseconds(seconds):
    """Three digits, and all before the point."""
    return f"{1e3 * seconds:.3g}" if seconds < 1 else f"{1e3 * seconds:.0f}"


def lines_of(results, workloads):
    """Rows of the table from one file."""
    layer, backend = results["layer"], NAMES[results["where"]["backend"]]
    for name, rows in results["tables"].items():
        rows = {row["contender"]: row for row in rows}
        stock = rows[f"keras.layers.{layer}"]
        # Of a decoder that is not trained: in a graph, and in Python.
        kinds = ("train", "infer") if "train" in stock else ("infer", "eager")
        others = f"torch.nn.{layer}", f"kerasgates.{OURS.get(layer, layer)}"
        cells = [" / ".join(_milliseconds(stock[kind]) for kind in kinds) + " ms"]
        for other in others:
            cells.append(" / ".join(f"{rows[other][f'{kind} ratio']:.2f} ×" for kind in kinds))
        size, _, model = name.partition(": ")
        told = f"{layer}, {model}" if model else f"{backend}, {layer} {_sizes(workloads[size])}"
        yield f"| {told} | {' | '.join(cells[:2])} | **{cells[2]}** |"


def _sizes(workload):
    return ", ".join(map(str, workload))


def _what(file):
    """What a file has measured: a key of `BEGIN`, or None where no table shows it."""
    if not file["where"].get("bare"):
        return file["what"]
    return "bare" if file["what"] == "speed" else None


def _table(files, workloads):
    """A table, with where it was measured above."""
    what, (size, *_) = _what(files[0]), files[0]["tables"]
    told = f"({files[0]['machine']}; float32; {', '.join(sorted({file['date'] for file in files}))}"
    if what == "models":
        told += f"; {_sizes(workloads[size.partition(':')[0]])}"
    return [
        f"{told}.)",
        "",
        f"| {HEADS[what]} | Keras: train / predict | PyTorch | `kerasgates` |",
        "|---|--:|--:|--:|",
        *(line for file in files for line in lines_of(file, workloads)),
    ]


def main():
    from kerasgates.bench.measure import WORKLOADS

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    files = [json.loads(path.read_text()) for path in parser.parse_args().files]
    if not all(map(_what, files)):
        parser.error("no table shows models without a trainer")
    page = PAGE.read_text("utf-8")
    for what, begin in BEGIN.items():
        these = [file for file in files if _what(file) == what]
        if len(machines := {file["machine"] for file in these}) > 1:
            parser.error(f"the files are of several machines: {sorted(machines)}")
        if these:
            before, _, rest = page.partition(begin)
            after = rest.partition(END)[2]
            page = before + begin + "\n".join(_table(these, WORKLOADS)) + "\n" + END + after
    PAGE.write_text(page, "utf-8")
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
