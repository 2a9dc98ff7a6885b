"""Scheduled deletion of the personal data of buyers and customers."""

from datetime import timedelta

from odoo import api, fields, models

from ..amazon_order.fba_account import AT_ONCE
from ..fulfillment.states import ENDED_STATES


class FbaAccount(models.Model):
    _inherit = "fba.account"

    anonymize_after_days = fields.Integer(
        "Forget Buyers After", default=30, required=True, help="Days after Amazon's last change to the order."
    )
    forget_people_after_days = fields.Integer(
        "Forget Confirmations After",
        default=180,
        required=True,
        help="Days after an order was sent to Amazon. Odoo then deletes the text of its shipping confirmations and the "
        "comments on its returns.",
    )
    _anonymize_after_days_positive = models.Constraint(
        "CHECK(anonymize_after_days >= 1)", "Buyer data must be kept for at least one day."
    )
    _forget_people_after_days_positive = models.Constraint(
        "CHECK(forget_people_after_days >= 1)", "Confirmations must be kept for at least one day."
    )

    @api.model
    def _cron_anonymize(self):
        """Forget the buyers of orders that no longer need them, also those of archived accounts."""
        for account in self.with_context(active_test=False).search([("anonymize_after_days", ">", 0)]):
            until = fields.Datetime.now() - timedelta(days=account.anonymize_after_days)
            rows = self.env["fba.amazon.order"].search(
                [
                    ("account_id", "=", account.id),
                    ("has_personal_data", "=", True),
                    "|",
                    ("amazon_updated_at", "<", until),
                    "&",  # Amazon did not say when: then since Odoo has it
                    ("amazon_updated_at", "=", False),
                    ("create_date", "<", until),
                ]
            )
            account._forget(rows, lambda rows: rows._forget_buyers())
            account._forget_people()

    def _forget_people(self):
        """Commits as it goes."""
        until = fields.Datetime.now() - timedelta(days=self.forget_people_after_days)
        orders = self.env["fba.fulfillment.order"].search(
            [
                ("account_id", "=", self.id),
                ("state", "in", (*ENDED_STATES, "exception")),
                ("submitted_at", "<", until),
                ("people_forgotten", "=", False),
            ]
        )
        self._forget(orders, lambda orders: orders._forget_people())

    def _forget(self, records, work):
        """Call `work(records)`; a failure changes nothing and is logged. Odoo will try again the next day."""
        self._for_each("anonymize", records, work, at_once=AT_ONCE, note=lambda _item, _error: None)
