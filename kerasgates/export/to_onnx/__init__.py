"""ONNX files.

`export` writes a model and tries the file, `operators` knows which cells are ONNX's own RNN, GRU
and LSTM, and `nodes` puts these operators in the places of layers. May import what the rest of
`export` may.
"""
