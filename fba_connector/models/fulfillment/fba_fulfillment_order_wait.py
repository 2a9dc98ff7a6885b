"""The longest stay in each wait of a fulfillment order (patience.py): afterwards a person gets it, once."""

from odoo import api, fields, models

from ..shared.sentence import say
from .fba_fulfillment_order_alert import DELAY_ACTIVITY
from .patience import WAITS
from .states import UNCLEAR


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    failing_since = fields.Datetime(readonly=True, copy=False, help="Time of the first of the consecutive failures.")
    waits_until = fields.Datetime(
        "Wait Reported At", compute="_compute_waits_until", store=True, index="btree_not_null",
        help="Time of the activity about a wait that is too long.",
    )  # fmt: skip
    waits_told = fields.Json(
        "Reported Waits", readonly=True, copy=False, help="Waits that already have an activity, and when they began."
    )

    @api.depends(
        "state", "state_since", "hold", "amazon_updated_at", "cancel_requested_at", "contradiction_since",
        "failing_since", "submitted_at", "waits_told",
    )  # fmt: skip
    def _compute_waits_until(self):
        for order in self:
            order.waits_until = min((since + wait.longest for wait, since in order._untold_waits()), default=False)

    def _untold_waits(self):
        """[(Wait, its beginning)] that nobody was told of."""
        return [(wait, since) for wait, since in self._waits() if not self._was_told(wait, since)]

    def _told_waits(self):
        """Those that a person knows of."""
        return [(wait, since) for wait, since in self._waits() if self._was_told(wait, since)]

    def _waits(self):
        waits = [(wait, wait.since(self)) for wait in WAITS]
        return [(wait, since) for wait, since in waits if since]

    def _was_told(self, wait, since):
        return (self.waits_told or {}).get(wait.name) == fields.Datetime.to_string(since)

    def _warn_of_waits(self):
        """Tell a person of each wait that has lasted too long."""
        now = fields.Datetime.now()
        for wait, since in self._untold_waits():
            if since + wait.longest > now or (wait.name == "submitting" and not self.account_id._may_work()):
                continue
            moment = fields.Datetime.to_string(since)
            self.waits_told = {**(self.waits_told or {}), wait.name: moment}
            if wait.name == "submitting":
                self._set_unclear()
                continue
            sentence = say(
                "waits",
                wait=wait.name,
                order=self.sale_id.name,
                since=moment,
                status=self.amazon_status or "",
                tried=self._tried(wait.name),
                can_end=wait.name == "contradiction" and self._may("end_doubt"),
            )
            self._alert(sentence, DELAY_ACTIVITY)

    def _tried(self, wait):
        """What came of the last try of this wait, in words."""
        told = {
            "queued": self.error_message or self.failure_message,
            "contradiction": self.contradiction,
            "cancellation": self.failure_message,
            "reading": self.failure_message,
        }
        return told.get(wait) or ""

    def _set_unclear(self):
        """Amazon never confirmed whether it has the order: a person decides, or a later sighting."""
        self._set_exception(
            UNCLEAR,
            say(
                "unclear",
                order=self.sale_id.name,
                name=self.name,
                count=self.send_count,
                sources=self._sources(),
                is_cancelled=bool(self.cancel_requested_at),
            ),
        )
