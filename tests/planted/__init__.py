"""Errors that are planted, by what they are in; `tests/mutants.py` plants them."""
