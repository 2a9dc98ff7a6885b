"""Install, work, update, remove: stock and orders stay as they were, and Odoo works on."""

import json
import subprocess
import sys
import unittest

from scripts.host.database import MODULE, running_host
from scripts.host.paths import ROOT, keyed
from scripts.host.step import exclusive

DATABASE = f"fba_life_{keyed('life', str(ROOT)).name[-6:]}"


class TestLife(unittest.TestCase):
    maxDiff = None

    def test_install_work_update_remove(self):
        with exclusive(DATABASE), running_host() as host:
            self.host = host
            host.fresh(DATABASE)
            before = self.phase("work")
            host.update(DATABASE)
            self.assertEqual(self.warnings(), [], "an administrator would look for their cause")
            self.assertEqual(self.phase("updated"), before)
            before = self.phase("facts")
            host.uninstall(DATABASE, MODULE)
            self.assertEqual(self.phase("removed"), before)

    def warnings(self):
        """What Odoo's last command said of the add-on."""
        log = self.host.config.with_name(f"{DATABASE}.log").read_text(encoding="utf-8")
        return [line for line in log.splitlines() if " WARNING " in line and "odoo.tools.config" not in line]

    def phase(self, name):
        """The facts before it, after it where it is the work itself."""
        command = [sys.executable, "-m", "life_tests.phases", str(self.host.config), DATABASE, name]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, f"{name}: {result.stderr[-3000:]}")
        return json.loads(result.stdout.splitlines()[-1])
