"""Amazon's preview of a fulfillment order at one shipping speed: cost, arrival and reasons against it."""

from babel.dates import format_skeleton
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import babel_locale_parse, get_lang

from ...utc import naive
from ..shared.fba_fulfillment_options import SHIPPING_SPEEDS


class FbaPreview(models.Model):
    _name = "fba.preview"
    _description = "Fulfillment Preview"
    _inherit = ["fba.safe.export", "fba.money"]
    _order = "order_id desc, sequence, id"
    _rec_name = "shipping_speed"

    order_id = fields.Many2one("fba.fulfillment.order", required=True, readonly=True, ondelete="cascade", index=True)
    sale_id = fields.Many2one(related="order_id.sale_id")
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    sequence = fields.Integer(readonly=True)
    shipping_speed = fields.Selection(SHIPPING_SPEEDS, "Speed", readonly=True, required=True)
    is_fulfillable = fields.Boolean(readonly=True)
    fee_ids = fields.One2many("fba.preview.fee", "preview_id", "Fees", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True, help="Empty if Amazon returned no fees.")
    total = fields.Monetary(readonly=True)
    is_cheapest = fields.Boolean(compute="_compute_is_cheapest")
    is_fastest = fields.Boolean(compute="_compute_is_cheapest", help="No other speed arrives earlier at the latest.")
    is_chosen = fields.Boolean(compute="_compute_is_chosen")
    can_choose = fields.Boolean(compute="_compute_is_chosen")
    ships_from = fields.Datetime("Ships", readonly=True)
    ships_until = fields.Datetime(readonly=True)
    arrives_from = fields.Datetime("Arrives", readonly=True)
    arrives_until = fields.Datetime(readonly=True)
    ships_text = fields.Char(compute="_compute_window_texts")
    arrives_text = fields.Char(compute="_compute_window_texts")
    fee_text = fields.Text(compute="_compute_fee_text")
    reasons = fields.Text(readonly=True, help="Amazon's reasons against fulfilling the order at this speed.")

    @api.depends(
        "order_id.preview_ids.total", "order_id.preview_ids.arrives_until", "order_id.preview_ids.is_fulfillable"
    )
    def _compute_is_cheapest(self):
        for order, previews in self.grouped("order_id").items():
            possible = order.preview_ids.filtered("is_fulfillable")
            known, dated = possible.filtered("currency_id"), possible.filtered("arrives_until")
            least, first = min(known.mapped("total"), default=0), min(dated.mapped("arrives_until"), default=False)
            for preview in previews:
                preview.is_cheapest = len(known) > 1 and preview in known and preview.total == least
                preview.is_fastest = len(dated) > 1 and preview in dated and preview.arrives_until == first

    @api.depends("ships_from", "ships_until", "arrives_from", "arrives_until")
    @api.depends_context("lang", "tz")
    def _compute_window_texts(self):
        for preview in self:
            preview.ships_text = preview._format_window(preview.ships_from, preview.ships_until)
            preview.arrives_text = preview._format_window(preview.arrives_from, preview.arrives_until)

    def _format_window(self, first, last):
        """Such as "Nov 28 – Nov 30": days, in the user's language and time zone."""
        times = [fields.Datetime.context_timestamp(self, at) for at in (first, last) if at]
        language = babel_locale_parse(get_lang(self.env).code)
        days = [format_skeleton("MMMd", at, locale=language) for at in times]
        return " – ".join(dict.fromkeys(days)) or False

    @api.depends("fee_ids.amount", "fee_ids.name")
    @api.depends_context("lang")
    def _compute_fee_text(self):
        """Each part of the price on a line of its own."""
        for preview in self:
            preview.fee_text = "\n".join(
                f"{fee.label}: {preview.currency_id.format(fee.amount)}" for fee in preview.fee_ids
            )

    @api.depends("order_id.shipping_speed", "order_id.state")
    def _compute_is_chosen(self):
        for preview in self:
            preview.is_chosen = preview.shipping_speed == preview.order_id.shipping_speed
            preview.can_choose = (
                preview.is_fulfillable and not preview.is_chosen and preview.order_id.state in ("waiting", "ready")
            )

    def action_choose(self):
        """Fulfill the order at this speed. Raises UserError once it is on its way to Amazon."""
        self.ensure_one()
        self.order_id._check_may_send()
        if self.order_id.state not in ("waiting", "ready"):
            raise UserError(self.env._("%s is already on its way to Amazon.", self.order_id.name))
        self._choose()
        # Without an action the pop-up it was pressed in would close.
        wizard = self.env["fba.preview.wizard"].browse(self.env.context.get("fba_preview_wizard_id"))
        return self._show_in(wizard) if wizard else True

    def _choose(self):
        """Fulfill each order at the speed of its preview here."""
        for speed, previews in self.grouped("shipping_speed").items():
            previews.order_id.shipping_speed = speed

    @api.model
    def _show_in(self, wizard):
        """The pop-up with the previews of `wizard` (fba.preview.wizard)."""
        return wizard._get_records_action(
            name=self.env._("Preview Fulfillment"), target="new", context={"dialog_size": "extra-large"}
        )

    @api.model
    def _prepare(self, number, snapshot, currencies, skus):
        """Values of one speed from `snapshot` (amazon.Preview); `skus` {item id: seller SKU}."""
        total = snapshot.total
        currency = total and currencies.get(total.currency)
        ships, arrives = self._windows(snapshot.shipments)
        return {
            "sequence": number,
            "shipping_speed": snapshot.shipping_speed,
            "is_fulfillable": snapshot.is_fulfillable,
            "currency_id": currency.id if currency else False,
            "total": float(total.amount) if currency else 0.0,
            "fee_ids": [
                (0, 0, {"name": fee.name, "amount": float(fee.money.amount)}) for fee in snapshot.fees or () if currency
            ],
            "ships_from": ships[0],
            "ships_until": ships[1],
            "arrives_from": arrives[0],
            "arrives_until": arrives[1],
            "reasons": self._reasons(snapshot, skus),
        }

    @api.model
    def _windows(self, shipments):
        """((first, last) departure, (first, last) arrival), naive UTC; False where Amazon has none."""
        return tuple(
            (
                min((naive(at) for shipment in shipments if (at := getattr(shipment, first))), default=False),
                max((naive(at) for shipment in shipments if (at := getattr(shipment, last))), default=False),
            )
            for first, last in (
                ("earliest_ship_at", "latest_ship_at"),
                ("earliest_arrival_at", "latest_arrival_at"),
            )
        )

    @api.model
    def _reasons(self, snapshot, skus):
        rows = [", ".join(snapshot.reasons)] if snapshot.reasons else []
        rows += [
            f"{item.quantity} × {skus.get(item.item_id, item.seller_sku)}: {', '.join(item.reasons)}"
            for item in snapshot.unfulfillable_items
        ]
        return "\n".join(rows) or False


class FbaPreviewFee(models.Model):
    _name = "fba.preview.fee"
    _description = "Fee of a Fulfillment Preview"

    preview_id = fields.Many2one("fba.preview", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="preview_id.company_id", store=True)
    currency_id = fields.Many2one(related="preview_id.currency_id")
    name = fields.Char(required=True, readonly=True, help="Amazon's name for the fee.")
    label = fields.Char(compute="_compute_label")
    amount = fields.Monetary(readonly=True)

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_label(self):
        labels = {
            "FBAPerUnitFulfillmentFee": self.env._("Per unit"),
            "FBAPerOrderFulfillmentFee": self.env._("Per order"),
            "FBATransportationFee": self.env._("Transportation"),
            "FBAFulfillmentCODFee": self.env._("Cash on delivery"),
        }
        for fee in self:
            fee.label = labels.get(fee.name, fee.name)
