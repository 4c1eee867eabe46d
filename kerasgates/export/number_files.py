"""Files of numbers, .npy and .csv, as arrays."""

from __future__ import annotations

import csv
import pathlib
import re

import numpy as np


def read_numbers(path, argument="input"):
    """An array from a `.npy` file, or one sequence from a `.csv` file with a step in every row.

    A `.csv` file has commas between its columns, and names in the first row where that holds no
    number. Its array is `(time, features)`, or `(time,)` where it has one column: these may be
    tokens, and `(time, 1)` would be sequences of one token.

    Raises:
        ValueError: if the file is neither, or a field is no number.
    """
    path = pathlib.Path(path)
    if path.suffix == ".npy":
        return read_npy(path, argument)
    if not path.is_file() or path.suffix != ".csv":
        raise ValueError(
            f"Argument `{argument}` must be a .npy or .csv file. "
            f"Received: {str(path)!r}" + ("" if path.exists() else ", which is not there")
        )
    return _read_csv(path, argument)


def read_npy(path, argument):
    """The array of numbers in a `.npy` file; errors name the argument."""
    try:
        array, came = np.load(path, allow_pickle=False), "several arrays"
        if isinstance(array, np.ndarray):
            came = f"dtype {array.dtype}"
    # NumPy's own advice is to allow pickles, in which no array of numbers is kept.
    except (OSError, ValueError, EOFError):
        array, came = None, "no such file" if not pathlib.Path(path).exists() else "no array in it"
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
        raise ValueError(
            f"Argument `{argument}` must be a .npy file with one array of numbers, as `np.save` "
            f"writes it. Received: {str(path)!r}, {came}"
        )
    return array


def _read_csv(path, argument):
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.reader(file) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(
            f"Argument `{argument}` must be a .csv file of text. Received: {str(path)!r}, {error}"
        ) from error
    if rows and not any(_is_number(field) or _are_numbers(field) for field in rows[0]):
        rows = rows[1:]
    if not rows:
        raise ValueError(f"Argument `{argument}` must hold numbers. Received: none in {path.name}")
    for number, row in enumerate(rows):
        wrong = [field for field in row if not _is_number(field)]
        if wrong or len(row) != len(rows[0]):
            count = f"{len(rows[0])} number{'s' if len(rows[0]) > 1 else ''} in every row"
            if any(map(_are_numbers, wrong)):
                count = "numbers such as 1.5, and a comma between columns"
            raise ValueError(
                f"Argument `{argument}` must hold {count}. "
                f"Received: {row} as step {number} of {path.name}"
            )
    array = np.array(rows, "float32")
    return array[:, 0] if array.shape[1] == 1 else array


def _are_numbers(field):
    """Whether a field holds several numbers, by another separator or with a decimal comma."""
    parts = [part for part in re.split(r"[;,|\s\"']+", field) if part]
    return parts != [field] and bool(parts) and all(map(_is_number, parts))


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True
