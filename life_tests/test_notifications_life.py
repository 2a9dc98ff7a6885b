"""Notifications come and go: Amazon is told, and polling finds what they said."""

import json
import os
import subprocess
import sys
import unittest

from amazon_simulator import SimulatorServer
from scripts.host import beside
from scripts.host.database import running_host
from scripts.host.paths import ROOT, keyed
from scripts.host.sqs import running_sqs
from scripts.host.step import exclusive
from scripts.test import NOTIFICATIONS_MODULE, QUEUE_MODULE

DATABASE = f"fba_notifylife_{keyed('life', str(ROOT)).name[-6:]}"


class TestNotificationsLife(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.enterContext(exclusive(DATABASE))
        self.host = self.enterContext(running_host())
        self.simulator = self.enterContext(SimulatorServer())
        os.environ["FBA_SQS_URL"] = self.enterContext(running_sqs())

    def test_beside_the_job_queue(self):
        os.environ["ODOO_QUEUE_JOB_CHANNELS"] = "root:0"  # no runner
        self.host = self.host.beside(beside.install(beside.PINS["queue"]))
        self.host.fresh(DATABASE)
        self.host.install(DATABASE, QUEUE_MODULE, NOTIFICATIONS_MODULE)
        self.phase("work")
        self.phase("queued")
        self.host.uninstall(DATABASE, NOTIFICATIONS_MODULE)
        self.phase("removed")

    def test_come_work_update_go(self):
        self.host.fresh(DATABASE)
        self.host.install(DATABASE, NOTIFICATIONS_MODULE)
        before = self.phase("work")
        self.host.update(DATABASE, NOTIFICATIONS_MODULE)
        self.assertEqual(self.phase("updated"), before)
        self.host.uninstall(DATABASE, NOTIFICATIONS_MODULE)
        self.phase("removed")

    def phase(self, name):
        """The facts before it, after it where it is the work itself."""
        command = [sys.executable, "-m", "life_tests.notification_phases", str(self.host.config), DATABASE, name]
        simulator = [self.simulator.url, self.simulator.lwa_url]
        result = subprocess.run([*command, *simulator], cwd=ROOT, capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, f"{name}: {result.stderr[-3000:]}")
        return json.loads(result.stdout.splitlines()[-1])
