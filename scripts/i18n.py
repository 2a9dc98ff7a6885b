"""`make i18n`: the template of all words to translate, fba_connector/i18n/fba_connector.pot."""

import subprocess
import sys

from .host.database import MODULE, running_host
from .host.paths import ROOT
from .test import DATABASE


def main() -> int:
    with running_host() as host:
        host.fresh(DATABASE)
        # Its own order of words: the configuration belongs to `export`.
        command = [host.python, "-m", "odoo", "i18n", "export", "--config", host.config, "-d", DATABASE, MODULE]
        return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
