"""AFN warehouses: stock at Amazon, one pool of one account each."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import ormcache

from ..shared.caches import forget_cached
from ..shared.groups import INTERNAL
from ..shared.sentence import words
from ..shared.ties import ties_to

# Marketplaces that sell from one pool. Source: Amazon's European Fulfillment Network; without Britain since 2021.
SHARED_POOLS = [{"DE", "FR", "IT", "ES", "NL", "BE", "IE", "SE", "PL"}]
# Live orders need these as they are; cleared, the last two need an empty warehouse.
TIED = ("fba_account_id", "fba_marketplace_id", "is_afn", "active")
EMPTY = {"is_afn", "active"}
# What is kept of warehouses in the memory of each process depends on these.
CACHED = {*TIED, "company_id", "fba_available_for_fulfillment", "sequence"}


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    is_afn = fields.Boolean(
        "AFN Warehouse",
        help="Amazon's Fulfillment Network keeps and ships this warehouse's stock.",
        groups=INTERNAL,
    )
    fba_account_id = fields.Many2one(
        "fba.account", "Amazon Account", check_company=True, ondelete="restrict", groups=INTERNAL
    )
    fba_marketplace_id = fields.Many2one(
        "fba.marketplace",
        "Inventory Marketplace",
        ondelete="restrict",
        help="This warehouse mirrors the FBA inventory of this marketplace.",
        groups=INTERNAL,
    )
    fba_marketplace_ids = fields.Many2many(
        "fba.marketplace",
        "stock_warehouse_fba_marketplace_rel",
        string="Sells On",
        compute="_compute_fba_marketplace_ids",
        store=True,
        ondelete="restrict",
        readonly=False,
        help="All marketplaces that sell from this stock. Marketplaces in Europe often share one pool.",
        groups=INTERNAL,
    )
    fba_offered_marketplace_ids = fields.Many2many(
        "fba.marketplace", compute="_compute_fba_offered_marketplace_ids", groups=INTERNAL
    )
    fba_available_for_fulfillment = fields.Boolean(
        "Available for Fulfillment",
        default=True,
        help="Amazon may fulfill orders of other sales channels from this stock.",
        groups=INTERNAL,
    )

    fba_held_location_id = fields.Many2one(
        "stock.location",
        "Held by Amazon",
        readonly=True,
        copy=False,
        check_company=True,
        help="Units reserved by Amazon for its own sales, transfers and processing.",
        groups=INTERNAL,
    )
    fba_unsellable_location_id = fields.Many2one(
        "stock.location",
        "Unsellable at Amazon",
        readonly=True,
        copy=False,
        check_company=True,
        groups=INTERNAL,
    )

    @api.depends("fba_marketplace_id")
    def _compute_fba_marketplace_ids(self):
        for warehouse in self:
            warehouse.fba_marketplace_ids |= warehouse.fba_marketplace_id

    @api.depends("fba_account_id.marketplace_ids", "fba_account_id.region")
    def _compute_fba_offered_marketplace_ids(self):
        """The marketplaces of the account; all of its region as long as it has none."""
        markets = self.env["fba.marketplace"].search([("region", "!=", False)])  # all: each has one
        for warehouse in self:
            account = warehouse.fba_account_id
            here = markets.filtered_domain([("region", "=", account.region)]) if account else markets
            warehouse.fba_offered_marketplace_ids = account.marketplace_ids or here

    @api.constrains("is_afn", "fba_account_id", "fba_marketplace_id", "fba_marketplace_ids", "delivery_steps")
    def _check_afn(self):
        for warehouse in self.filtered("is_afn"):
            if not (warehouse.fba_account_id and warehouse.fba_marketplace_id):
                raise ValidationError(
                    self.env._("AFN warehouse %s needs an Amazon account and a marketplace.", warehouse.name)
                )
            region = warehouse.fba_account_id.region
            markets = warehouse.fba_marketplace_id | warehouse.fba_marketplace_ids
            if foreign := markets.filtered(lambda market, region=region: market.region != region):
                raise ValidationError(
                    self.env._(
                        "Account %(account)s does not sell on %(markets)s: that is another region of Amazon's, which "
                        "needs an account of its own.",
                        account=warehouse.fba_account_id.name,
                        markets=", ".join(foreign.mapped("display_name")),
                    )
                )
            if warehouse.delivery_steps != "ship_only":
                raise ValidationError(
                    self.env._("AFN warehouse %s must deliver in one step: Amazon picks and packs.", warehouse.name)
                )
            others = warehouse.fba_account_id.afn_warehouse_ids.filtered("is_afn") - warehouse
            if shared := others.fba_marketplace_ids & warehouse.fba_marketplace_ids:
                raise ValidationError(
                    self.env._(
                        "%(markets)s already sells from another AFN warehouse of account %(account)s. Remove it here: "
                        "Odoo would count its stock twice.",
                        markets=", ".join(shared.mapped("display_name")),
                        account=warehouse.fba_account_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        if afn := warehouses.filtered("is_afn"):
            forget_cached(self.env)
            afn._fba_set_up()
        return warehouses

    def write(self, vals):
        for warehouse in self.filtered("is_afn"):
            values = warehouse._convert_to_write({name: warehouse[name] for name in TIED if name in vals})
            changed = {name for name, value in values.items() if value and value != vals[name]}
            ties = warehouse._fba_ties() if changed else []
            warehouse._fba_check_untied(ties + (warehouse._fba_stock_words() if changed & EMPTY else []))
        result = super().write(vals)
        if CACHED & vals.keys():
            forget_cached(self.env)
        if vals.get("is_afn"):
            self._fba_set_up()
        return result

    def unlink(self):
        result = super().unlink()
        forget_cached(self.env)
        return result

    @api.model
    @ormcache()
    def _fba_afn_ids(self):
        """IDs of the AFN warehouses of all companies, archived ones too: most goods never meet one, and need not read
        where they are."""
        return frozenset(self.sudo().with_context(active_test=False).search([("is_afn", "=", True)]).ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_tied(self):
        for warehouse in self.filtered("is_afn"):
            warehouse._fba_check_untied(warehouse._fba_ties(ended=True) + warehouse._fba_stock_words())

    def _fba_ties(self, *, ended=False):
        """Hook: [words for a user], the records that still need this AFN warehouse as it is. `ended`: also those that
        need it for its history."""
        return []

    def _fba_stock_words(self):
        """[words for a user] on what Odoo has at Amazon; [] for nothing."""
        locations = self.view_location_id + self.fba_held_location_id + self.fba_unsellable_location_id
        inside = [("location_id", "child_of", locations.ids), ("quantity", "!=", 0)]
        quants = self.env["stock.quant"].sudo()._read_group(inside, ["product_id"])
        there = [("id", "in", [product.id for (product,) in quants])]
        return ties_to(self.env["product.product"], there, self.env._("stock of {names}"))

    def _fba_check_untied(self, ties):
        """Raises UserError where `ties` keep this AFN warehouse as it is."""
        if ties:
            raise UserError(
                self.env._(
                    "AFN warehouse %(warehouse)s still has %(records)s. Until its orders have ended, it keeps its "
                    "account and marketplace. Until its stock is gone, too, it cannot be archived or deleted, or "
                    "become an ordinary warehouse.",
                    warehouse=self.name,
                    records="; ".join(ties),
                )
            )

    def _fba_set_up(self):
        """Set up an AFN warehouse: its two further locations, and transfers without lots.

        Amazon rarely names lots: with both flags off, tracked products leave without one. The locations lie outside of
        the warehouse, so that Odoo's free quantity can be sold as a whole; they are valued like it.
        """
        for warehouse in self.sudo():
            types = warehouse.out_type_id + warehouse.int_type_id
            types.write({"use_existing_lots": False, "use_create_lots": False})
            warehouse.out_type_id.reservation_method = "at_confirm"  # sourced units are taken: no other order gets them
            if "auto_batch" in types._fields:  # batches: nobody picks these
                types.write({"auto_batch": False})
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
        """Create an AFN warehouse for each stock pool of `marketplaces`."""
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
        """The first warehouse of a country is named after it alone, a second one after its account, too; where another
        company's has that name, after the company."""
        used = set(self._fba_all_of(account.company_id).mapped("name"))
        others = self.sudo().with_context(active_test=False).search([("company_id", "!=", account.company_id.id)])
        plain = self.env._("Amazon FBA %s", country_code)
        if plain in others.mapped("name"):
            plain = f"{plain} – {account.company_id.name}"
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

    def action_open_fba_stock(self):
        """Amazon's counts of this warehouse, beside Odoo's."""
        self.env["fba.stock"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_stock_action")
        return {**action, "domain": [("warehouse_id", "in", self.ids)]}

    def _fba_not_available_reason(self):
        return words(self.env["fba.sku"], "closed", warehouse=self.name)

    def _fba_reason_closed(self):
        """Why no order may be sourced from this AFN warehouse, for the clerk; False when they may."""
        if not self.fba_available_for_fulfillment:
            return self._fba_not_available_reason()
        if not self.fba_account_id.active:
            return words(self.env["fba.sku"], "account_archived", account=self.fba_account_id.name)
        if not self.fba_account_id.is_live:
            return words(self.env["fba.sku"], "not_live", account=self.fba_account_id.name)
        return False
