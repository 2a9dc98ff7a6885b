"""The job queue comes and goes: what it was to do, the scheduled actions do."""

import json
import os
import subprocess
import sys
import unittest

from amazon_simulator import SimulatorServer
from scripts.host import beside
from scripts.host.database import running_host
from scripts.host.paths import ROOT, keyed
from scripts.host.step import exclusive
from scripts.test import QUEUE_MODULE

DATABASE = f"fba_queuelife_{keyed('life', str(ROOT)).name[-6:]}"


class TestQueueLife(unittest.TestCase):
    maxDiff = None

    def test_come_work_update_go(self):
        os.environ["ODOO_QUEUE_JOB_CHANNELS"] = "root:0"  # no runner
        with exclusive(DATABASE), running_host() as plain_host, SimulatorServer() as self.simulator:
            self.host = host = plain_host.beside(beside.install(beside.PINS["queue"]))
            host.fresh(DATABASE)
            host.install(DATABASE, "queue_job")  # which brings ours
            before = self.phase("work")
            host.update(DATABASE, QUEUE_MODULE)
            self.assertEqual(self.phase("updated"), before)
            host.uninstall(DATABASE, QUEUE_MODULE)
            self.assertEqual(self.phase("removed"), before)
            host.uninstall(DATABASE, "queue_job")
            self.phase("alone")

    def phase(self, name):
        """The facts before it, after it where it is the work itself."""
        command = [sys.executable, "-m", "life_tests.queue_phases", str(self.host.config), DATABASE, name]
        simulator = [self.simulator.url, self.simulator.lwa_url]
        result = subprocess.run([*command, *simulator], cwd=ROOT, capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, f"{name}: {result.stderr[-3000:]}")
        return json.loads(result.stdout.splitlines()[-1])
