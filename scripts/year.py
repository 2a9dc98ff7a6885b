"""`make year`: the year's benchmark in place of this process, so that whoever ends one ends the other."""

import os
import sys

if __name__ == "__main__":
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks.year", *sys.argv[1:]])  # noqa: S606 (our own)
