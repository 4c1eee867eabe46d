"""Helpers for every folder: files written whole, suggestions for wrong names, the terminal.

Imports the standard library alone: the command answers `--help` without waiting for TensorFlow.
"""
