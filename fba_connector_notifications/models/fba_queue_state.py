"""What came of reading an account's queue: a row of its own, since the account's is written by all of its tasks."""

from datetime import timedelta

from odoo import fields, models

from ..sqs import MISSING, OTHER, REFUSED, UNREACHABLE

CLOSED = "closed"  # its policy does not let Amazon in
READ_EACH = timedelta(minutes=1)


class FbaQueueState(models.Model):
    _name = "fba.queue.state"
    _description = "State of a Notification Queue"
    _log_access = False

    read_at = fields.Datetime("Last Read", readonly=True)
    problem_kind = fields.Selection(
        [
            (MISSING, "Queue not found"),
            (REFUSED, "Keys refused"),
            (UNREACHABLE, "Not reached"),
            (CLOSED, "Amazon is not let in"),
            (OTHER, "Refused"),
        ],
        "Problem",
        readonly=True,
    )
    problem_code = fields.Char(readonly=True)
    dead_letter_arn = fields.Char(readonly=True)
    dead_letter_count = fields.Integer("Dead Letters", readonly=True)
    counted_at = fields.Datetime("Dead Letters Counted", readonly=True)
    unknown_count = fields.Integer("Unknown Messages", readonly=True)
    unknown_kind = fields.Char("Last Unknown", readonly=True)

    def _note_problem(self, kind, code=False):
        """Written only when it changed; nothing is wrong where `kind` is False."""
        if (self.problem_kind, self.problem_code) != (kind, code):
            self.write({"problem_kind": kind, "problem_code": code})

    def _note_read(self):
        self._note_problem(False)
        now = fields.Datetime.now()
        if not self.read_at or self.read_at <= now - READ_EACH:
            self.read_at = now

    def _note_unknown(self, kind):
        """A message was received, and is left alone: polling goes on."""
        self.write({"unknown_count": self.unknown_count + 1, "unknown_kind": kind[:200]})
