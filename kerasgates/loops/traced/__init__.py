"""The loop that PyTorch runs by a graph of one step, without Keras between its operations.

`graph.py` traces a step; `loop.py` runs the graph over time. PyTorch only.
"""
