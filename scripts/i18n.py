"""`make i18n`: the templates of all words to translate, i18n/<module>.pot in each of our modules."""

import subprocess
import sys

from .host import beside
from .host.database import MODULE, running_host
from .host.paths import ROOT
from .host.step import exclusive, step
from .test import NOTIFICATIONS_MODULE, QUEUE_DATABASE, QUEUE_MODULE


def main() -> int:
    with exclusive(QUEUE_DATABASE), running_host() as plain_host:
        host = plain_host.beside(beside.install(beside.PINS["queue"]))
        host.fresh(QUEUE_DATABASE)
        modules = (QUEUE_MODULE, NOTIFICATIONS_MODULE)
        with step("Job queue and notifications on the database"):
            host.install(QUEUE_DATABASE, *modules)
        for module in modules:
            (ROOT / module / "i18n").mkdir(exist_ok=True)  # Odoo leaves out a module without it
        # Its own order of words: the configuration belongs to `export`.
        command = [host.python, "-m", "odoo", "i18n", "export", "--config", host.config, "-d", QUEUE_DATABASE]
        return subprocess.run([*command, MODULE, *modules], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
