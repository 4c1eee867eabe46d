"""The base class of all cells: its weights, blocks, arguments and dropout.

`cell` is put together from the others; `registry` knows every cell by name; `_keras` is the one
place for parts of Keras without a public name. May import `utils`, and no backend.
"""
