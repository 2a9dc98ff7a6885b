"""Sale orders of what Amazon sold: the records of their deliveries, which are done as soon as they are made."""

from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    fba_amazon_order_ids = fields.One2many("fba.amazon.order", "sale_id", "Amazon Orders")
    fba_shipped_item_ids = fields.One2many(
        "fba.shipped.item", string="Shipped by Amazon", compute="_compute_fba_shipped_item_ids"
    )

    @api.depends("amazon_order_id", "fba_amazon_order_ids.shipped_item_ids")
    def _compute_fba_shipped_item_ids(self):
        sold = self.filtered("amazon_order_id")
        items = self.env["fba.shipped.item"].search([("sale_id", "in", sold.ids)]).grouped("sale_id")
        for order in self:
            order.fba_shipped_item_ids = items.get(order, False)

    def action_view_fba_amazon_order(self):
        """The order as Amazon told it."""
        self.ensure_one()
        return self.fba_amazon_order_ids._get_records_action(name=self.env._("Amazon Order"))

    def _fba_prepare_sold_delivery(self):
        kind = self.warehouse_id.out_type_id
        return {
            "picking_type_id": kind.id,
            "partner_id": self.partner_shipping_id.id,
            "location_id": self.warehouse_id._fba_sold_location().id,
            "location_dest_id": self.partner_shipping_id.property_stock_customer.id,
            "origin": self.name,
            "company_id": self.company_id.id,
            "user_id": False,
            "move_type": "direct",
        }


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _fba_prepare_sold_move(self, picking, terms):
        """Not to be reserved, so ready at once; with all that Odoo's later counting of the line looks at."""
        product, warehouse = self.product_id, self.order_id.warehouse_id
        return {
            "product_id": product.id,
            "product_uom_qty": self.product_uom_qty,
            "product_uom": self.product_uom_id.id,
            "picking_id": picking.id,
            "picking_type_id": picking.picking_type_id.id,
            "partner_id": picking.partner_id.id,
            "company_id": self.company_id.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "location_final_id": picking.location_dest_id.id,
            "warehouse_id": warehouse.id,
            "rule_id": terms.rule(warehouse, product, self.order_id.partner_shipping_id).id,
            "sale_line_id": self.id,
            "origin": self.order_id.name,
            "procure_method": "make_to_stock",
            "state": "assigned",
        }


class StockMove(models.Model):
    _inherit = "stock.move"

    def _should_bypass_reservation(self, forced_location=False):
        """What has left already needs no reservation."""
        has_left = self.env.su and self.env.context.get("fba_has_left")
        return has_left or super()._should_bypass_reservation(forced_location)

    def _fba_prepare_sold_move_line(self):
        return {
            "move_id": self.id,
            "picking_id": self.picking_id.id,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom.id,
            "quantity": self.product_uom_qty,
            "picked": True,
            "location_id": self.location_id.id,
            "location_dest_id": self.location_dest_id.id,
            "company_id": self.company_id.id,
        }
