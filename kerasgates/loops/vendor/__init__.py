"""The loop that a device's own library runs: PyTorch's on CPUs, cuDNN on GPUs.

A library has three networks, each as one operation. `network.py` says which cells are one of them
with other weights; `masks.py` lets a network without masks leave steps out; `on_torch.py` and
`of_keras.py` call the operations.
"""
