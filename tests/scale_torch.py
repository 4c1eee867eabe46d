"""A worker of PyTorch's `DistributedDataParallel` over gloo; run by `test_many_workers.py`.

python -m tests.scale_torch COORDINATOR WORKERS WORKER
"""

import sys

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

from tests.scale_parts import EPOCHS, MOMENTUM, RATE, Share, build, report


def train(model, module, data):
    """PyTorch's own loop over what Keras calls a model; `module` may be wrapped around it."""
    optimizer = torch.optim.SGD(module.parameters(), RATE, momentum=MOMENTUM)
    for _ in range(EPOCHS):
        for batch in range(len(data)):
            x, y = map(torch.from_numpy, data[batch])
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(module(x), y).backward()
            optimizer.step()
    return model.get_weights()


if __name__ == "__main__":
    coordinator, workers, worker = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    distributed.init_process_group("gloo", f"tcp://{coordinator}", rank=worker, world_size=workers)
    model, weights = build(), {}
    if worker == 0:
        weights = {"first": model.get_weights(), "alone": train(model, model, Share())}
        model = build()
    weights["DDP"] = train(model, DistributedDataParallel(model), Share(worker, workers))
    report(weights, processes=distributed.get_world_size())
    distributed.destroy_process_group()
