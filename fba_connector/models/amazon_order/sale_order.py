"""Sale orders of orders sold on Amazon, with deliveries done from the start."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from ..shared.groups import INTERNAL
from ..shared.guard import refuse_by_hand, refuse_new_by_hand
from ..shared.sentence import words
from .sold_terms import SoldGood

OURS = {"amazon_order_id", "fba_account_id"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    amazon_order_id = fields.Char(readonly=True, copy=False, index="btree_not_null", groups=INTERNAL)
    fba_account_id = fields.Many2one(
        "fba.account", "Imported By", readonly=True, copy=False, ondelete="restrict", groups=INTERNAL
    )
    fba_amazon_order_ids = fields.One2many("fba.amazon.order", "sale_id", "Amazon Orders", groups=INTERNAL)
    fba_shipped_item_ids = fields.One2many(
        "fba.shipped.item",
        string="Shipped by Amazon",
        compute="_compute_fba_shipped_item_ids",
        groups=INTERNAL,
    )

    _amazon_order_unique = models.Constraint(
        "UNIQUE(fba_account_id, amazon_order_id)", "This Amazon order has been imported already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_new_by_hand(self, vals_list, OURS)
        return super().create(vals_list)

    def write(self, vals):
        refuse_by_hand(self, vals, OURS)
        result = super().write(vals)
        if "state" in vals:
            # No dependency: Odoo would compute the status of each order that is confirmed, by a query.
            sold = self.sudo().filtered("amazon_order_id")
            self.env.add_to_compute(self._fields["fba_status"], sold)
            sold.modified(["fba_status"])
        return result

    def unlink(self):
        """The inbox keeps what was booked, and is not due again."""
        rows = self.env["fba.amazon.order"].sudo().search([("sale_id", "in", self.ids), ("booked_at", "!=", False)])
        result = super().unlink()
        rows._note_gone()
        return result

    @api.depends("amazon_order_id")
    def _compute_fba_status(self):
        """An order sold on Amazon has left before Odoo creates it; what is sent afterwards, such as an exchange, counts
        as of any other order."""
        super()._compute_fba_status()
        for order in self.filtered("amazon_order_id"):
            if order.fba_status in (False, "cancelled"):
                order.fba_status = "shipped" if order.state == "sale" else False

    def _fba_reason_closed(self):
        if self.amazon_order_id and not (self.order_line._fba_supply()._fba_open() or self.fba_has_unsourced):
            return self.env._("%s was sold on Amazon, and Amazon ships it.", self.name)
        return super()._fba_reason_closed()

    @api.depends("amazon_order_id", "fba_amazon_order_ids.shipped_item_ids")
    def _compute_fba_shipped_item_ids(self):
        sold = self.filtered("amazon_order_id")
        items = self.env["fba.shipped.item"].search([("sale_id", "in", sold.ids)]).grouped("sale_id")
        for order in self:
            order.fba_shipped_item_ids = items.get(order, False)

    def _create_delivery_line(self, carrier, price_unit):
        """What Amazon charged is all: add-ons that add shipping cost to new orders add none to its sales."""
        if self.amazon_order_id and self.state in ("draft", "sent"):
            return self.order_line.browse()
        return super()._create_delivery_line(carrier, price_unit)

    def action_view_fba_amazon_order(self):
        """The order in the inbox."""
        self.ensure_one()
        return self.fba_amazon_order_ids._get_records_action(name=self.env._("Amazon Order"))

    def _fba_check_confirmed(self):
        """Raises UserError for the first of these that is no sales order: other modules may stop a confirmation without
        an error, and for a whole batch."""
        for order in self.filtered(lambda it: it.state != "sale"):
            raise UserError(words(self.env["fba.amazon.order"], "unconfirmed", why=order._fba_why_not_confirmed()))

    def _fba_why_not_confirmed(self):
        """The words of the module that stopped the confirmation, as far as known; else empty."""
        rules = getattr(self, "exceptions_summary", False)  # of OCA's exception rules
        return html2plaintext(rules or "").strip()

    def _fba_check_delivered(self):
        """Raises UserError for the first delivery of these that is not done: what has left cannot wait."""
        if still_open := self.picking_ids.filtered(lambda it: it.state != "done")[:1]:
            name = still_open.sale_id.sudo().amazon_order_id or still_open.origin
            raise UserError(words(self.env["fba.amazon.order"], "undelivered", order=name))

    def _fba_sold_goods(self, order, terms):
        """[SoldGood] of what has left for this sale of `order` (amazon.SoldOrder), kits by their components."""
        self.ensure_one()
        goods = []
        # Lines begin with the items that left, one for each; charges follow.
        shipped = (item for item in order.items if item.quantity_shipped)
        for line, item in zip(self.order_line, shipped, strict=False):
            if line.product_id.type != "consu":
                continue
            for (product, bom_line), units in terms.components(line.product_id, line.product_uom_qty).items():
                # Of a pack or a kit, Amazon does not say which unit or part a number is of.
                is_named = product.tracking == "serial" and not bom_line and units == item.quantity_shipped
                goods.append(SoldGood(line, product, bom_line, units, item.serial_numbers if is_named else ()))
        return goods

    def _fba_prepare_sold_delivery(self, location):
        kind = self.warehouse_id.out_type_id
        return {
            "picking_type_id": kind.id,
            "partner_id": self.partner_shipping_id.id,
            "location_id": location.id,
            "location_dest_id": self.partner_shipping_id.property_stock_customer.id,
            "origin": self.name,
            "company_id": self.company_id.id,
            "user_id": False,
            "move_type": "direct",
        }
