"""Answers of Amazon that contradict themselves: they free and end nothing, and the order is read again.

The order shows the contradiction after an hour, a person gets it after a day (patience.py). What such an answer proves:
amazon/consistency.py.
"""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...amazon import consistency, outbound
from ...utc import naive
from ..shared.groups import MANAGER
from ..shared.guard import BY_CODE
from ..shared.sentence import SentenceField, say
from .fba_fulfillment_order import NO_FAILURE
from .states import ENDED_STATES, UNFILLABLE

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
    can_end_doubt = fields.Boolean(compute="_compute_can_change")

    def _has_ended(self):
        """Whether Amazon has ended the order, and its numbers add up."""
        self.ensure_one()
        all_shipped = all(line.shipped_quantity >= line.quantity for line in self.line_ids)
        return consistency.has_ended(self.amazon_status, all_shipped) and not self.contradiction_since

    def _current_doubt(self):
        """The contradiction, once it has lasted; False before."""
        since = self.contradiction_since
        return since and since <= fields.Datetime.now() - SHOWN_AFTER and self.contradiction

    def _contradiction_values(self, snapshot, asked_at):
        """Values to write for what of `snapshot` does not fit."""
        sent = {line.item_id: int(line.quantity) for line in self.line_ids}
        found = consistency.contradictions(snapshot, sent)
        if (
            self.state in ENDED_STATES
            and snapshot.status not in outbound.ENDED
            and snapshot.status in outbound.STATUSES
        ):
            found.append(consistency.Contradiction(consistency.REOPENED, snapshot.status))
        if not found:
            return {"contradiction_since": False, "contradiction": False}
        return self._doubt(found[0], snapshot, asked_at)

    def _doubt(self, first, snapshot, asked_at):
        skus = {line.item_id: line.seller_sku for line in self.line_ids}
        sentence = say(
            "contradiction",
            order=self.sale_id.name,
            code=first.code,
            detail=skus.get(first.detail, first.detail),
            status=snapshot.status,
        )
        return {"contradiction_since": self.contradiction_since or asked_at, "contradiction": sentence}

    def _note_outdated(self, snapshot, asked_at):
        """Amazon shows an earlier state of the order than before: nothing of it is applied."""
        detail = fields.Datetime.to_string(naive(snapshot.updated_at))
        doubt = self._doubt(consistency.Contradiction(consistency.OUTDATED, detail), snapshot, asked_at)
        self.write({**doubt, **NO_FAILURE, "snapshot_at": asked_at})
        self.due_at = self._next_read_in_doubt(asked_at)

    def action_end_doubt(self):
        """An administrator decides that Amazon will not ship what it has not accounted for: it is released."""
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only FBA Administrators may decide that Amazon ships nothing more."))
        self.check_access("write")
        for order in self.sudo().with_context(fba_booking=BY_CODE):
            if not order._may("end_doubt"):
                raise UserError(self.env._("Amazon's answers for %s do not contradict each other.", order.name))
            for line in order.line_ids:
                rest = line.quantity - line.shipped_quantity - line.unfillable_quantity - line.cancelled_quantity
                line.unfillable_quantity += max(rest, 0)
                provisional = line._unforced_moves()
                line._unsource_all(provisional)
            user = self.env.user.name
            order._post(lambda env, user=user: env._("%s decided that Amazon ships nothing more of this order.", user))
            order.write({"contradiction_since": False, "contradiction": False, "due_at": False})
            if any(order.line_ids.mapped("unfillable_quantity")):
                order._set_exception(UNFILLABLE, order._unfillable_message(order.amazon_status))
            order._end()
        return True

    def _next_read_in_doubt(self, asked_at):
        """Sooner at first, daily in the end; False after a month, when a person has had it for long."""
        lasted = asked_at - self.contradiction_since
        return lasted < READ_FOR and asked_at + min(max(SHORTEST, lasted / 2), LONGEST)
