"""Fulfillment options: an account's defaults, and the choice for each order."""

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
    (outbound.FILL_ALL_AVAILABLE, "Available items only"),
]
FEATURES = {
    "blank_box": outbound.BLANK_BOX,
    "block_amzl": outbound.BLOCK_AMZL,
    "signature_confirmation": outbound.SIGNATURE_CONFIRMATION,
}
OPTIONS = ("shipping_speed", "fulfillment_policy", "comment", "notification_emails", *FEATURES)


class FbaFulfillmentOptions(models.AbstractModel):
    _name = "fba.fulfillment.options"
    _description = "Fulfillment Options"

    shipping_speed = fields.Selection(SHIPPING_SPEEDS, default=outbound.STANDARD, required=True, tracking=True)
    fulfillment_policy = fields.Selection(
        FULFILLMENT_POLICIES,
        default=outbound.FILL_ALL_AVAILABLE,
        required=True,
        tracking=True,
        help="Amazon's way to handle orders with unfulfillable items.",
    )
    comment = fields.Char(
        size=LIMITS.comment_length,
        help="Amazon prints it on the packing slip. If empty: a thank-you in the customer's language.",
    )
    notification_emails = fields.Char(
        "Amazon Notifies", help="Amazon writes to these e-mail addresses about the order. Separate them with commas."
    )
    blank_box = fields.Boolean(help="Ship in a box without Amazon's brand. Unfulfillable where Amazon has no such box.")
    block_amzl = fields.Boolean(
        "Not by Amazon Logistics", help="Ship with a carrier other than Amazon's own. Costs more and may take longer."
    )
    signature_confirmation = fields.Boolean(help="The recipient has to sign. Costs more.")

    @api.constrains("notification_emails")
    def _check_notification_emails(self):
        for record in self:
            for email in record._emails():
                if len(email) > LIMITS.email_length or not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
                    raise ValidationError(
                        self.env._(
                            '"%(email)s" is not a valid e-mail address of at most %(most)s characters.',
                            email=email,
                            most=LIMITS.email_length,
                        )
                    )

    def _emails(self):
        return [email for email in re.split(r"[,;\s]+", self.notification_emails or "") if email]

    def _features(self):
        """Amazon's names of the required features."""
        return tuple(feature for name, feature in FEATURES.items() if self[name])
