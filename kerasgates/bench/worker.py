"""One contender of the speed benchmark, in its own process: `python -m kerasgates.bench.worker`.

The specification comes as JSON in the first argument. Then each line of standard input asks for
one thing ("train 0.2": mean seconds of a training step, in at least 0.2 seconds), and each gets
one line of JSON on standard output, after a first one with what the first calls took.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

#: Rate of the optimiser of all contenders, gradient descent.
RATE = 0.01


def data(spec, entries=None):
    """Input `(batch, time, features)`, target `(batch, time, units)` and mask, of a fixed seed.

    Args:
        spec: of the contender.
        entries: of the target, where the output has not as many as there are units.
    """
    rng = np.random.default_rng(0)
    size = spec["batch"], spec["time"]
    x = rng.normal(size=(*size, spec["features"])).astype("float32")
    y = rng.normal(size=(*size, entries or spec["units"])).astype("float32")
    lengths = rng.integers(size[1] // 2, size[1] + 1, size[0])
    return x, y, np.arange(size[1])[None] < lengths[:, None]


class Task:
    """Base class of the contenders.

    Attributes:
        warm_up: number of calls after which nothing is compiled any more, besides the first.
    """

    warm_up = 1


def _single(keras, layer, x, keywords):
    return layer()(x, **keywords)


def _bidirectional(keras, layer, x, keywords):
    for _ in range(2):
        # So that the outputs have `units` entries, too.
        x = keras.layers.Bidirectional(layer(), merge_mode="sum")(x)
    return x


def _stacked(keras, layer, x, keywords):
    for _ in range(4):
        x = layer()(x)
    return x


def _encoder_decoder(keras, layer, x, keywords):
    """Teacher forcing: what the decoder reads is known, here the input once more."""
    _, *states = layer(return_state=True)(x)
    return layer()(x, initial_state=states)


#: Models of several layers: outputs `(batch, time, units)` of an input, and a function that makes a
#: layer.
MODELS = {
    "single": _single,
    "bidirectional": _bidirectional,
    "stacked": _stacked,
    "encoder-decoder": _encoder_decoder,
}


class KerasTask(Task):
    """A model of one layer of Keras, of tf_keras or of this package."""

    def __init__(self, spec):
        if spec["library"] == "tf_keras":
            import tf_keras as keras
            from tensorflow import convert_to_tensor
        else:
            import keras
            from keras.ops import convert_to_tensor
        if "dtype" in spec:
            keras.config.set_dtype_policy(spec["dtype"])
        layer = self._maker(spec, keras)
        inputs = [keras.Input((spec["time"], spec["features"]))]
        keywords = {}
        x, _, mask = data(spec)
        values = [convert_to_tensor(x)]
        if spec.get("mask"):
            inputs.append(keras.Input((spec["time"],), dtype="bool"))
            keywords["mask"] = inputs[1]
            values.append(convert_to_tensor(mask))
        outputs = MODELS[spec.get("model", "single")](keras, layer, inputs[0], keywords)
        self.model = self.predictor = keras.Model(inputs, outputs)
        options = {} if spec.get("jit") is None else {"jit_compile": spec["jit"]}
        self.model.compile(keras.optimizers.SGD(RATE), "mse", **options)
        if spec.get("device") == "gpu":
            # Means over time: to bring all from the device takes longer than to compute it.
            means = keras.layers.GlobalAveragePooling1D()(outputs)
            self.predictor = keras.Model(inputs, means)
            self.predictor.compile(**options)
        self.x, self.y = values, convert_to_tensor(data(spec, outputs.shape[-1])[1])
        self.to_numpy = keras.ops.convert_to_numpy if hasattr(keras, "ops") else np.asarray
        # A bias may be a matrix, too, and is multiplied by nothing.
        matrices = [w for w in self.model.weights if len(w.shape) > 1 and "bias" not in w.name]
        self.weights = sum(np.prod(w.shape) for w in matrices)
        if spec.get("bare"):
            from kerasgates.bench.bare import bare

            jit = bool(spec.get("jit"))
            self.train, self.infer = bare(self.model, self.predictor, values, self.y, RATE, jit)

    def _maker(self, spec, keras):
        """Function that makes a layer of the specification."""
        layers = keras.layers
        if spec["library"] == "kerasgates":
            import kerasgates as layers
            from kerasgates.loops import choosing, has_gpu

            steps = choosing.WARM_UP_ON_GPUS if has_gpu() else choosing.WARM_UP
            self.warm_up = 1 + steps // spec["time"]
        arguments = dict(spec.get("arguments", {}))
        # All but `measure.WITHOUT_TIME` run over time.
        if spec["layer"] != "Dense":
            arguments["return_sequences"] = True
        if "loop" in spec:
            arguments["loop"] = spec["loop"]

        def layer(units=spec["units"], **more):
            if spec.get("cell"):
                cell = getattr(layers, spec["cell"])(units)
                return keras.layers.RNN(cell, **arguments, **more)
            return getattr(layers, spec["layer"])(units, **arguments, **more)

        return layer

    def train(self):
        self.model.train_on_batch(self.x, self.y)

    def infer(self):
        self.predictor.predict_on_batch(self.x)

    def eager(self):
        self.to_numpy(self.predictor(self.x))


class TorchTask(Task):
    """A layer of PyTorch with the same sizes, loss and optimiser."""

    def __init__(self, spec):
        import torch

        self.torch = torch
        kind = getattr(torch.nn, spec["layer"].replace("SimpleRNN", "RNN"))
        device = self.device = "cuda" if spec.get("device") == "gpu" else "cpu"
        half = getattr(torch, spec.get("dtype", "").removeprefix("mixed_"), None)
        self.precision = {"dtype": half, "enabled": half is not None}
        model, sizes = spec.get("model"), (spec["features"], spec["units"])
        depth = {"bidirectional": 2, "stacked": 4}.get(model, 1)
        self.both = model == "bidirectional"
        more = {"num_layers": depth, "bidirectional": self.both, "batch_first": True}
        self.layer = kind(*sizes, **more).to(device)
        parts = [self.layer]
        self.decoder = None
        if model == "encoder-decoder":
            self.decoder = kind(*sizes, batch_first=True).to(device)
            parts.append(self.decoder)
        x, y, _ = data(spec)
        self.x, self.y = torch.tensor(x, device=device), torch.tensor(y, device=device)
        weights = [w for part in parts for w in part.parameters()]
        self.optimizer = torch.optim.SGD(weights, RATE)
        self.weights = sum(w.numel() for w in weights if w.dim() > 1)

    def outputs(self):
        with self.torch.autocast(self.device, **self.precision):
            outputs, states = self.layer(self.x)
            if self.decoder is not None:
                outputs, _ = self.decoder(self.x, states)
        return sum(outputs.chunk(2, dim=-1)) if self.both else outputs

    def train(self):
        self.optimizer.zero_grad()
        loss = (self.outputs() - self.y).square().mean()
        loss.backward()
        self.optimizer.step()
        loss.item()  # As Keras's trainer gives it; and so a GPU has done its work.

    def infer(self):
        with self.torch.inference_mode():
            outputs = self.outputs()
            # As of Keras's models.
            outputs = outputs.mean(1) if self.device == "cuda" else outputs
            outputs.float().cpu().numpy()

    eager = infer


class DecodingTask(Task):
    """A cell that is called step by step: `eager` in Python, `infer` in a graph."""

    def __init__(self, spec):
        import keras

        from kerasgates.bench.decoding import Decoder

        if "dtype" in spec:
            keras.config.set_dtype_policy(spec["dtype"])
        cells = keras.layers
        if spec["library"] == "kerasgates":
            import kerasgates as cells
        cell = getattr(cells, f"{spec['layer']}Cell")(spec["units"])
        cell.build((None, spec["features"]))
        self.steps, self.decoder = spec["time"], Decoder(cell, spec["features"])
        first = keras.ops.convert_to_tensor(data(spec)[0][:, 0])
        self.start = first, *cell.get_initial_state(spec["batch"])
        self.graph = self.decoder.in_a_graph(self.steps)
        self.to_numpy = keras.ops.convert_to_numpy
        weights = [*cell.weights, *self.decoder.head.weights]
        self.weights = sum(np.prod(w.shape) for w in weights if len(w.shape) > 1)

    def infer(self):
        self.to_numpy(self.graph(*self.start)[0])

    def eager(self):
        self.to_numpy(self.decoder.in_python(self.steps, *self.start)[0])


class TorchDecodingTask(Task):
    """A cell of PyTorch that is called step by step; it has no graph."""

    def __init__(self, spec):
        import torch

        self.torch, self.steps = torch, spec["time"]
        kind = getattr(torch.nn, spec["layer"].replace("SimpleRNN", "RNN") + "Cell")
        device = "cuda" if spec.get("device") == "gpu" else "cpu"
        self.cell = kind(spec["features"], spec["units"]).to(device)
        self.head = torch.nn.Linear(spec["units"], spec["features"]).to(device)
        self.first = torch.tensor(data(spec)[0][:, 0], device=device)
        weights = [*self.cell.parameters(), *self.head.parameters()]
        self.weights = sum(w.numel() for w in weights if w.dim() > 1)

    def infer(self):
        with self.torch.inference_mode():
            x, states = self.first, None
            for _ in range(self.steps):
                states = self.cell(x, states)
                x = self.head(states[0] if isinstance(states, tuple) else states)
            x.cpu().numpy()

    eager = infer


class MatrixProduct(Task):
    """A large matrix product, to measure the machine's rate: no contender."""

    def __init__(self, spec):
        from keras import ops, random

        # Few entries of the result are brought from a device.
        matrix = random.normal((spec["units"], spec["units"]))
        self.product = lambda: ops.convert_to_numpy(ops.matmul(matrix, matrix)[0])
        self.weights = 0

    def infer(self):
        self.product()

    train = eager = infer


def memory(name):
    """Bytes of memory that this process has ("VmRSS") or had at most ("VmHWM"); None off Linux.

    Not what `resource` says, which a process inherits from the one that started it.
    """
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith(name)), None)


def timed(call, seconds=0.0):
    """Mean seconds of a call, repeated until `seconds` are over, and at least once."""
    count, elapsed, start = 0, 0.0, time.perf_counter()
    while not count or elapsed < seconds:
        call()
        count += 1
        elapsed = time.perf_counter() - start
    return elapsed / count


def main():
    spec = json.loads(sys.argv[1])
    # What libraries print must not come between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    kinds = {"torch": TorchTask, "machine": MatrixProduct}
    if spec.get("model") == "decoding":
        kinds = {"torch": TorchDecodingTask, "keras": DecodingTask, "kerasgates": DecodingTask}

    def answer(value):
        print(json.dumps(value), file=answers, flush=True)

    task = kinds.get(spec["library"], KerasTask)(spec)
    before = memory("VmRSS")
    first = {kind: timed(getattr(task, kind)) for kind in spec["kinds"]}
    for kind in spec["kinds"]:
        for _ in range(1 + task.warm_up):
            timed(getattr(task, kind))
    answer({"first": first, "weights": int(task.weights)})
    for line in sys.stdin:
        kind, _, seconds = line.strip().partition(" ")
        if kind == "memory":
            answer(before and memory("VmHWM") - before)
        else:
            answer(timed(getattr(task, kind), float(seconds)))


if __name__ == "__main__":
    main()
