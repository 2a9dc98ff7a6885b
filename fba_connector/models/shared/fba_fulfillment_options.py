"""How Amazon is to fulfill an order: an account's defaults, and the choice for each order."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ... import amazon
from ...amazon import outbound

LIMITS = amazon.Gateway.limits  # of the version that orders are sent by

SHIPPING_SPEEDS = [(speed, speed) for speed in LIMITS.speeds]
FULFILLMENT_POLICIES = [
    (outbound.FILL_OR_KILL, "All or nothing"),
    (outbound.FILL_ALL, "All, wait for stock"),
    (outbound.FILL_ALL_AVAILABLE, "What is available"),
]
FEATURES = {
    "blank_box": outbound.BLANK_BOX,
    "block_amzl": outbound.BLOCK_AMZL,
    "signature_confirmation": outbound.SIGNATURE_CONFIRMATION,
}
OPTIONS = ("shipping_speed", "fulfillment_policy", "comment", "notification_emails", *FEATURES)


class FbaFulfillmentOptions(models.AbstractModel):
    _name = "fba.fulfillment.options"
    _description = "How Amazon Fulfills"

    shipping_speed = fields.Selection(SHIPPING_SPEEDS, default=outbound.STANDARD, required=True, tracking=True)
    fulfillment_policy = fields.Selection(
        FULFILLMENT_POLICIES,
        default=outbound.FILL_ALL_AVAILABLE,
        required=True,
        tracking=True,
        help="What Amazon does when it cannot fulfill every item of an order.",
    )
    comment = fields.Char(
        size=LIMITS.comment_length,
        help="Printed on the packing slip; empty: a word of thanks in the customer's language.",
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
                if len(email) > LIMITS.email_length or not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
                    raise ValidationError(
                        self.env._(
                            '"%(email)s" is not an e-mail address of at most %(most)s characters.',
                            email=email,
                            most=LIMITS.email_length,
                        )
                    )

    def _emails(self):
        return [email for email in re.split(r"[,;\s]+", self.notification_emails or "") if email]

    def _features(self):
        """Amazon's names of what is required."""
        return tuple(feature for name, feature in FEATURES.items() if self[name])
