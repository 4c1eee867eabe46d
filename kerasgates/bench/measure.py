"""`kerasgates bench`: time and memory of training and prediction, beside Keras and PyTorch.

Every contender has a process of its own. They are measured in turns, round by round, so that
what else the machine does falls on all alike; of each round the ratio to the first contender is
taken, and the median of these ratios is shown. Beside every row stands the floor: the
arithmetic of the matrix products at the rate the machine has for large ones.
"""

import datetime
import importlib.util
import logging
import os
import platform
import shutil
import statistics
import subprocess

from kerasgates.bench.contenders import ROUNDS, SECONDS, Worker, compare
from kerasgates.core.cell import CELLS
from kerasgates.core.declarations import required
from kerasgates.utils.tables import table

logger = logging.getLogger("kerasgates")

#: Batch, steps, features, units.
WORKLOADS = {
    "batch1": (1, 100, 8, 32),
    "middle": (32, 100, 64, 128),
    "large": (64, 256, 128, 256),
    "wide": (256, 50, 64, 64),
    "long": (16, 1000, 32, 64),
    "huge": (32, 1024, 256, 512),
}
#: The layers of Keras that are compared.
LAYERS = "LSTM", "GRU", "SimpleRNN"
#: Those that take too long on CPUs to be measured unless they are asked for.
ONLY_ASKED_FOR = ("huge",)
#: What calls, loss and optimiser of Keras take where a step is not compiled as a whole: a row
#: beside the contenders, which its parentheses keep out of pictures.
WITHOUT_TIME = "(keras.layers.Dense: no time)"
#: Floating-point operations of a training step by those of a prediction: forward, and backward
#: once by the inputs and once by the weights.
TRAINING = 3


def matrix_rate(backend="tensorflow", device=None, **where):
    """Floating-point operations per second of large matrix products, by Keras in single precision.

    Args: as of `placed`, whose others are not regarded.
    """
    size = 8192 if device == "gpu" else 1024
    spec = {"library": "machine", "kinds": ["infer"], "units": size}
    worker = Worker("matrix products", {**spec, "backend": backend, "device": device})
    rates = [2 * size**3 / worker.ask("infer 0.2") for _ in range(5)]
    worker.close()
    return statistics.median(rates)


def _spec(library, workload, kinds=("train", "infer"), layer="LSTM", **more):
    batch, time, features, units = workload
    sizes = {"batch": batch, "time": time, "features": features, "units": units}
    return {"library": library, "layer": layer, "kinds": list(kinds), **sizes, **more}


def _rivals(workload, layer, kinds):
    """Specifications of the layers that users have without this package."""
    rivals = {
        f"keras.layers.{layer}": _spec("keras", workload, kinds, layer),
        f"keras.layers.{layer}, jit_compile=True": _spec("keras", workload, kinds, layer, jit=True),
        f"keras.layers.{layer}, jit_compile=False": _spec(
            "keras", workload, kinds, layer, jit=False
        ),
        f"keras.layers.RNN({layer}Cell)": _spec(
            "keras", workload, kinds, layer, cell=f"{layer}Cell"
        ),
    }
    if importlib.util.find_spec("tf_keras"):
        rivals[f"tf_keras.layers.{layer}"] = _spec("tf_keras", workload, kinds, layer)
    if importlib.util.find_spec("torch"):
        rivals[f"torch.nn.{layer.replace('SimpleRNN', 'RNN')}"] = _spec(
            "torch", workload, kinds, layer
        )
    return rivals


def _ours(layer):
    """Name of our layer with the equations of Keras's layer."""
    return {"GRU": "ResetAfterGRU"}.get(layer, layer)


def speed(workloads, layer, **timing):
    """Our layer, as users get it, beside Keras's and PyTorch's, and a layer without time."""
    for name in workloads:
        workload = WORKLOADS[name]
        kinds = ("train", "infer", "eager") if name == "batch1" else ("train", "infer")
        specs = _rivals(workload, layer, kinds)
        ours = _ours(layer)
        specs[f"kerasgates.{ours}"] = _spec("kerasgates", workload, kinds, ours)
        # Not compiled as a whole, as ours is not.
        specs[WITHOUT_TIME] = _spec("keras", workload, kinds, "Dense", jit=False)
        yield name, specs, timing


def loops(workloads, layer, **timing):
    """Each loop of a layer of ours beside the others, and those of one that is linear."""
    for name in workloads:
        sizes, specs = WORKLOADS[name], {}
        which = _ours(layer)
        more = {"layer": which, "arguments": required(CELLS[f"{which}Cell"], sizes[-1])}
        for loop in ("keras", "hoisted", "compiled", "recomputed", "vendor", "traced"):
            specs[f"loop={loop!r}"] = _spec("kerasgates", sizes, loop=loop, **more)
        for loop in ("keras", "compiled", "associative", "chunked"):
            specs[f"MinGRU, {loop!r}"] = _spec("kerasgates", sizes, layer="MinGRU", loop=loop)
        yield name, specs, timing


def cells(workloads, layer, **timing):
    """Every cell beside the LSTM; time is to be compared by arithmetic."""
    for name in workloads:
        specs = {"kerasgates.LSTM": _spec("kerasgates", WORKLOADS[name], layer="LSTM")}
        units = WORKLOADS[name][-1]
        for cell in CELLS.values():
            if cell.__module__.startswith("kerasgates.") and cell.__name__ != "LSTMCell":
                other, arguments = cell.__name__.removesuffix("Cell"), required(cell, units)
                sizes = _that_fit(cell, arguments, WORKLOADS[name])
                specs[f"kerasgates.{other}"] = _spec(
                    "kerasgates", sizes, layer=other, arguments=arguments
                )
        yield name, specs, timing


def _that_fit(cell, arguments, workload):
    """A workload for a cell: a feature more where these are values, their mask and a time."""
    *sizes, features, units = workload
    try:
        cell(units, **arguments).build((None, features))
    except ValueError:
        features += 1
    return *sizes, features, units


def options(workloads, layer, **timing):
    """Recurrent dropout and masks beside a layer without."""
    for name in workloads:
        specs = {}
        for library, which in (("kerasgates", _ours(layer)), ("keras", layer)):
            for label, more in {
                "": {},
                ", recurrent_dropout=0.3": {"arguments": {"recurrent_dropout": 0.3}},
                ", masked": {"mask": True},
            }.items():
                where = "kerasgates" if library == "kerasgates" else "keras.layers"
                specs[f"{where}.{which}{label}"] = _spec(
                    library, WORKLOADS[name], layer=which, **more
                )
        yield name, specs, timing


def models(workloads, layer, **timing):
    """Models of several layers, and a decoder that is called step by step."""
    torch_layer = layer.replace("SimpleRNN", "RNN")
    for name in workloads:
        for model in MODELS:
            specs = {
                f"keras.layers.{layer}": _spec("keras", WORKLOADS[name], layer=layer),
                f"kerasgates.{_ours(layer)}": _spec(
                    "kerasgates", WORKLOADS[name], layer=_ours(layer)
                ),
            }
            if importlib.util.find_spec("torch"):
                rival = _spec("torch", WORKLOADS[name], layer=layer)
                specs[f"torch.nn.{torch_layer}"] = rival
            for spec in specs.values():
                spec["model"] = model
                if model == "decoding":
                    spec["kinds"] = ["infer", "eager"]
            yield f"{name}: {MODELS[model]}", specs, timing


#: What the models of `models` are, by their names in `worker`.
MODELS = {
    "bidirectional": "two layers, each in both directions",
    "stacked": "four layers",
    "encoder-decoder": "an encoder, and a decoder that reads what it should have said",
    "decoding": "a decoder that reads what it has said: in a graph (infer), in Python (eager)",
}


def growth(workloads, layer, **timing):
    """Time and memory as the sequence and the batch grow sixteenfold."""
    which = _ours(layer)
    shapes = {f"T = {64 * k}": (16, 64 * k, 32, 64) for k in (1, 4, 16)}
    shapes |= {f"B = {16 * k}": (16 * k, 64, 32, 64) for k in (4, 16)}
    specs = {name: _spec("kerasgates", shape, layer=which) for name, shape in shapes.items()}
    yield "growth", specs, timing
    long = 64, 1000, 128, 256
    memory = {
        f"keras.layers.{layer}": _spec("keras", long, layer=layer),
        f"kerasgates.{which}": _spec("kerasgates", long, layer=which),
        "loop='recomputed'": _spec("kerasgates", long, layer=which, loop="recomputed"),
    }
    yield f"memory: {_sizes(long)}", memory, timing


#: By backend: loops that are Keras's there by another name; "vendor" is its own on a GPU.
SAME_AS_KERAS = {
    "tensorflow": ("vendor", "traced"),
    "jax": ("vendor", "traced"),
    "torch": ("compiled", "recomputed"),
}


def placed(specs, backend="tensorflow", device=None, dtype="float32", bare=False):
    """Specifications on a backend of Keras and a device, without those that have no place there.

    Args:
        specs: specifications by name.
        backend: `"tensorflow"`, `"jax"` or `"torch"`.
        device: `"cpu"`, `"gpu"`, or None for what the backend takes by itself.
        dtype: a policy of Keras, such as `"mixed_bfloat16"`.
        bare: whether the framework runs the steps of models, without Keras's trainer.
    """
    chosen = {}
    for name, spec in specs.items():
        of_keras = spec["library"] in ("keras", "kerasgates")
        elsewhere = backend != "tensorflow" and (not of_keras or "jit" in spec)
        if bare:
            # There is no trainer that `jit_compile=False` or a layer without time would show.
            elsewhere |= spec["library"] == "tf_keras" or spec.get("jit") is False
        if spec["library"] == "torch":
            # In place of policies PyTorch has `autocast`; not every CPU has an LSTM for it.
            autocast = device == "gpu" and dtype.startswith("mixed_")
            elsewhere = dtype != "float32" and not autocast
        if spec.get("loop") in SAME_AS_KERAS[backend]:
            elsewhere = spec["loop"] != "vendor" or device != "gpu"
        if not elsewhere:
            policy = {"dtype": dtype} if dtype != "float32" else {}
            policy |= {"bare": True} if bare and of_keras else {}
            chosen[name] = {**spec, "backend": backend, "device": device, **policy}
    return chosen


def main(what="speed", workloads=None, layer="LSTM", rounds=ROUNDS, seconds=SECONDS, **where):
    """Measure one of `kerasgates.bench.TABLES`.

    Args:
        what: which.
        workloads: names in `WORKLOADS`; by default all for `"speed"` and `"loops"`, the middle
            one for the others.
        layer: `"LSTM"`, `"GRU"` or `"SimpleRNN"` of Keras; ours are those with its equations. For
            `"loops"`, any layer of ours.
        rounds: how often each contender is measured.
        seconds: for how long, each time.
        **where: `backend`, `device`, `dtype` and `bare`, as of `placed`.

    Returns:
        `{"machine": …, "date": …, "rate": …, "tables": {workload: rows}}`, ready for JSON.
    """
    if workloads is None:
        usual = [name for name in WORKLOADS if name not in ONLY_ASKED_FOR]
        workloads = usual if what in ("speed", "loops") else ["middle"]
    logger.info("matrix products of this machine")
    rate = matrix_rate(**where)
    today = datetime.date.today().isoformat()
    results = {"machine": machine(where.get("device")), "date": today, "what": what}
    results |= {"layer": layer, "rate": rate, "where": where, "tables": {}}
    maker = globals()[what]
    for name, specs, timing in maker(workloads, layer, rounds=rounds, seconds=seconds):
        specs = placed(specs, **where)
        logger.info("%s: %d contenders", name, len(specs))
        results["tables"][name] = compare(specs, **timing)
    return results


def machine(device=None):
    """GPUs where asked for, processor, cores and versions of libraries, as text."""
    from importlib.metadata import version

    names = ["tensorflow", "keras", "jax", "torch"]
    versions = [f"{n} {version(n)}" for n in names if importlib.util.find_spec(n)]
    kind = platform.processor() or platform.machine()
    asks = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    if device == "gpu" and shutil.which(asks[0]):
        names = subprocess.run(asks, capture_output=True, text=True).stdout.split("\n")
        kind = ", ".join([*filter(None, names), kind])
    return f"{kind}, {os.cpu_count()} cores; " + ", ".join(versions)


def _sizes(shape):
    return "batch {}, {} steps, {} features, {} units".format(*shape)


def text(results):
    """Results as text: the machine, and a table for each workload."""
    rate = results["rate"]
    told = results.get("where", {})
    where = [value for value in told.values() if isinstance(value, str)]
    where = ", ".join([*where, *["without its trainer"] * bool(told.get("bare"))])
    lines = [f"{results['machine']}; matrix products {rate / 1e9:.0f} GFLOP/s"]
    lines += [f"Keras on {where}; {results['date']}"] if where else []
    for name, rows in results["tables"].items():
        shape = WORKLOADS.get(name)
        title = f"{name}: {_sizes(shape)}" if shape else name
        lines += ["", title, *table([_shown(row, rate) for row in rows])]
    return "\n".join(lines)


def _shown(row, rate):
    floor = row["operations"] / rate
    texts = {"": row["contender"]}
    for kind in ("train", "infer", "eager"):
        if kind in row:
            texts[f"{kind} ms"] = f"{1e3 * row[kind]:.2f}"
            texts[f"{kind} x"] = f"{row[f'{kind} ratio']:.2f}"
    if row["operations"] and "train" in row:
        # What differs between cells beside the arithmetic that they need.
        texts["ms/GFLOP"] = f"{1e12 * row['train'] / (TRAINING * row['operations']):.1f}"
    texts["floor ms"] = f"{1e3 * floor * TRAINING:.2f} / {1e3 * floor:.2f}"
    if "train" not in row:
        texts["floor ms"] = f"{1e3 * floor:.2f}"
    texts["first s"] = " / ".join(f"{s:.1f}" for s in row["first"].values())
    if row["memory"] is not None:
        texts["peak MB"] = f"{row['memory'] / 1e6:.0f}"
    return texts
