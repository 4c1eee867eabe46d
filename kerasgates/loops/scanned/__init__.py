"""The compiled loop of JAX: a scan whose gradients of weights are taken for many steps at once.

JAX only. May import nothing else of the package.
"""
