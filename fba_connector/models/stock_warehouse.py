"""A warehouse whose stock lies at Amazon: one pool of one account."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


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
        warehouses.filtered("is_afn")._fba_let_tracked_goods_leave()
        return warehouses

    def write(self, vals):
        result = super().write(vals)
        if vals.get("is_afn"):
            self._fba_let_tracked_goods_leave()
        return result

    def _fba_let_tracked_goods_leave(self):
        """Amazon rarely names lots: with both flags off, tracked products leave without one."""
        self.sudo().out_type_id.write({"use_existing_lots": False, "use_create_lots": False})

    def _fba_not_available_reason(self):
        return self.env._(
            "%s is not available for fulfillment. An administrator can switch it on in "
            "Inventory > Configuration > Warehouses.",
            self.name,
        )

    @api.model
    def _fba_serving(self, company, country):
        """The AFN warehouse of a company for a country: by its marketplaces, available ones first."""
        warehouses = self.search([("is_afn", "=", True), ("company_id", "=", company.id)])
        serving = warehouses.filtered(lambda warehouse: country.code in warehouse.fba_marketplace_ids.mapped("code"))
        return serving.sorted(lambda warehouse: not warehouse.fba_available_for_fulfillment)[:1]
