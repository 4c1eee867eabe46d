"""A look inside models: what their gates and states do, and how far their gradients reach.

`trace` runs a model, `replay` computes the gates of one step, `cell_trace` and `gate_trace` are
what comes of it, read by `regimes`, `horizons` and `correlations`; `gradient_flow` follows the
gradients of `losses` back through time by `probes`, `callbacks` look at both in training. May
import `core`, `utils`, `formulas`, `loops`, `interop` and `layers`; TensorFlow only in
`gradient_flow`, `losses` and `callbacks`.
"""
