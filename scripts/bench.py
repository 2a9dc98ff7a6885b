"""`make bench`: every benchmark, one line of JSON each; names after it choose some, further options are theirs."""

import argparse
import subprocess
import sys

from .host.paths import ROOT


def main() -> int:
    known = sorted(path.stem.removeprefix("bench_") for path in (ROOT / "benchmarks").glob("bench_*.py"))
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(known)} (default: all)")
    arguments, options = parser.parse_known_args()
    names = arguments.names
    if unknown := sorted(set(names) - set(known)):
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
    commands = [[sys.executable, "-m", f"benchmarks.bench_{name}", *options] for name in names or known]
    return max(subprocess.run(command, cwd=ROOT, check=False).returncode for command in commands)


if __name__ == "__main__":
    sys.exit(main())
