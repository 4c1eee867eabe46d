"""Every tolerance of the tests, in one table: absolute differences."""

#: Ours in float64 against the float64 reference: rounding only.
FLOAT64 = 1e-12
#: Ours in float32 against the float64 reference.
FLOAT32 = 5e-6
#: Ours in float32 against another library's float32, with converted weights.
PEER = 2e-6
#: Half-precision products against single precision.
MIXED = 2e-2
#: The same numbers from an export in another runtime.
EXPORT = 1e-5
