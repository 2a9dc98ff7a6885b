"""Speed and size, each against a baseline measured in the same run. `make bench` runs them all.

A benchmark is a module `bench_*.py`: run as a program it prints one line of JSON and ends with 1 if a limit was missed.
"""
