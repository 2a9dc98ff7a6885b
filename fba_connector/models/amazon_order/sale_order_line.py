"""Lines of an order sold on Amazon: the moves of its delivery, and no purchases."""

from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _purchase_service_generation(self):
        """`sale_purchase`, where it is installed, buys services of confirmed orders whatever is procured.

        Amazon has sold and delivered these: nothing is bought for them.
        """
        others = self.filtered(lambda line: not line.order_id.amazon_order_id)
        return super(SaleOrderLine, others)._purchase_service_generation()

    def _fba_prepare_sold_move(self, picking, good, location, units, terms):
        """A move of `units` of `good` (SoldGood) from `location`: without reservation, so ready immediately; with all
        fields that Odoo later needs to count the line."""
        product, warehouse = good.product, self.order_id.warehouse_id
        return {
            **({"bom_line_id": good.bom_line.id} if good.bom_line else {}),
            "product_id": product.id,
            "product_uom_qty": units,
            "product_uom": product.uom_id.id,
            "picking_id": picking.id,
            "picking_type_id": picking.picking_type_id.id,
            "partner_id": picking.partner_id.id,
            "company_id": self.company_id.id,
            "location_id": location.id,
            "location_dest_id": picking.location_dest_id.id,
            "location_final_id": picking.location_dest_id.id,
            "warehouse_id": warehouse.id,
            "rule_id": terms.rule(warehouse, product, self.order_id.partner_shipping_id).id,
            "sale_line_id": self.id,
            "origin": self.order_id.name,
            "procure_method": "make_to_stock",
            "state": "assigned",
        }
