"""Sale orders of orders sold on Amazon, with deliveries done from the start."""

from odoo import api, fields, models

from ..shared.groups import INTERNAL
from ..shared.guard import refuse_by_hand
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
        for vals in vals_list:
            refuse_by_hand(self, vals, OURS)
        return super().create(vals_list)

    def write(self, vals):
        refuse_by_hand(self, vals, OURS)
        return super().write(vals)

    @api.depends("amazon_order_id", "state")
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

    def action_view_fba_amazon_order(self):
        """The order in the inbox."""
        self.ensure_one()
        return self.fba_amazon_order_ids._get_records_action(name=self.env._("Amazon Order"))

    def _fba_sold_goods(self, terms):
        """[SoldGood] of these lines: what has left, kits by their components."""
        self.ensure_one()
        return [
            SoldGood(line, product, bom_line, units)
            for line in self.order_line
            if line.product_id.type == "consu"
            for (product, bom_line), units in terms.components(line.product_id, line.product_uom_qty).items()
        ]

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
