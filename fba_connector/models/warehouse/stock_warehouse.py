"""A warehouse whose stock lies at Amazon: one pool of one account."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..sourcing.tally import Tally

# Marketplaces that sell from one pool. Source: Amazon's European Fulfillment Network; Britain is apart since 2021.
SHARED_POOLS = [{"DE", "FR", "IT", "ES", "NL", "BE", "IE", "SE", "PL"}]


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    is_afn = fields.Boolean(
        "AFN Warehouse",
        help="Amazon's Fulfillment Network keeps and ships this warehouse's stock.",
    )
    fba_account_id = fields.Many2one("fba.account", "Amazon Account", check_company=True, ondelete="restrict")
    fba_marketplace_id = fields.Many2one(
        "fba.marketplace",
        "Inventory Marketplace",
        help="The marketplace whose FBA inventory this warehouse mirrors.",
    )
    fba_marketplace_ids = fields.Many2many(
        "fba.marketplace",
        "stock_warehouse_fba_marketplace_rel",
        string="Sells On",
        compute="_compute_fba_marketplace_ids",
        store=True,
        readonly=False,
        help="All marketplaces that sell from this stock. Europe's marketplaces often share one.",
    )
    fba_available_for_fulfillment = fields.Boolean(
        "Available for Fulfillment",
        default=True,
        help="Orders of other sales channels may be fulfilled from this stock.",
    )

    fba_held_location_id = fields.Many2one(
        "stock.location",
        "Held by Amazon",
        readonly=True,
        copy=False,
        check_company=True,
        help="What Amazon reserves for its own sales, transfers and processing.",
    )
    fba_unsellable_location_id = fields.Many2one(
        "stock.location", "Unsellable at Amazon", readonly=True, copy=False, check_company=True
    )

    @api.depends("fba_marketplace_id")
    def _compute_fba_marketplace_ids(self):
        for warehouse in self:
            warehouse.fba_marketplace_ids |= warehouse.fba_marketplace_id

    @api.constrains("is_afn", "fba_account_id", "fba_marketplace_id", "fba_marketplace_ids", "delivery_steps")
    def _check_afn(self):
        for warehouse in self.filtered("is_afn"):
            if not (warehouse.fba_account_id and warehouse.fba_marketplace_id):
                raise ValidationError(
                    self.env._("AFN warehouse %s needs an Amazon account and a marketplace.", warehouse.name)
                )
            if warehouse.delivery_steps != "ship_only":
                raise ValidationError(
                    self.env._("AFN warehouse %s must deliver in one step: Amazon picks and packs.", warehouse.name)
                )
            others = warehouse.fba_account_id.afn_warehouse_ids.filtered("is_afn") - warehouse
            if shared := others.fba_marketplace_ids & warehouse.fba_marketplace_ids:
                raise ValidationError(
                    self.env._(
                        "%(markets)s sells from another AFN warehouse of account %(account)s already; "
                        "its stock would be counted twice.",
                        markets=", ".join(shared.mapped("display_name")),
                        account=warehouse.fba_account_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        warehouses.filtered("is_afn")._fba_set_up()
        return warehouses

    def write(self, vals):
        result = super().write(vals)
        if vals.get("is_afn"):
            self._fba_set_up()
        return result

    def _fba_set_up(self):
        """What only an AFN warehouse has: its two further locations, and transfers that ask for no lot.

        Amazon rarely names lots: with both flags off, tracked products leave without one. The locations lie outside of
        the warehouse, so that Odoo's free quantity is what can be sold; they are valued like it.
        """
        for warehouse in self.sudo():
            types = warehouse.out_type_id + warehouse.int_type_id
            types.write({"use_existing_lots": False, "use_create_lots": False})
            warehouse.out_type_id.reservation_method = "at_confirm"  # what is sourced is taken, for nobody else
            if not warehouse.fba_held_location_id:
                shared = {"company_id": warehouse.company_id.id}
                view = self.env["stock.location"].create(
                    {
                        "name": f"{warehouse.code} Amazon",
                        "usage": "view",
                        "location_id": warehouse.view_location_id.location_id.id,
                        **shared,
                    }
                )
                inside = {"usage": "internal", "location_id": view.id, **shared}
                warehouse.fba_held_location_id, warehouse.fba_unsellable_location_id = self.env[
                    "stock.location"
                ].create(
                    [
                        {"name": self.env._("Held by Amazon"), **inside},
                        {"name": self.env._("Unsellable"), **inside},
                    ]
                )

    @api.model
    def _fba_create_for(self, account, marketplaces):
        """An AFN warehouse for each pool that `marketplaces` sell from."""
        for marketplace in marketplaces:
            pool = next((pool for pool in SHARED_POOLS if marketplace.code in pool), {marketplace.code})
            together = marketplaces.filtered(lambda other, pool=pool: other.code in pool)
            if marketplace != together[:1]:
                continue
            self.create(
                {
                    "name": self._fba_free_name(account, marketplace.code),
                    "code": self._fba_free_code(account.company_id, marketplace.code),
                    "company_id": account.company_id.id,
                    "is_afn": True,
                    "fba_account_id": account.id,
                    "fba_marketplace_id": marketplace.id,
                    "fba_marketplace_ids": [Command.set(together.ids)],
                }
            )

    @api.model
    def _fba_free_name(self, account, country_code):
        """The company's first warehouse of a country is named after it alone, a second one after its account, too."""
        used = set(self._fba_all_of(account.company_id).mapped("name"))
        plain = self.env._("Amazon FBA %s", country_code)
        named = f"{plain} ({account.name})"
        candidates = [plain, named, *(f"{named} {number}" for number in range(2, 10))]
        return next(name for name in candidates if name not in used)

    @api.model
    def _fba_all_of(self, company):
        return self.with_context(active_test=False).search([("company_id", "=", company.id)])

    @api.model
    def _fba_free_code(self, company, country_code):
        """A short name of at most five characters that the company does not use yet: FBAUS, FBUS2, ..."""
        used = set(self._fba_all_of(company).mapped("code"))
        candidates = [f"FBA{country_code}", *(f"FB{country_code}{number}" for number in range(2, 10))]
        return next((code for code in candidates if code not in used), False)

    def _fba_is_synchronized(self):
        """Whether this warehouse follows Amazon's counts: else nothing ever lies in *Held by Amazon*."""
        account = self.fba_account_id
        return self.is_afn and account.sync_inventory and account.first_sync_confirmed

    def _fba_sold_location(self):
        """Where orders sold on Amazon leave from: *Held* where that is kept, as Amazon reserves before it ships."""
        return self.fba_held_location_id if self._fba_is_synchronized() else self.lot_stock_id

    def action_open_fba_stock(self):
        """What Amazon counts here, beside what Odoo has."""
        self.env["fba.stock"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_stock_action")
        return {**action, "domain": [("warehouse_id", "in", self.ids)]}

    def _fba_not_available_reason(self):
        return self.env._(
            "%s is not available for fulfillment. An administrator can switch it on in "
            "Inventory > Configuration > Warehouses.",
            self.name,
        )

    def _fba_reason_closed(self):
        """Why no order may be sourced from this AFN warehouse, for the clerk; False when they may."""
        if not self.fba_available_for_fulfillment:
            return self._fba_not_available_reason()
        if not self.fba_account_id.active:
            return self.env._('Account "%s" is archived.', self.fba_account_id.name)
        if not self.fba_account_id.is_live:
            return self.env._(
                'Account "%s" is not live yet: an administrator finishes its guide first.', self.fba_account_id.name
            )
        return False

    @api.model
    def _fba_serving(self, company, country):
        """The AFN warehouses of a company that deliver to a country, available ones first."""
        return self.search([("is_afn", "=", True), ("company_id", "=", company.id)])._fba_that_serve(country)

    def _fba_that_serve(self, country):
        """Those that sell on the country's marketplace, open ones first."""
        serving = self.filtered(lambda warehouse: country.code in warehouse.fba_marketplace_ids.mapped("code"))
        return serving.sorted(lambda warehouse: bool(warehouse._fba_reason_closed()))

    @api.model
    def _fba_automated(self, company):
        """The AFN warehouses of a company that automation sources from."""
        return self.search(
            [
                ("is_afn", "=", True),
                ("company_id", "=", company.id),
                ("fba_available_for_fulfillment", "=", True),
                ("fba_account_id.active", "=", True),
                ("fba_account_id.is_live", "=", True),
                ("fba_account_id.auto_source", "!=", "never"),
            ]
        )

    def _fba_source_waiting(self, products=None):
        """Source what waits for stock elsewhere from these AFN warehouses, as far as automation may: the oldest first.

        `products`: those that have arrived; None for all. An order that fails says so and leaves the others alone.
        """
        for warehouse in self.filtered(
            lambda warehouse: warehouse.fba_account_id.auto_source != "never" and not warehouse._fba_reason_closed()
        ):
            free = warehouse._fba_free_products(products)
            moves = self.env["stock.move"].search(
                [
                    ("product_id", "in", free.ids),
                    ("state", "in", ("confirmed", "partially_available")),
                    ("company_id", "=", warehouse.company_id.id),
                    ("sale_line_id", "!=", False),
                    ("picking_type_id.warehouse_id.is_afn", "=", False),
                ]
            )
            orders = moves.sale_line_id.order_id
            tally = Tally(orders.order_line.move_ids.product_id)
            for order in orders.sorted(lambda order: (order.date_order, order.id)):
                order._fba_source_waiting(warehouse, tally)

    def _fba_free_products(self, products):
        """Products with free units here: of `products`, or of all (None)."""
        among = [] if products is None else [("product_id", "in", products.ids)]
        rows = self.env["stock.quant"]._read_group(
            [("location_id", "child_of", self.lot_stock_id.id), *among],
            ["product_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        return self.env["product.product"].union(*(product for product, there, reserved in rows if there > reserved))
