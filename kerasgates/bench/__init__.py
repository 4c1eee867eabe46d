"""Speed on this machine.

`measure` compares layers and loops with one another and with Keras and PyTorch, each in a process
of its own (`contenders`, `worker`), by Keras's trainer or without (`bare`), layers over time or a
cell step by step (`decoding`); `litert` compares the forms of a LiteRT file. May import `core`,
`export`, `loops` (what a worker warms up) and the public names; frameworks in `worker`, `bare`,
`decoding` and `litert`.
"""

#: Benchmarks of `measure` by name: `kerasgates bench NAME`; beside them there is "export".
TABLES = ("speed", "loops", "cells", "options", "models", "growth")
