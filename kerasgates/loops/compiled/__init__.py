"""The loop that XLA compiles: two passes over time as one differentiable function. TensorFlow only.

May import `core` and, of the folder around it, `_tensorflow`.
"""
