"""A step as formulas: run with symbols, printed as equations, and differentiated.

`nodes` are what formulas consist of, `symbolic` records them from a cell's own code, `printing`
writes them, `direct_path` differentiates them. May import `core`.
"""
