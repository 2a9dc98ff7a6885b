"""Effects of time on a fulfillment order: ending holds, missed promises, missing starts."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..shared.fba_fulfillment_options import LIMITS
from ..shared.sentence import day
from .fba_fulfillment_order_alert import DELAY_ACTIVITY
from .states import ENDED_STATES, NOT_BEGUN

DELAYS = [("late", "Late"), ("stuck", "Not Begun by Amazon")]
WARN_BEFORE = timedelta(days=3)

NOT_ENDED_BY_ERROR = Domain("state", "!=", "exception")  # a person has those already

# One-time warnings: (now -> affected orders, the method that warns).
WARNINGS = (
    (
        lambda now: Domain("hold_ends_at", "<=", now + WARN_BEFORE) & Domain("hold_was_warned", "=", False),
        "_warn_of_hold",
    ),
    (
        lambda now: Domain("late_at", "<=", now) & Domain("delay_warned", "!=", "late") & NOT_ENDED_BY_ERROR,
        "_warn_of_lateness",
    ),
    (lambda now: Domain("stuck_at", "<=", now) & Domain("delay_warned", "=", False), "_warn_of_standstill"),
    (lambda now: Domain("waits_until", "<=", now), "_warn_of_waits"),
)


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    hold_ends_at = fields.Datetime(
        "On Hold Until",
        compute="_compute_hold_ends_at",
        store=True,
        index="btree_not_null",
        help="Time when Amazon cancels the order.",
    )
    hold_was_warned = fields.Boolean(readonly=True, copy=False)
    promised_at = fields.Datetime(
        "Promised",
        compute="_compute_promised_at",
        store=True,
        help="The delivery date of the sales order; if it has none, the arrival in Amazon's preview, once the order is "
        "sent.",
    )
    late_at = fields.Datetime(compute="_compute_late_at", store=True, index="btree_not_null")
    stuck_at = fields.Datetime(
        compute="_compute_stuck_at",
        store=True,
        index="btree_not_null",
        help="Time by which Amazon should have begun; see Start Deadline on the account.",
    )
    delay = fields.Selection(DELAYS, compute="_compute_delay", search="_search_delay")
    delay_warned = fields.Selection(
        DELAYS,
        compute="_compute_delay_warned",
        store=True,
        help="Delay in the last warning.",
    )
    warned_promised_at = fields.Datetime(readonly=True, copy=False, help="The promised date at the last warning.")

    @api.depends("hold", "submitted_at", "state", "amazon_status", "contradiction_since")
    def _compute_hold_ends_at(self):
        for order in self:
            held = order.hold and order._is_worked_on()
            order.hold_ends_at = order.submitted_at + timedelta(days=LIMITS.hold_days) if held else False

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
        """A new promise gets a new warning; other changes of the fields behind it do not."""
        for order in self:
            order.delay_warned = order.promised_at == order.warned_promised_at and order.delay_warned

    # === WARNINGS === #

    @api.model
    def _to_be_warned_of(self, account):
        """The orders of `account` for which one of WARNINGS has come true."""
        now = fields.Datetime.now()
        come_true = Domain.OR(holds(now) for holds, _warn in WARNINGS)
        return self.search(Domain("account_id", "=", account.id) & come_true)

    def _warn_of_time(self):
        """For the scheduled action: each of WARNINGS that has come true, unless another worker has the order."""
        order = self.try_lock_for_update(allow_referencing=True)
        for holds, warn in WARNINGS:
            if order.filtered_domain(holds(fields.Datetime.now())):
                getattr(order, warn)()

    def _warn_of_hold(self):
        """Some days before Amazon cancels an order on hold."""
        self.hold_was_warned = True
        name, ends_at = self.sale_id.name, self.hold_ends_at
        self._alert(
            lambda env: env._(
                "%(order)s is on hold. Amazon cancels it on %(date)s. Press Ship, or request cancellation.",
                order=name,
                date=day(env, ends_at),
            )
        )

    def _warn_of_lateness(self):
        name, late_at, status, states = self.sale_id.name, self.late_at, self.amazon_status, self._fields["state"]
        self._warn_of_delay(
            "late",
            lambda env: env._(
                "%(order)s was promised for %(date)s and has not been shipped (%(where)s).",
                order=name,
                date=day(env, late_at),
                where=status or dict(states._description_selection(env))[self.state],
            ),
        )

    def _warn_of_standstill(self):
        name, status, hours = self.sale_id.name, self.amazon_status, self.account_id.stuck_after_hours
        self._warn_of_delay(
            "stuck",
            lambda env: env._(
                "Amazon has not begun %(order)s: it has been %(status)s for more than %(hours)s hours. Check the "
                "reason in Seller Central, or request cancellation.",
                order=name,
                status=status or env._("sent"),
                hours=hours,
            ),
        )

    def _warn_of_delay(self, delay, message):
        """One warning, and a second one when a stuck order becomes late."""
        self._alert(message, DELAY_ACTIVITY)
        self.write({"delay_warned": delay, "warned_promised_at": self.promised_at})
