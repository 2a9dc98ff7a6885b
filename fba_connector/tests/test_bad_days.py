"""Bad days by the dozen here, by the hundred with `make chaos`: no order lost, none twice, both books agree."""

import json
import os
import sys
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from odoo.tests import tagged

from .bad_days import BadDays
from .sequences import SEQUENCES
from .test_inventory import InTimeCase

SCHEDULES = int(os.environ.get("FBA_SCHEDULES", 25))
STEPS = int(os.environ.get("FBA_STEPS", 25))  # of a schedule, at most
REPLAY = os.environ.get("FBA_REPLAY")  # a file with the lines of one schedule
SHRINK = bool(os.environ.get("FBA_SHRINK"))  # a failing schedule to its shortest: takes minutes


@tagged("post_install", "-at_install")
class TestBadDays(InTimeCase):
    in_schedules = all_act = True

    def setUp(self):
        super().setUp()
        # Mails stay in Odoo's queue, to be counted.
        self.env["ir.config_parameter"].set_param("mail.mail.force.send.limit", 0)

    def test_both_books_agree_after_any_days(self):
        BadDays.case = self
        BadDays.counts.clear()
        if REPLAY:
            lines = [line.lstrip("E |") for line in Path(REPLAY).read_text().splitlines()]  # as pytest printed them
            script = "\n".join(line for line in lines if line.startswith("state"))
            exec(script, {"BadDays": BadDays})  # noqa: S102 (a schedule as hypothesis printed it)
            return
        try:
            run_state_machine_as_test(
                BadDays,
                settings=settings(
                    SEQUENCES,
                    max_examples=SCHEDULES,
                    stateful_step_count=STEPS,
                    derandomize="FBA_SCHEDULES" not in os.environ,
                    database=None,
                    print_blob=False,
                    report_multiple_bugs=False,
                    phases=[*SEQUENCES.phases, Phase.shrink] if SHRINK else SEQUENCES.phases,
                ),
            )
        finally:
            counts = {name: BadDays.counts[name] for name in sorted(BadDays.counts)}
            sys.stderr.write(f"\n{json.dumps(counts, indent=1)}\n")
