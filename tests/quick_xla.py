"""Flags with which XLA compiles the tests in half of its time.

JAX gets `FLAGS` alone: by its older generator, at this level, MCLSTM comes out wrong on JAX 0.10.2.
"""

import importlib.util
import mmap
from pathlib import Path

FLAGS = "--xla_backend_optimization_level=0"
#: XLA's newer generator of code, which takes twice as long as the one before it. Releases that do
#: not know the flag end the process.
NEWER_EMITTERS = "xla_cpu_use_fusion_emitters"
LIBRARIES = {
    "tensorflow": ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2"),
    "jaxlib": ("libjax_common.so",),
}


def quick_flags():
    """The flags that both TensorFlow and JAX, as they are installed, know."""
    known = all(_has_flag(package, names) for package, names in LIBRARIES.items())
    return f"{FLAGS} --{NEWER_EMITTERS}=false" if known else FLAGS


def _has_flag(package, names):
    # Whoever runs the tests in many processes has not imported them where this is asked.
    found = importlib.util.find_spec(package)
    for name in names if found else ():
        path = Path(found.submodule_search_locations[0], name)
        if path.exists():
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as m:
                if m.find(f"\0{NEWER_EMITTERS}\0".encode()) >= 0:
                    return True
    return False
