"""How Amazon is to fulfill an order: an account's defaults, and the choice for each order."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...amazon import outbound

SHIPPING_SPEEDS = [("Standard", "Standard"), ("Expedited", "Expedited"), ("Priority", "Priority")]
FULFILLMENT_POLICIES = [
    ("FillOrKill", "All or nothing"),
    ("FillAll", "All, wait for stock"),
    ("FillAllAvailable", "What is available"),
]
FEATURES = {
    "blank_box": outbound.BLANK_BOX,
    "block_amzl": outbound.BLOCK_AMZL,
    "signature_confirmation": outbound.SIGNATURE_CONFIRMATION,
}
OPTIONS = ("shipping_speed", "fulfillment_policy", "comment", "notification_emails", *FEATURES)
LONGEST_COMMENT, LONGEST_EMAIL = 750, 64  # Source: SP-API Fulfillment Outbound, createFulfillmentOrder


class FbaFulfillmentOptions(models.AbstractModel):
    _name = "fba.fulfillment.options"
    _description = "How Amazon Fulfills"

    shipping_speed = fields.Selection(SHIPPING_SPEEDS, default="Standard", required=True, tracking=True)
    fulfillment_policy = fields.Selection(
        FULFILLMENT_POLICIES,
        default="FillAllAvailable",
        required=True,
        tracking=True,
        help="What Amazon does when it cannot fulfill every item of an order.",
    )
    comment = fields.Char(
        size=LONGEST_COMMENT, help="Printed on the packing slip; empty: a word of thanks in the customer's language."
    )
    notification_emails = fields.Char(
        "Amazon Notifies", help="E-mail addresses, separated by commas, to which Amazon writes about the order."
    )
    blank_box = fields.Boolean(help="Without Amazon's brand on the box. Unfulfillable where Amazon has none.")
    block_amzl = fields.Boolean(
        "Not by Amazon Logistics", help="By another carrier than Amazon's own: costs more, and may be later."
    )
    signature_confirmation = fields.Boolean(help="The recipient signs: costs more.")

    @api.constrains("notification_emails")
    def _check_notification_emails(self):
        for record in self:
            for email in record._emails():
                if len(email) > LONGEST_EMAIL or not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
                    raise ValidationError(
                        self.env._(
                            '"%(email)s" is not an e-mail address of at most %(most)s characters.',
                            email=email,
                            most=LONGEST_EMAIL,
                        )
                    )

    def _emails(self):
        return [email for email in re.split(r"[,;\s]+", self.notification_emails or "") if email]

    def _features(self):
        """Amazon's names of what is required."""
        return tuple(feature for name, feature in FEATURES.items() if self[name])
