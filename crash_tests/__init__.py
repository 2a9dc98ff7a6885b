"""Workers that die: real processes, real commits, SIGKILL between any two of them. `make test ARGS=crash`."""
