"""What many_workers.py is made of: shares of batches, a worker that is killed, processes."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

import keras
import numpy as np


class Share(keras.utils.PyDataset):
    """A worker's rows of every batch, in an order that the number of the epoch alone decides."""

    def __init__(self, x, y, batch_size, worker, count):
        super().__init__()
        if batch_size % count:
            raise ValueError(f"batch_size={batch_size} cannot be divided by {count} workers.")
        self.x, self.y, self.batch_size = x, y, batch_size
        self.worker, self.count = worker, count
        self.shuffle(0)

    def shuffle(self, epoch):
        rows = np.random.default_rng(epoch).permutation(len(self.x))[: len(self) * self.batch_size]
        self.rows = rows.reshape(len(self), self.count, -1)[:, self.worker]

    def __len__(self):
        return len(self.x) // self.batch_size

    def __getitem__(self, batch):
        return self.x[self.rows[batch]], self.y[self.rows[batch]]


class Epochs(keras.callbacks.Callback):
    """Gives every epoch its order, and kills this process in the middle of one."""

    def __init__(self, share, killed_in):
        super().__init__()
        self.share, self.killed_in = share, killed_in

    def on_epoch_begin(self, epoch, logs=None):
        if int(self.model.optimizer.iterations) != epoch * len(self.share):
            raise RuntimeError("The backup is half written or of another run: remove it.")
        self.share.shuffle(epoch)
        self.epoch = epoch + 1

    def on_train_batch_end(self, batch, logs=None):
        if self.epoch == self.killed_in and batch == len(self.share) // 2:
            os.kill(os.getpid(), signal.SIGKILL)


def backup_folder(folder, worker):
    """Where a worker backs up; it finds there what the first worker has backed up, if anything.

    To be called before the model is built: from then on no worker gets ahead of the others.
    """
    first, own = pathlib.Path(folder, "backup-0"), pathlib.Path(folder, f"backup-{worker}")
    if own != first:
        shutil.rmtree(own, ignore_errors=True)
        if first.exists():
            shutil.copytree(first, own)
    return own


@contextlib.contextmanager
def quiet():
    """Sends to the errors what libraries print past Python."""
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def free_address():
    """An address of this host that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def run(script, count, folder, *of_last):
    """Run a script once for each worker, until all are done or one has died.

    Each gets `--coordinator`, `--count`, `--worker` and `--folder`, the last one `of_last`, too;
    what they complain of goes to `<folder>/errors.txt`.

    Returns:
        The exit codes of the workers that ended by themselves, by their numbers.
    """
    common = [f"--coordinator={free_address()}", f"--count={count}", f"--folder={folder}"]
    running = []
    try:
        with pathlib.Path(folder, "errors.txt").open("w") as errors:
            for worker in range(count):
                last = of_last if worker == count - 1 else ()
                command = [sys.executable, script, *common, f"--worker={worker}", *last]
                running.append(subprocess.Popen(command, stderr=errors))
        while True:
            codes = {worker: process.poll() for worker, process in enumerate(running)}
            ended = {worker: code for worker, code in codes.items() if code is not None}
            # Without one of them the others would wait for it.
            if len(ended) == count or any(ended.values()):
                return ended
            time.sleep(0.1)
    finally:
        for process in running:
            process.kill()
            process.wait()
