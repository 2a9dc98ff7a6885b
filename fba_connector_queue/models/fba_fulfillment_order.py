"""Amazon's answers that wait to be applied by a job."""

from datetime import timedelta

from odoo import fields, models
from odoo.addons.fba_connector import amazon

READ_AGAIN_AFTER = timedelta(minutes=10)  # an answer that no job has applied


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    answer = fields.Json(copy=False, readonly=True, exportable=False, groups="base.group_system")
    answer_at = fields.Datetime(copy=False, readonly=True, exportable=False, groups="base.group_system")

    _answer_index = models.Index("(account_id) WHERE answer_at IS NOT NULL")

    def _keep_answers(self, answers):
        """Keep Amazon's `answers` ({order: (amazon.FulfillmentOrder, time of the request)}), without people's data."""
        for order in self._lock_due().sudo():
            snapshot, asked_at = answers[order]
            order.write({"answer": amazon.kept(snapshot), "answer_at": asked_at})

    def _differs_from(self, summary):
        """What is kept will be applied: it need not be read again for the same change."""
        if not (kept := self.sudo().answer):
            return super()._differs_from(summary)
        updated_at = summary.updated_at.isoformat() if summary.updated_at else kept["updated_at"]
        return (summary.status, updated_at) != (kept["status"], kept["updated_at"])

    def _apply_answers(self):
        """Apply what was kept, as far as no other worker has these orders."""
        orders = self.try_lock_for_update(allow_referencing=True).sudo().filtered("answer_at")
        answers = {order: (amazon.recalled(order.answer), order.answer_at) for order in orders}
        wanted = {order: order.due_at for order in orders if order.due_at and order.due_at > order.answer_at}
        orders.write({"answer": False, "answer_at": False})
        orders._apply_snapshots(answers)
        for order, due_at in wanted.items():  # somebody wants it to be read after this answer
            order.due_at = min(order.due_at or due_at, due_at)

    def _note_failure(self, reason):
        self.sudo().filtered("answer_at").write({"answer": False, "answer_at": False})
        return super()._note_failure(reason)
