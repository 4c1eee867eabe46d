"""`python -m kerasgates`: the command `kerasgates`."""

import sys

from kerasgates.cli import main

if __name__ == "__main__":
    sys.exit(main())
