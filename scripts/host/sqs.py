"""Amazon SQS for tests: moto's server in an environment of its own, on a free port of this machine.

Odoo's environment stays free of moto; what reads and writes the queues there is boto3 alone.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .paths import ROOT, cache_dir, keyed
from .step import SetupError, exclusive, is_done, mark_done, run, step

PINS = ROOT / "requirements/sqs.txt"


def install() -> Path:
    """The environment's Python, built on first use."""
    target = keyed("sqs", sys.version, PINS)
    python = target / "bin/python"
    with exclusive("sqs"):
        if not is_done(target):
            with step("moto, which plays Amazon SQS (pinned)"):
                shutil.rmtree(target, ignore_errors=True)
                run([sys.executable, "-m", "venv", target], hint="Install Debian's python3-venv.")
                pip = [python, "-m", "pip", "install", "--no-deps", "--cache-dir", cache_dir() / "pip"]
                run([*pip, "-r", PINS], hint="Check the network, then repeat this command.")
                mark_done(target)
    return python


@contextlib.contextmanager
def running_sqs() -> Iterator[str]:
    """The URL of an SQS that is empty: any region, any keys, over HTTP. It ends with the context.

    It listens when its URL is printed, and ends when its standard input closes: it does not outlive us, however we end.
    Raises SetupError.
    """
    command = [str(install()), "-m", "scripts.host.sqs_server"]
    # Nothing of the environment of whoever calls, which may be Odoo's.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AWS_"))}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            url = process.stdout.readline().strip()
            if not url:
                raise SetupError("moto's server did not start; its message is above.")
            yield url
        finally:
            process.stdin.close()  # its sign to end
            process.stdout.close()
