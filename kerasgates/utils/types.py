"""Type aliases of arguments that many public functions take."""

import os
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from numpy.typing import ArrayLike

#: A Keras model or layer. Keras has no types of its own, and what checkers make of its code is not
#: always right: `keras.saving.load_model` would give no model.
Model: TypeAlias = Any
#: What a model reads: an array, or one for each input. Tensors of every backend are arrays here.
Inputs: TypeAlias = ArrayLike | Sequence[ArrayLike] | Mapping[str, ArrayLike]
#: Path of a file.
PathLike: TypeAlias = str | os.PathLike[str]
#: Labels of the steps: for all rows, or for each.
Tokens: TypeAlias = Sequence[str] | Sequence[Sequence[str]]
