"""LiteRT (TF Lite) files.

`export` writes a model and tries the file, `job` is the graphs that are converted, `fused_lstm`
LiteRT's own operator for LSTMs, `converter` TensorFlow's converter in a process of its own, and
`flatbuffer` knows the file's schema. May import what the rest of `export` may.
"""
