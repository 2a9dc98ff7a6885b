"""Orders that take too long: promised and not shipped yet, or sent and not begun by Amazon. Seen, and told once."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .fba_fulfillment_order import NOT_BEGUN
from .fba_fulfillment_order_alert import DELAY_ACTIVITY
from .states import ENDED_STATES

DELAYS = [("late", "Late"), ("stuck", "Not begun by Amazon")]


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    promised_at = fields.Datetime(
        "Promised",
        compute="_compute_promised_at",
        store=True,
        help="The delivery date of the order; without one, once it was sent, when Amazon's preview had it arrive.",
    )
    late_at = fields.Datetime(compute="_compute_late_at", store=True, index="btree_not_null")
    stuck_at = fields.Datetime(
        compute="_compute_stuck_at",
        store=True,
        index="btree_not_null",
        help="When Amazon should have begun; see the account's setting.",
    )
    delay = fields.Selection(DELAYS, compute="_compute_delay", search="_search_delay")
    delay_warned = fields.Selection(
        DELAYS,
        compute="_compute_delay_warned",
        store=True,
        help="What somebody was told of.",
    )
    warned_promised_at = fields.Datetime(readonly=True, copy=False, help="The promise that stood when it was told.")

    @api.depends(
        "sale_id.commitment_date", "submitted_at", "shipping_speed", "preview_ids.arrives_until",
        "preview_ids.shipping_speed",
    )  # fmt: skip
    def _compute_promised_at(self):
        for order in self:
            estimates = order.submitted_at and [
                preview.arrives_until
                for preview in order.preview_ids
                if preview.shipping_speed == order.shipping_speed and preview.arrives_until
            ]
            order.promised_at = order.sale_id.commitment_date or (estimates and max(estimates))

    @api.depends("promised_at", "state")
    def _compute_late_at(self):
        for order in self:
            order.late_at = order.state not in ENDED_STATES and order.promised_at

    @api.depends("state", "submitted_at", "amazon_status", "amazon_updated_at", "hold")
    def _compute_stuck_at(self):
        for order in self:
            since = order.amazon_updated_at or order.submitted_at
            waits = order.state == "in_shipping" and not order.hold and order.amazon_status in NOT_BEGUN and since
            order.stuck_at = waits and since + timedelta(hours=order.account_id.stuck_after_hours)

    @api.depends("late_at", "stuck_at")
    def _compute_delay(self):
        now = fields.Datetime.now()
        for order in self:
            late = order.late_at and order.late_at <= now
            stuck = order.stuck_at and order.stuck_at <= now
            order.delay = "late" if late else "stuck" if stuck else False

    def _search_delay(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        late, stuck = Domain("late_at", "<=", now), Domain("stuck_at", "<=", now)
        kinds = {"late": late, "stuck": stuck & ~late, False: ~late & ~stuck}
        return Domain.OR(kinds[kind] for kind in value)

    @api.depends("promised_at")
    def _compute_delay_warned(self):
        """Another promise is another warning; whatever else is written to what a promise comes from is none."""
        for order in self:
            order.delay_warned = order.promised_at == order.warned_promised_at and order.delay_warned

    def _is_to_warn_of_delay(self):
        return self.delay and self.state != "exception" and self.delay_warned not in ("late", self.delay)

    def _warn_of_delay(self):
        """For the scheduled action: once, and once more when what Amazon has not begun becomes late."""
        delay = self.delay
        if delay == "late":
            message = self.env._(
                "%(order)s was promised for %(date)s and has not been shipped (%(where)s).",
                order=self.sale_id.name,
                date=format_date(self.env, fields.Datetime.context_timestamp(self, self.late_at)),
                where=self.amazon_status or dict(self._fields["state"]._description_selection(self.env))[self.state],
            )
        else:
            message = self.env._(
                "Amazon has not begun with %(order)s: it is %(status)s for more than %(hours)s hours. Look in Seller "
                "Central what it waits for, or request cancellation.",
                order=self.sale_id.name,
                status=self.amazon_status or self.env._("sent"),
                hours=self.account_id.stuck_after_hours,
            )
        self._alert(message, DELAY_ACTIVITY)
        self.write({"delay_warned": delay, "warned_promised_at": self.promised_at})
