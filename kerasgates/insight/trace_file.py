"""Traces as .npz files: arrays, and a header that says which is which."""

import json
import zipfile

import numpy as np

from kerasgates.utils.files import atomic_write

FORMAT = "kerasgates trace 1"
#: Fields of a `CellTrace`: those in the header as they are, dicts of arrays, and other arrays.
DESCRIBED = ("name", "cell", "direction", "whole", "bounded", "role_texts", "obstacles")
KINDS = ("gates", "states", "initial", "kept", "roles")
ARRAYS = ("mask", "times", "units")


def write(path, cells):
    """Write `CellTrace`s; what stood there is replaced when all is written."""
    arrays, described = {}, []
    for index, cell in enumerate(cells):
        described.append({key: getattr(cell, key) for key in DESCRIBED})
        described[-1] |= {kind: [*getattr(cell, kind)] for kind in KINDS}
        for kind in KINDS:
            for name, array in getattr(cell, kind).items():
                # NumPy writes numbers that it has no name for, as bfloat16, as bytes.
                named = array.astype("float32") if array.dtype.kind == "V" else array
                arrays[f"{index}/{kind}/{name}"] = named
        for name in ARRAYS:
            if getattr(cell, name) is not None:
                arrays[f"{index}/{name}"] = getattr(cell, name)
    header = json.dumps({"format": FORMAT, "cells": described})
    with atomic_write(path) as new, open(new, "wb") as file:
        np.savez_compressed(file, header=np.array(header), **arrays)


def read(path):
    """Read a file: the fields of each `CellTrace`, as dicts.

    Raises:
        ValueError: if the file is no such one, is damaged, or its arrays do not fit together.
    """
    with open(path, "rb") as stream:
        try:
            file = np.load(stream, allow_pickle=False)
        except (EOFError, ValueError, zipfile.BadZipFile) as error:
            raise ValueError(f"{str(path)!r} is no .npz file: {error}") from error
        if not hasattr(file, "files"):
            raise ValueError(f"{str(path)!r} is no .npz file, but a single array")
        with file:
            return _cells(path, file)


def _cells(path, file):
    """The fields of each cell in an open file.

    Reading a damaged archive fails in more ways than can be listed.
    """
    try:
        header = json.loads(str(file["header"])) if "header" in file else {}
    except Exception as error:
        raise _damaged(path, error) from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ValueError(f"{str(path)!r} is not a trace that `GateTrace.save` has written")
    try:
        return [_cell(file, i, described) for i, described in enumerate(header["cells"])]
    except Exception as error:
        raise _damaged(path, error) from error


def _damaged(path, error):
    says = f"{type(error).__name__}: {error}"
    return ValueError(f"{str(path)!r} is a trace, but damaged. Reading it failed with {says}")


def _cell(file, index, described):
    # Older files lack the roles: regimes cannot be told of them; and why others have none.
    described = {"roles": [], "role_texts": {}, "obstacles": {}, **described}
    fields = {
        kind: {name: file[f"{index}/{kind}/{name}"] for name in described[kind]} for kind in KINDS
    }
    fields |= {name: file.get(f"{index}/{name}") for name in ARRAYS}
    fields |= {key: described[key] for key in DESCRIBED if key != "bounded"}
    # And this: there a gate is what is between 0 and 1 in them.
    fields["bounded"] = described.get("bounded", _between_0_and_1(fields["gates"]))
    _check_shapes(fields)
    return fields


def _between_0_and_1(gates):
    return [n for n, v in gates.items() if not ((v < 0) | (v > 1)).any() and np.isfinite(v).any()]


def _check_shapes(fields):
    """Raise unless all arrays of a cell have the same rows and steps."""
    first = next(iter(fields["states"].values()))
    batch, time = first.shape[:2]
    units = len(fields["units"])
    wanted = {"mask": (batch, time), "times": (time,), "units": (units,)}
    shapes = {name: fields[name].shape for name in ARRAYS if fields[name] is not None}
    for name, shape in shapes.items():
        _require(name, shape, wanted[name])
    for kind in KINDS:
        for name, array in fields[kind].items():
            rows = (batch,) if kind == "initial" else (batch, time)
            entries = fields["states"][name].shape[-1] if kind in ("initial", "kept") else None
            if kind in ("gates", "states") and f"{kind[:-1]} {name}" not in fields["whole"]:
                entries = units
            last = array.shape[-1] if entries is None else entries
            _require(f"{kind}/{name}", array.shape, (*rows, last))
            if not np.issubdtype(array.dtype, np.number):
                raise ValueError(f"array {kind}/{name} holds {array.dtype}, no numbers")


def _require(name, shape, wanted):
    if shape != wanted:
        raise ValueError(f"array {name} must be of shape {wanted}, and is {shape}")
