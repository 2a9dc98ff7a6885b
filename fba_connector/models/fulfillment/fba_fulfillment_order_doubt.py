"""Answers of Amazon that contradict themselves: they free and end nothing, and the order is read again.

The order shows the contradiction after an hour, a person gets it after a day (patience.py). What such an answer proves:
amazon/consistency.py.
"""

from datetime import timedelta

from odoo import fields, models

from ...amazon import consistency, outbound
from ..shared.sentence import SentenceField, say

SHOWN_AFTER = timedelta(hours=1)
READ_FOR = timedelta(days=30)
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=1)


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    contradiction_since = fields.Datetime(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Amazon's answers have contradicted each other since this time.",
    )
    contradiction = SentenceField(readonly=True, copy=False)

    def _has_ended(self):
        """Whether Amazon has ended the order, and its numbers add up."""
        self.ensure_one()
        return self.amazon_status in outbound.ENDED and not self.contradiction_since

    def _current_doubt(self):
        """The contradiction, once it has lasted; False before."""
        since = self.contradiction_since
        return since and since <= fields.Datetime.now() - SHOWN_AFTER and self.contradiction

    def _contradiction_values(self, snapshot, asked_at):
        """Values to write for what of `snapshot` does not fit."""
        sent = {line.item_id: int(line.quantity) for line in self.line_ids}
        found = consistency.contradictions(snapshot, sent)
        if not found:
            return {"contradiction_since": False, "contradiction": False}
        skus = {line.item_id: line.seller_sku for line in self.line_ids}
        first = found[0]
        sentence = say(
            "contradiction",
            order=self.sale_id.name,
            code=first.code,
            detail=skus.get(first.detail, first.detail),
            status=snapshot.status,
        )
        return {"contradiction_since": self.contradiction_since or asked_at, "contradiction": sentence}

    def _next_read_in_doubt(self, asked_at):
        """Sooner at first, daily in the end; False after a month, when a person has had it for long."""
        lasted = asked_at - self.contradiction_since
        return lasted < READ_FOR and asked_at + min(max(SHORTEST, lasted / 2), LONGEST)
