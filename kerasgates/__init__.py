"""Every gated recurrent cell for Keras 3, written once, readable as its paper."""

import importlib

from kerasgates.utils import terminal

__version__ = "0.1.0"

#: Public names, to which `import_all` adds the cells and their layers.
__all__ = [
    "RNN",
    "AbstractRNNCell",
    "GateTrace",
    "callbacks",
    "convert",
    "equations",
    "export",
    "get",
    "gradient_flow",
    "jacobian",
    "layer_of",
    "list_cells",
    "loops",
    "plot",
    "register",
    "report",
    "trace",
    "upgrade",
]

#: What loads TensorFlow or draws, imported when it is first asked for: name -> module, and the
#: name in it, or None for the module itself.
_LATER = {
    "callbacks": ("kerasgates.callbacks", None),
    "export": ("kerasgates.export", None),
    "gradient_flow": ("kerasgates.insight.gradient_flow", "gradient_flow"),
    "jacobian": ("kerasgates.insight.jacobian", "jacobian"),
    "plot": ("kerasgates.plot", None),
    "report": ("kerasgates.reporting", "report"),
}


def import_all():
    """Import all public names, as importing the package does wherever it is not the command."""
    public = importlib.import_module("kerasgates.public")
    globals().update({name: getattr(public, name) for name in public.__all__})
    # Constants, classes, functions: as linters sort.
    names = {*__all__, *public.__all__}
    __all__[:] = sorted(names, key=lambda n: (not n.isupper(), not n[0].isupper(), n))


def __getattr__(name):
    if name in _LATER:
        module, member = _LATER[name]
        found = importlib.import_module(module)
        return found if member is None else getattr(found, member)
    # Cells and layers are no names of `__all__` yet, and are what is written with a capital.
    if terminal.IS_COMMAND and (name in __all__ or name[0].isupper()):
        import_all()
        if name in globals():
            return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


# Cells and layers are registered when the package is imported, so that `.keras` files find them.
# The command alone imports them itself, when it has read its arguments: `kerasgates --help` would
# wait for TensorFlow for seconds, whose log could no longer be kept from preceding the answer.
if not terminal.IS_COMMAND:
    import_all()
