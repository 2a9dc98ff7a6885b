"""Bad days by the dozen here, by the hundred with `make chaos`: no order lost, none twice, both books agree."""

import json
import os
import sys
from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from odoo import fields
from odoo.tests import tagged

from .bad_days import BadDays
from .test_inventory import InventoryCase

SCHEDULES = int(os.environ.get("FBA_SCHEDULES", 25))
STEPS = int(os.environ.get("FBA_STEPS", 25))  # of a schedule, at most

# The lines of one schedule, without what pytest puts before them.
REPLAY = "\n".join(
    line.lstrip("E |")
    for line in (Path(os.environ["FBA_REPLAY"]).read_text().splitlines() if os.environ.get("FBA_REPLAY") else ())
    if line.lstrip("E |").startswith("state")
)
SHRINK = bool(os.environ.get("FBA_SHRINK"))  # a failing schedule to its shortest: takes minutes


@tagged("post_install", "-at_install")
class TestBadDays(InventoryCase):
    """Odoo's clock is the simulator's: what comes later at Amazon comes later in Odoo."""

    def setUp(self):
        self.now = fields.Datetime.now()
        self.startPatcher(patch.object(fields.Datetime, "now", lambda *_args: self.now))
        super().setUp()
        # Mails stay in Odoo's queue, to be counted.
        self.env["ir.config_parameter"].set_param("mail.mail.force.send.limit", 0)

    def test_both_books_agree_after_any_days(self):
        BadDays.case = self
        BadDays.counts.clear()
        if REPLAY:
            exec(REPLAY, {"BadDays": BadDays})  # noqa: S102 (a schedule as hypothesis printed it)
            return
        try:
            run_state_machine_as_test(
                BadDays,
                settings=settings(
                    max_examples=SCHEDULES,
                    stateful_step_count=STEPS,
                    deadline=None,
                    derandomize="FBA_SCHEDULES" not in os.environ,
                    database=None,
                    print_blob=False,
                    report_multiple_bugs=False,
                    phases=[Phase.generate, Phase.shrink] if SHRINK else [Phase.generate],
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            counts = {name: BadDays.counts[name] for name in sorted(BadDays.counts)}
            sys.stderr.write(f"\n{json.dumps(counts, indent=1)}\n")
