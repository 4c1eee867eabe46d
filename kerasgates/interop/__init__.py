"""Other libraries: weights in their conventions, and models of Keras's own recurrent layers.

`convert` carries weights over, by the `conventions` of the libraries and the `layout` of weights
in these; `upgrade` makes models anew with layers of this package. May import `core`, `cells` and
`layers`.
"""
