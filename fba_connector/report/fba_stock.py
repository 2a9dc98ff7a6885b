"""Stock at Amazon: Amazon's counts by product and warehouse, beside Odoo's."""

from odoo import fields, models
from odoo.tools import SQL

from ..models.warehouse.stock_move import OPEN_STATES


class FbaStock(models.Model):
    _name = "fba.stock"
    _description = "Stock at Amazon"
    _inherit = ["fba.safe.export"]
    _auto = False
    _rec_name = "seller_sku"
    _order = "warehouse_id, seller_sku"
    _depends = {
        "fba.sku": [
            "warehouse_id", "company_id", "product_id", "seller_sku", "sequence", "amazon_name", "asin",
            "fulfillable_quantity", "held_quantity", "unsellable_quantity", "inbound_quantity", "synced_at",
        ],
        "fba.discrepancy": ["warehouse_id", "product_id", "since"],
        "fba.fulfillment.order": ["warehouse_id", "at_amazon"],
        "stock.move": ["product_id", "product_qty", "state", "fba_line_id"],
        "stock.quant": ["product_id", "location_id", "quantity"],
    }  # fmt: skip

    warehouse_id = fields.Many2one("stock.warehouse", "AFN Warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    sku_id = fields.Many2one("fba.sku", readonly=True)
    seller_sku = fields.Char("Seller SKU", readonly=True)
    amazon_name = fields.Char("Name at Amazon", readonly=True)
    asin = fields.Char("ASIN", readonly=True)
    fulfillable_quantity = fields.Integer("Fulfillable", readonly=True)
    held_quantity = fields.Integer("Held", readonly=True, help="Units that Amazon reserves or researches.")
    unsellable_quantity = fields.Integer("Unsellable", readonly=True)
    inbound_quantity = fields.Integer("Inbound", readonly=True)
    sent_quantity = fields.Float(
        "Own MCF", digits="Product Unit", readonly=True, help="Units sent to Amazon and not booked yet."
    )
    target_quantity = fields.Float(
        "Target", digits="Product Unit", readonly=True, help="Fulfillable plus own open MCF."
    )
    stock_quantity = fields.Float("In Odoo", digits="Product Unit", readonly=True, help="Odoo's quantity in Stock.")
    odoo_held_quantity = fields.Float("Held in Odoo", digits="Product Unit", readonly=True)
    odoo_unsellable_quantity = fields.Float("Unsellable in Odoo", digits="Product Unit", readonly=True)
    difference_quantity = fields.Float(
        "Odoo minus Amazon", digits="Product Unit", readonly=True,
        help="Odoo's total minus Amazon's, inbound excluded. Includes units that Amazon has shipped and Odoo has not "
        "booked yet.",
    )  # fmt: skip
    difference_since = fields.Datetime("Unexplained Since", readonly=True)
    synced_at = fields.Datetime("Counted", readonly=True, help="Time of the last change to Amazon's counts here.")

    @property
    def _table_query(self):
        """A row per product and warehouse, its SKUs together; an unknown SKU alone."""
        return SQL(
            """
            WITH sku AS (
                SELECT min(id) AS id,
                       warehouse_id,
                       company_id,
                       product_id,
                       string_agg(seller_sku, ', ' ORDER BY sequence, id) AS seller_sku,
                       min(amazon_name) AS amazon_name,
                       min(asin) AS asin,
                       coalesce(sum(fulfillable_quantity), 0) AS fulfillable_quantity,
                       coalesce(sum(held_quantity), 0) AS held_quantity,
                       coalesce(sum(unsellable_quantity), 0) AS unsellable_quantity,
                       coalesce(sum(inbound_quantity), 0) AS inbound_quantity,
                       max(synced_at) AS synced_at
                  FROM fba_sku
              GROUP BY warehouse_id, company_id, product_id, CASE WHEN product_id IS NULL THEN id END
            ), quant AS (
                SELECT warehouse.id AS warehouse_id,
                       quant.product_id,
                       sum(quant.quantity) FILTER (WHERE held.id IS NULL AND lost.id IS NULL) AS stock,
                       sum(quant.quantity) FILTER (WHERE held.id IS NOT NULL) AS held,
                       sum(quant.quantity) FILTER (WHERE lost.id IS NOT NULL) AS lost
                  FROM stock_quant quant
                  JOIN stock_location location ON location.id = quant.location_id
                  JOIN stock_warehouse warehouse ON warehouse.is_afn
                  JOIN stock_location lot ON lot.id = warehouse.lot_stock_id
             LEFT JOIN stock_location held
                    ON held.id = quant.location_id AND held.id = warehouse.fba_held_location_id
             LEFT JOIN stock_location lost
                    ON lost.id = quant.location_id AND lost.id = warehouse.fba_unsellable_location_id
                 WHERE location.parent_path LIKE lot.parent_path || '%%'
                    OR held.id IS NOT NULL
                    OR lost.id IS NOT NULL
              GROUP BY warehouse.id, quant.product_id
            ), sent AS (
                SELECT fulfillment.warehouse_id, move.product_id, sum(move.product_qty) AS quantity
                  FROM stock_move move
                  JOIN fba_fulfillment_order_line line ON line.id = move.fba_line_id
                  JOIN fba_fulfillment_order fulfillment ON fulfillment.id = line.order_id
                 WHERE fulfillment.at_amazon
                   AND move.state IN %s
              GROUP BY fulfillment.warehouse_id, move.product_id
            )
            SELECT sku.id,
                   sku.id AS sku_id,
                   sku.warehouse_id,
                   sku.company_id,
                   sku.product_id,
                   sku.seller_sku,
                   sku.amazon_name,
                   sku.asin,
                   sku.fulfillable_quantity,
                   sku.held_quantity,
                   sku.unsellable_quantity,
                   sku.inbound_quantity,
                   coalesce(sent.quantity, 0) AS sent_quantity,
                   sku.fulfillable_quantity + coalesce(sent.quantity, 0) AS target_quantity,
                   coalesce(quant.stock, 0) AS stock_quantity,
                   coalesce(quant.held, 0) AS odoo_held_quantity,
                   coalesce(quant.lost, 0) AS odoo_unsellable_quantity,
                   coalesce(quant.stock, 0) + coalesce(quant.held, 0) + coalesce(quant.lost, 0)
                       - sku.fulfillable_quantity - sku.held_quantity - sku.unsellable_quantity AS difference_quantity,
                   discrepancy.since AS difference_since,
                   sku.synced_at
              FROM sku
         LEFT JOIN quant ON quant.warehouse_id = sku.warehouse_id AND quant.product_id = sku.product_id
         LEFT JOIN fba_discrepancy discrepancy
                ON discrepancy.warehouse_id = sku.warehouse_id AND discrepancy.product_id = sku.product_id
         LEFT JOIN sent ON sent.warehouse_id = sku.warehouse_id AND sent.product_id = sku.product_id
            """,
            OPEN_STATES,
        )

    def action_map(self):
        """Open the dialog that maps an unknown SKU to a product."""
        self.ensure_one()
        return self.sku_id.action_map()
