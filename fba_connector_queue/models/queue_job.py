"""Failures of our jobs: the first one is mailed, and no other until the work has succeeded."""

from odoo import models
from odoo.addons.queue_job.job import CANCELLED, DONE

PART = ".part."  # in the identity key of a job that does a part of an account's work; its records follow the last dot


class QueueJob(models.Model):
    _inherit = "queue.job"

    def write(self, vals):
        """A failed job of ours is queued again and again: only its first failure is in its chatter."""
        again = self.filtered(lambda job: job.model_name == "fba.account" and job.exc_info)
        super(QueueJob, again.with_context(mail_notrack=True)).write(vals)
        return super(QueueJob, self - again).write(vals)

    def _message_post_on_failure(self):
        return super(QueueJob, self.filtered(lambda job: not job._fba_is_told()))._message_post_on_failure()

    def _fba_is_told(self):
        """Whether the same work of an account has failed before, and has not succeeded since."""
        if self.model_name != "fba.account" or not self.identity_key:
            return False
        work = self.identity_key.rpartition(".")[0] + ".%" if PART in self.identity_key else self.identity_key
        told = [("identity_key", "=like", work), ("exc_info", "!=", False), ("state", "not in", (DONE, CANCELLED))]
        return bool(self.sudo().search_count(told, limit=1))
