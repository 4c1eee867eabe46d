"""Write a table of docs/pages/speed.md from files of `kerasgates bench --json`.

    kerasgates bench --backend jax --layer GRU --rounds 3 --json jax-gru.json
    python tools/write_speed.py jax-gru.json jax-lstm.json torch-lstm.json

A line for each workload of each file: what Keras's layer takes, and how many times as fast
PyTorch's and ours are. All files must be of one machine.
"""

import argparse
import json
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "pages" / "speed.md"
BEGIN, END = "<!-- table of backends -->\n", "<!-- end of table -->\n"
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
        others = f"torch.nn.{layer}", f"kerasgates.{OURS.get(layer, layer)}"
        cells = [f"{_milliseconds(stock['train'])} / {_milliseconds(stock['infer'])} ms"]
        for other in others:
            row = rows[other]
            cells.append(f"{row['train ratio']:.2f} × / {row['infer ratio']:.2f} ×")
        sizes = ", ".join(map(str, workloads[name]))
        yield f"| {backend}, {layer} {sizes} | {' | '.join(cells[:2])} | **{cells[2]}** |"


def main():
    from kerasgates.bench.measure import WORKLOADS

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    files = [json.loads(path.read_text()) for path in parser.parse_args().files]
    if len(machines := {file["machine"] for file in files}) > 1:
        parser.error(f"the files are of several machines: {sorted(machines)}")
    lines = [
        f"({files[0]['machine']}; float32; {max(file['date'] for file in files)}.)",
        "",
        "| backend, layer, batch, steps, features, units | Keras: train / predict | PyTorch "
        "| `kerasgates` |",
        "|---|---|---|---|",
        *(line for file in files for line in lines_of(file, WORKLOADS)),
    ]
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after, "utf-8")
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
