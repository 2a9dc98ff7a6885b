"""One type of notifications of an account: what came of it, and whether it can be relied on."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.fba_connector.amazon import notifications
from odoo.addons.fba_connector.utc import naive

TYPES = [
    (notifications.ORDER_STATUS, "Own Orders"),
    (notifications.SOLD_ORDER, "Orders Sold on Amazon"),
    (notifications.STOCK, "Stock"),
    (notifications.REPORT, "Reports"),
    (notifications.TRANSACTION, "Transactions"),
]
# Type -> the task that looks at what it names.
TASK_OF = {
    notifications.ORDER_STATUS: "pull",
    notifications.SOLD_ORDER: "import",
    notifications.STOCK: "inventory",
    notifications.REPORT: "import",
}
COUNTED = (notifications.TRANSACTION,)  # of no use yet
SLOWLY = timedelta(hours=1)  # polling, where notifications are fresh
# Where a change was missed, Odoo polls at least for so long, and until the next notification.
DISTRUST = timedelta(hours=1)


class FbaSubscription(models.Model):
    _name = "fba.subscription"
    _description = "Amazon Notifications of a Type"
    _rec_name = "type"
    _order = "id"

    account_id = fields.Many2one("fba.account", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    type = fields.Selection(TYPES, required=True, readonly=True)
    amazon_subscription_id = fields.Char("Subscription", readonly=True, index="btree_not_null")
    message_count = fields.Integer("Messages", readonly=True)
    last_event_at = fields.Datetime("Last Change", readonly=True, help="Time of the last change, by Amazon's clock.")
    last_received_at = fields.Datetime("Last Received", readonly=True)
    missed_count = fields.Integer("Missed", readonly=True, help="Changes that Odoo found by polling alone.")
    missed_at = fields.Datetime("Last Missed", readonly=True)
    state = fields.Selection(
        [("off", "Off"), ("waiting", "Waiting for the First"), ("fresh", "Fresh"), ("missed", "Missed a Change")],
        compute="_compute_state",
    )

    _account_type_unique = models.Constraint(
        "UNIQUE(account_id, type)", "Each account has one subscription to each type."
    )

    @api.depends("amazon_subscription_id", "last_received_at", "missed_at")
    def _compute_state(self):
        for row in self:
            if not row.amazon_subscription_id:
                row.state = "off"
            elif row._is_distrusted():
                row.state = "missed"
            else:
                row.state = "fresh" if row.last_received_at else "waiting"

    def _is_distrusted(self):
        return self.missed_at and (
            not self.last_received_at
            or self.last_received_at <= self.missed_at
            or self.missed_at > fields.Datetime.now() - DISTRUST
        )

    def _note_missed(self, count):
        """Polling found changes that no notification had told."""
        self.write({"missed_count": self.missed_count + count, "missed_at": fields.Datetime.now()})

    def _note_received(self, its):
        """Count `its` (amazon.Notification). Only what is understood, of this type and not old, shows that it can be
        relied on."""
        now, values = fields.Datetime.now(), {"message_count": self.message_count + len(its)}
        good = [naive(it.event_at) for it in its if it.type == self.type and (it.is_known or it.type in COUNTED)]
        if good and max(good) > now - SLOWLY:
            values["last_received_at"] = now
        if good:
            values["last_event_at"] = max([*good, self.last_event_at or good[0]])
        self.write(values)
        for it in its:
            if not it.is_known and it.type not in COUNTED:
                self.account_id._queue_state()._note_unknown(f"{it.type} {it.version}")

    def _task_for(self, notification):
        """The task that looks at what `notification` names; None where this account has no use for it."""
        account, key = self.account_id, notification.key
        if notification.type != self.type or not key or not account.active:
            return None
        if self.type == notifications.REPORT:
            if account.tracking_report_id == key:
                return "import"
            reports = [("account_id", "=", account.id), ("report_id", "=", key)]
            return "backfill" if self.env["fba.backfill"].search_count(reports, limit=1) else None
        market = notification.marketplace_id
        is_here = not market or market in account.marketplace_ids.mapped("marketplace_id")
        wanted = {notifications.SOLD_ORDER: account.import_orders, notifications.STOCK: account.sync_inventory}
        return TASK_OF.get(self.type) if is_here and wanted.get(self.type, True) else None
