"""Delivery methods: which of Amazon's speeds they mean, or that they are not for Amazon."""

from odoo import fields, models

from ..shared.fba_fulfillment_options import SHIPPING_SPEEDS


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    fba_exclude = fields.Boolean(
        "Not by Amazon", help="Orders with this delivery method are not sourced from Amazon by automation."
    )
    fba_shipping_speed = fields.Selection(
        SHIPPING_SPEEDS, "Amazon's Speed", help="How fast Amazon is to ship; empty: the account's default."
    )
