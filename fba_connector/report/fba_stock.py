"""Stock at Amazon: Amazon's counts beside Odoo's stock, product by product.

A row is a product of an AFN warehouse that confirmed seller SKUs hold or that Odoo has in stock there, or a seller SKU
that nobody has confirmed or that cannot be counted. All quantities of a row are in the product's unit; where the
product is not known, in units of the SKU.

    Amazon    fulfillable + held + unsellable = at Amazon
    Odoo      stock + held + unsellable       = in Odoo
    difference                                = in Odoo - at Amazon
"""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.inventory.balance import COUNTS_LAG
from ..models.shared.sentence import SentenceField
from ..models.warehouse.resolution import RESOLUTIONS, USABLE
from ..models.warehouse.stock_move import OPEN_STATES

SOLD_WITHIN = timedelta(days=30)  # the sales that tell for how long the stock lasts

# Rows need a number each that stays the same while somebody looks at them, and is not used again.
ID_OF = {"sku": 0, "part": 1, "quant": 2, "discrepancy": 3}


class FbaStock(models.Model):
    _name = "fba.stock"
    _description = "Stock at Amazon"
    _inherit = ["fba.safe.export", "fba.empty.list"]
    _listed = ("fba.sku", [("observed_at", "!=", False)])
    _unsettled = [("product_id", "=", False)]
    _auto = False
    _rec_name = "seller_sku"
    _sentences = {}  # it shows those of discrepancies
    _order = "warehouse_id, seller_sku, id"
    _depends = {
        "fba.sku": [
            "warehouse_id", "company_id", "product_id", "seller_sku", "sequence", "amazon_name", "asin", "pack_size",
            "fulfillable_quantity", "held_quantity", "unsellable_quantity", "inbound_quantity", "synced_at",
            "observed_at", "missing_since", "is_confirmed", "resolution",
        ],
        "fba.sku.part": ["sku_id", "product_id", "units"],
        "fba.discrepancy": ["warehouse_id", "product_id", "quantity", "since", "failure_message"],
        "fba.fulfillment.order": ["warehouse_id", "at_amazon"],
        "stock.location": ["parent_path"],
        "stock.move": [
            "product_id", "product_qty", "state", "date", "fba_line_id", "is_inventory", "location_id",
            "location_dest_id", "picking_type_id",
        ],
        "stock.quant": ["product_id", "location_id", "quantity"],
        "stock.warehouse": [
            "is_afn", "company_id", "lot_stock_id", "fba_held_location_id", "fba_unsellable_location_id", "out_type_id",
            "fba_inventory_full_at",
        ],
    }  # fmt: skip

    warehouse_id = fields.Many2one("stock.warehouse", "AFN Warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    sku_id = fields.Many2one("fba.sku", readonly=True, help="The SKU, where the row is about one that is not counted.")
    seller_sku = fields.Char("Seller SKU", readonly=True, help="All confirmed SKUs that hold units of the product.")
    amazon_name = fields.Char("Name at Amazon", readonly=True)
    asin = fields.Char("ASIN", readonly=True)
    resolution = fields.Selection(
        [*RESOLUTIONS, ("suggested", "Not Confirmed"), ("odoo", "Only in Odoo")],
        "Type",
        readonly=True,
        help="What Amazon's SKU is in Odoo.",
    )

    fulfillable_quantity = fields.Float(
        "Fulfillable", digits="Product Unit", readonly=True, help="Units that Amazon can ship."
    )
    held_quantity = fields.Float(
        "Held", digits="Product Unit", readonly=True, help="Units that Amazon reserves, moves or searches for."
    )
    unsellable_quantity = fields.Float(
        "Unsellable", digits="Product Unit", readonly=True, help="Units that Amazon cannot sell."
    )
    amazon_quantity = fields.Float(
        "At Amazon", digits="Product Unit", readonly=True, help="Fulfillable + Held + Unsellable, as Amazon counted."
    )
    inbound_quantity = fields.Float(
        "Inbound", digits="Product Unit", readonly=True, help="Units on their way to Amazon: not part of At Amazon."
    )
    sent_quantity = fields.Float(
        "Own MCF", digits="Product Unit", readonly=True,
        help="Units of your orders that Amazon has accepted and Odoo has not booked as shipped: part of Stock in Odoo.",
    )  # fmt: skip
    stock_quantity = fields.Float(
        "Stock in Odoo", digits="Product Unit", readonly=True, help="Odoo's quantity in the warehouse's Stock."
    )
    odoo_held_quantity = fields.Float(
        "Held in Odoo", digits="Product Unit", readonly=True, help="Odoo's quantity in Held by Amazon."
    )
    odoo_unsellable_quantity = fields.Float(
        "Unsellable in Odoo", digits="Product Unit", readonly=True, help="Odoo's quantity in Unsellable."
    )
    odoo_quantity = fields.Float(
        "In Odoo", digits="Product Unit", readonly=True, help="Stock + Held + Unsellable in Odoo."
    )
    difference_quantity = fields.Float(
        "Difference", digits="Product Unit", readonly=True, help="In Odoo minus At Amazon."
    )
    pending_quantity = fields.Float("Waiting for a Later Count", digits="Product Unit", readonly=True)
    difference_since = fields.Datetime("Unexplained Since", readonly=True)
    failure_message = SentenceField("Failure", readonly=True)
    missing_sku = fields.Char("No Longer Listed", readonly=True, help="SKUs that Amazon no longer names.")
    missing_since = fields.Datetime("Not Listed Since", readonly=True)
    left_quantity = fields.Float("Left Since the Count", digits="Product Unit", readonly=True)
    left_before_quantity = fields.Float("Left Shortly Before the Count", digits="Product Unit", readonly=True)
    arrived_quantity = fields.Float("Arrived Since the Count", digits="Product Unit", readonly=True)

    sold_quantity = fields.Float(
        "Shipped in 30 Days", digits="Product Unit", readonly=True, help="Units that left this warehouse."
    )
    cover_days = fields.Float(
        "Days of Cover", digits=(16, 0), readonly=True, aggregator="avg",
        help="For how long the fulfillable units last if as many are shipped as in the last 30 days. Empty where "
        "nothing was shipped.",
    )  # fmt: skip
    observed_at = fields.Datetime(
        "Counted At", readonly=True, aggregator="min", help="Amazon's count: the oldest of the row's SKUs."
    )
    synced_at = fields.Datetime(
        "Last Change", readonly=True, aggregator="max", help="Time of the last change to Amazon's counts."
    )
    needs_person = fields.Boolean(readonly=True, help="The SKU is not mapped or confirmed, or the product failed.")
    is_in_use = fields.Boolean("In Use", readonly=True, help="It has units, or had some within 30 days.")

    @property
    def _table_query(self):
        now = fields.Datetime.now()
        return SQL(
            """
            WITH warehouse AS (
                SELECT * FROM stock_warehouse WHERE is_afn
            ), sku AS (
                SELECT fba_sku.*, coalesce(fba_sku.is_confirmed AND resolution IN %(usable)s, false) AS is_counted
                  FROM fba_sku
                 WHERE warehouse_id IN (SELECT id FROM warehouse)
            ), held AS (
                SELECT min(part.id) AS id,
                       sku.warehouse_id,
                       part.product_id,
                       string_agg(seller_sku, ', ' ORDER BY sequence, sku.id) AS seller_sku,
                       min(amazon_name) AS amazon_name,
                       string_agg(DISTINCT asin, ', ') AS asin,
                       CASE WHEN bool_or(resolution = 'product') THEN 'product'
                            WHEN bool_or(resolution = 'pack') THEN 'pack'
                            ELSE 'kit'
                        END AS resolution,
                       sum(coalesce(fulfillable_quantity, 0) * part.units) AS fulfillable,
                       sum(coalesce(held_quantity, 0) * part.units) AS held,
                       sum(coalesce(unsellable_quantity, 0) * part.units) AS unsellable,
                       sum(coalesce(inbound_quantity, 0) * part.units) AS inbound,
                       string_agg(seller_sku, ', ' ORDER BY sequence, sku.id)
                           FILTER (WHERE missing_since IS NOT NULL) AS missing_sku,
                       min(missing_since) AS missing_since,
                       CASE WHEN count(observed_at) = count(*) THEN min(observed_at) END AS observed_at,
                       max(synced_at) AS synced_at
                  FROM sku
                  JOIN fba_sku_part part ON part.sku_id = sku.id
                 WHERE sku.is_counted
              GROUP BY sku.warehouse_id, part.product_id
            ), place AS (
                SELECT warehouse.id AS warehouse_id,
                       location.id AS location_id,
                       CASE location.id
                            WHEN warehouse.fba_held_location_id THEN 'held'
                            WHEN warehouse.fba_unsellable_location_id THEN 'unsellable'
                            ELSE 'stock'
                        END AS kind
                  FROM warehouse
                  JOIN stock_location root
                    ON root.id IN (
                           warehouse.lot_stock_id, warehouse.fba_held_location_id, warehouse.fba_unsellable_location_id
                       )
                  JOIN stock_location location ON location.parent_path LIKE root.parent_path || '%%'
            ), quant AS (
                SELECT min(quant.id) AS id,
                       place.warehouse_id,
                       quant.product_id,
                       coalesce(sum(quantity) FILTER (WHERE kind = 'stock'), 0) AS stock,
                       coalesce(sum(quantity) FILTER (WHERE kind = 'held'), 0) AS held,
                       coalesce(sum(quantity) FILTER (WHERE kind = 'unsellable'), 0) AS unsellable
                  FROM place
                  JOIN stock_quant quant ON quant.location_id = place.location_id
              GROUP BY place.warehouse_id, quant.product_id
                HAVING bool_or(quantity <> 0)
            ), product AS (
                SELECT coalesce(
                           held.id::bigint * 4 + %(part)s,
                           quant.id::bigint * 4 + %(quant)s,
                           discrepancy.id::bigint * 4 + %(discrepancy)s
                       ) AS id,
                       warehouse_id,
                       product_id,
                       coalesce(
                           held.observed_at, CASE WHEN held.id IS NULL THEN warehouse.fba_inventory_full_at END
                       ) AS observed_at
                  FROM held
             FULL JOIN quant USING (warehouse_id, product_id)
             FULL JOIN fba_discrepancy discrepancy USING (warehouse_id, product_id)
                  JOIN warehouse ON warehouse.id = warehouse_id
            ), gone AS (
                SELECT warehouse.id AS warehouse_id,
                       move.product_id,
                       sum(product_qty) FILTER (
                           WHERE picking_type_id = warehouse.out_type_id AND date > %(since)s
                       ) AS sold,
                       sum(product_qty) FILTER (WHERE date > observed_at) AS after_count,
                       sum(product_qty) FILTER (WHERE date <= observed_at AND date > observed_at - %(lag)s)
                           AS before_count
                  FROM stock_move move
                  JOIN place ON place.location_id = move.location_id
                  JOIN warehouse ON warehouse.id = place.warehouse_id
             LEFT JOIN place inside
                    ON inside.location_id = move.location_dest_id AND inside.warehouse_id = place.warehouse_id
             LEFT JOIN product ON product.warehouse_id = warehouse.id AND product.product_id = move.product_id
                 WHERE move.state = 'done'
                   AND inside.location_id IS NULL
                   AND move.is_inventory IS NOT TRUE
                   AND date > least(%(since)s, observed_at - %(lag)s)
              GROUP BY warehouse.id, move.product_id
            ), come AS (
                SELECT place.warehouse_id, move.product_id, sum(product_qty) AS after_count
                  FROM stock_move move
                  JOIN place ON place.location_id = move.location_dest_id
                  JOIN product ON product.warehouse_id = place.warehouse_id AND product.product_id = move.product_id
             LEFT JOIN place inside
                    ON inside.location_id = move.location_id AND inside.warehouse_id = place.warehouse_id
                 WHERE move.state = 'done'
                   AND inside.location_id IS NULL
                   AND move.is_inventory IS NOT TRUE
                   AND date > observed_at
              GROUP BY place.warehouse_id, move.product_id
            ), sent AS (
                SELECT fulfillment.warehouse_id, move.product_id, sum(move.product_qty) AS quantity
                  FROM stock_move move
                  JOIN fba_fulfillment_order_line line ON line.id = move.fba_line_id
                  JOIN fba_fulfillment_order fulfillment ON fulfillment.id = line.order_id
                 WHERE fulfillment.at_amazon
                   AND move.state IN %(open)s
              GROUP BY fulfillment.warehouse_id, move.product_id
            ), figure AS (
                SELECT product.id,
                       NULL::integer AS sku_id,
                       product.warehouse_id,
                       product.product_id,
                       held.seller_sku,
                       held.amazon_name,
                       held.asin,
                       coalesce(held.resolution, 'odoo') AS resolution,
                       coalesce(held.fulfillable, 0) AS fulfillable,
                       coalesce(held.held, 0) AS held,
                       coalesce(held.unsellable, 0) AS unsellable,
                       coalesce(held.inbound, 0) AS inbound,
                       coalesce(sent.quantity, 0) AS sent,
                       coalesce(quant.stock, 0) AS odoo_stock,
                       coalesce(quant.held, 0) AS odoo_held,
                       coalesce(quant.unsellable, 0) AS odoo_unsellable,
                       discrepancy.quantity AS pending,
                       discrepancy.since AS difference_since,
                       discrepancy.failure_message,
                       held.missing_sku,
                       held.missing_since,
                       coalesce(gone.after_count, 0) AS left_since,
                       coalesce(gone.before_count, 0) AS left_before,
                       coalesce(come.after_count, 0) AS arrived,
                       coalesce(gone.sold, 0) AS sold,
                       product.observed_at,
                       held.synced_at,
                       discrepancy.failure_message IS NOT NULL AS needs_person
                  FROM product
             LEFT JOIN held USING (warehouse_id, product_id)
             LEFT JOIN quant USING (warehouse_id, product_id)
             LEFT JOIN fba_discrepancy discrepancy USING (warehouse_id, product_id)
             LEFT JOIN gone USING (warehouse_id, product_id)
             LEFT JOIN come USING (warehouse_id, product_id)
             LEFT JOIN sent USING (warehouse_id, product_id)
             UNION ALL
                SELECT sku.id::bigint * 4 + %(sku)s,
                       sku.id,
                       sku.warehouse_id,
                       sku.product_id,
                       sku.seller_sku,
                       sku.amazon_name,
                       sku.asin,
                       CASE WHEN sku.resolution IN %(usable)s THEN 'suggested' ELSE sku.resolution END,
                       coalesce(sku.fulfillable_quantity, 0) * each.units,
                       coalesce(sku.held_quantity, 0) * each.units,
                       coalesce(sku.unsellable_quantity, 0) * each.units,
                       coalesce(sku.inbound_quantity, 0) * each.units,
                       0, 0, 0, 0, NULL, NULL, NULL,
                       CASE WHEN missing_since IS NOT NULL THEN sku.seller_sku END,
                       sku.missing_since,
                       0, 0, 0, 0,
                       sku.observed_at,
                       sku.synced_at,
                       true
                  FROM sku
                  JOIN LATERAL (
                           SELECT CASE WHEN product_id IS NULL OR resolution = 'wrong_unit' THEN 1 ELSE pack_size END
                               AS units
                       ) each ON true
                 WHERE NOT sku.is_counted
            )
            SELECT figure.id,
                   figure.sku_id,
                   figure.warehouse_id,
                   warehouse.company_id,
                   figure.product_id,
                   figure.seller_sku,
                   figure.amazon_name,
                   figure.asin,
                   figure.resolution,
                   fulfillable AS fulfillable_quantity,
                   held AS held_quantity,
                   unsellable AS unsellable_quantity,
                   fulfillable + held + unsellable AS amazon_quantity,
                   inbound AS inbound_quantity,
                   sent AS sent_quantity,
                   odoo_stock AS stock_quantity,
                   odoo_held AS odoo_held_quantity,
                   odoo_unsellable AS odoo_unsellable_quantity,
                   odoo_stock + odoo_held + odoo_unsellable AS odoo_quantity,
                   odoo_stock + odoo_held + odoo_unsellable - fulfillable - held - unsellable AS difference_quantity,
                   pending AS pending_quantity,
                   difference_since,
                   failure_message,
                   missing_sku,
                   missing_since,
                   left_since AS left_quantity,
                   left_before AS left_before_quantity,
                   arrived AS arrived_quantity,
                   sold AS sold_quantity,
                   CASE WHEN sold > 0 THEN greatest(fulfillable, 0) * %(days)s / sold END AS cover_days,
                   observed_at,
                   synced_at,
                   needs_person,
                   (fulfillable, held, unsellable, inbound, sent, odoo_stock, odoo_held, odoo_unsellable, sold)
                       <> (0, 0, 0, 0, 0, 0, 0, 0, 0) OR failure_message IS NOT NULL AS is_in_use
              FROM figure
              JOIN warehouse ON warehouse.id = figure.warehouse_id
            """,
            usable=USABLE,
            open=OPEN_STATES,
            since=now - SOLD_WITHIN,
            lag=COUNTS_LAG,
            days=SOLD_WITHIN.days,
            **ID_OF,
        )

    # === ACTIONS === #

    def _check_is_current(self):
        """A row disappears as soon as its SKU is confirmed, by whomever. Raises UserError."""
        self.ensure_one()
        if not self.exists():
            raise UserError(self.env._("This row has changed since you opened the list. Reload it."))

    def action_map(self):
        """Open the dialog that maps an unknown SKU to a product, or confirms what it is."""
        self._check_is_current()
        return self.sku_id.action_map()

    def action_ask_to_map(self):
        """Ask the administrators to map or confirm the SKUs of these rows. Raises AccessError, UserError."""
        rows = self.exists().filtered("sku_id")
        if not rows:
            raise UserError(self.env._("Nothing is to be mapped or confirmed in the selected rows."))
        self.check_access("read")
        return self.env["fba.account"]._notify_asked(rows.sku_id._ask_to_map())

    def action_open_product(self):
        """The product that keeps the row from being counted."""
        self._check_is_current()
        if not self.product_id:
            raise UserError(self.env._("Seller SKU %s is not mapped to a product yet.", self.seller_sku))
        return self.product_id._get_records_action()

    def action_synchronize(self):
        """Synchronize all accounts of the user's companies now, in the background; where nothing but a first
        synchronization is left to do, open it for those who may start it. Raises AccessError."""
        accounts = self.env["fba.account"].search([("company_id", "in", self.env.companies.ids)])
        first = accounts.filtered(lambda account: account._not_synchronized_reason() and account._may_sync_first())
        if first and not accounts.filtered(lambda account: not account._not_synchronized_reason()):
            return first[:1].action_first_sync()
        return accounts._synchronize_now()
