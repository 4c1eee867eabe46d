"""A look inside models: what their gates and states do, and how far their gradients reach.

`trace` runs a model, `replay` computes the gates of one step, `gate_trace` is what comes of it,
read by `regimes`, `horizons` and `correlations`; `gradient_flow` follows gradients back through
time, `callbacks` look at both in training. May import `core`, `utils`, `formulas`, `loops`,
`interop` and `layers`; TensorFlow only in `gradient_flow` and `callbacks`.
"""
