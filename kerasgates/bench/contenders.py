"""Contenders in processes of their own, which are measured in turns."""

import contextlib
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile

logger = logging.getLogger("kerasgates")

#: So many contenders, beside the first, have a process at the same time.
AT_ONCE = 12
ROUNDS, SECONDS = 7, 0.25


class Worker:
    """Worker process of one contender, which measures on request."""

    def __init__(self, name, spec):
        self.name, self.spec = name, spec
        # Open as long as the process is.
        self.said = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kerasgates.bench.worker", json.dumps(spec)],
            env={**os.environ, **_environment(spec)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
            text=True,
        )
        answer = self._answer()
        self.first, self.weights = answer["first"], answer["weights"]
        self.seconds = {kind: [] for kind in spec["kinds"]}

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.said.seek(0)
            last = self.said.read().strip().rpartition("\n")[2]
            self.close()
            raise RuntimeError(f"{self.name} could not be measured as {self.spec}: {last}")
        return json.loads(line)

    def ask(self, question):
        # One that has died says why in the place of an answer.
        with contextlib.suppress(BrokenPipeError):
            print(question, file=self.process.stdin, flush=True)
        return self._answer()

    def close(self):
        if self.said.closed:
            return
        # Leaving the process closes its pipes, with what it did not live to read, and waits for it.
        with self.said, contextlib.suppress(BrokenPipeError), self.process:
            pass


def _environment(spec):
    """Environment variables by which frameworks choose backend and device.

    On a GPU, contenders share its memory: none may take all of it at the start.
    """
    chosen = {"KERAS_BACKEND": spec["backend"]} if "backend" in spec else {}
    if spec.get("device") == "cpu":
        return chosen | {"CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"}
    sharing = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_FORCE_GPU_ALLOW_GROWTH": "true"}
    return chosen | sharing


def compare(specs, rounds=ROUNDS, seconds=SECONDS):
    """Measure contenders side by side.

    Args:
        specs: for each name what `kerasgates.bench.worker` is to do; the first is compared with. It
            runs again beside each dozen of others, since more processes fill the memory.
        rounds: how often each is measured.
        seconds: for how long, each time.

    Returns:
        a row for each name: medians in seconds, ratios to the first (above 1 is faster),
        seconds of the first calls, bytes of memory, `operations` of a prediction.

    Raises:
        RuntimeError: if a contender cannot do its task.
    """
    first, *others = specs
    rows = []
    for at in range(0, max(1, len(others)), AT_ONCE):
        names = (first, *others[at : at + AT_ONCE])
        together = _in_turns({name: specs[name] for name in names}, rounds, seconds)
        rows += together[1:] if rows else together
    return rows


def _in_turns(specs, rounds, seconds):
    contenders = []
    try:
        for name, spec in specs.items():
            logger.info("  starting %s", name)
            contenders.append(Worker(name, spec))
        for number in range(rounds):
            logger.info("  round %d of %d", number + 1, rounds)
            for kind in contenders[0].spec["kinds"]:
                for contender in contenders:
                    contender.seconds[kind].append(contender.ask(f"{kind} {seconds}"))
        return [_row(contender, contenders[0]) for contender in contenders]
    finally:
        for contender in contenders:
            contender.close()


def _row(contender, reference):
    row = {"contender": contender.name, "first": contender.first}
    row["memory"] = contender.ask("memory")
    spec = contender.spec
    steps = spec.get("batch", 0) * spec.get("time", 0)
    row["operations"] = 2 * steps * contender.weights
    for kind, seconds in contender.seconds.items():
        row[kind] = statistics.median(seconds)
        ratios = [theirs / ours for theirs, ours in zip(reference.seconds[kind], seconds)]
        row[f"{kind} ratio"] = statistics.median(ratios)
        row[f"{kind} rounds"] = ratios
    return row
