"""Delivery methods: their speed at Amazon, or their exclusion from it."""

from odoo import fields, models

from ..shared.fba_fulfillment_options import SHIPPING_SPEEDS
from ..shared.groups import INTERNAL


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    fba_exclude = fields.Boolean(
        "Not by Amazon",
        help="Automation does not source orders with this delivery method from Amazon.",
        groups=INTERNAL,
    )
    fba_shipping_speed = fields.Selection(
        SHIPPING_SPEEDS,
        "Amazon's Speed",
        help="Amazon's shipping speed for this delivery method. If empty: the account's default.",
        groups=INTERNAL,
    )
