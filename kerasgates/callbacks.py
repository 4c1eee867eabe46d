"""Keras callbacks that look at gates while a model is trained."""

from kerasgates.insight.callbacks import GateMonitor

__all__ = ["GateMonitor"]
