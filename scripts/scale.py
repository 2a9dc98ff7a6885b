"""`make scale`: the simulation of many orders and workers in place of this process."""

import os
import sys

if __name__ == "__main__":
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks.scale", *sys.argv[1:]])  # noqa: S606 (our own)
