"""Every cell as a wiring diagram, drawn from its own code.

You will see the pictures of all cells in the folder `cells`: states run through from left to
right, yellow is learned, green is not.
"""

import pathlib

import common

import kerasgates as kg


def main(out=common.OUT):
    folder = pathlib.Path(out).resolve() / "cells"
    folder.mkdir(parents=True, exist_ok=True)
    names = [n for n in kg.list_cells() if kg.get(n).__module__.startswith("kerasgates.")]
    for name in names:
        kg.plot.cell(kg.get(name)).figure.savefig(folder / f"{name}.png", dpi=100)
    common.console.print(f"{len(names)} pictures written to {folder}", highlight=False)
    return names


if __name__ == "__main__":
    main(common.arguments(__doc__).out)
