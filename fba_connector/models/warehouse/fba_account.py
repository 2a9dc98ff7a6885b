"""AFN warehouses of a seller account."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..shared.groups import MANAGER
from ..shared.ties import ties_to


class FbaAccount(models.Model):
    _inherit = "fba.account"

    afn_warehouse_ids = fields.One2many("stock.warehouse", "fba_account_id", "AFN Warehouses")

    graded_return_reference = fields.Char(
        "Graded Returns",
        help="Internal reference of the product that holds the graded returns of a seller SKU (FBA Grade and Resell, "
        "amzn.gr.…): {sku} stands for the original SKU, {condition} for Amazon's two letters, such as VG. If empty, "
        "they are kept apart.",
    )

    def _ties(self, *, ended=False, marketplaces=None):
        ties = super()._ties(ended=ended, marketplaces=marketplaces)
        if ended:
            ours = [("fba_account_id", "=", self.id)]
            ties += ties_to(self.env["stock.warehouse"], ours, self.env._("warehouses {names}"))
        return ties

    def _served(self):
        return super()._served() | self._afn_warehouses().fba_marketplace_ids

    def _warehouse_of(self, marketplace):
        """The AFN warehouse whose pool serves `marketplace`; empty where there is none."""
        return self.afn_warehouse_ids.filtered(
            lambda afn: afn.is_afn and marketplace and marketplace in afn.fba_marketplace_ids
        )[:1]

    def _afn_warehouses(self):
        return self.sudo().afn_warehouse_ids.filtered("is_afn")

    def _check_may_sync(self):
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only FBA Administrators may synchronize stock."))
        self.check_access("write")

    def action_set_up_warehouses(self):
        """Create an AFN warehouse for each stock pool of the account's marketplaces; show all of them."""
        self.ensure_one()
        self._check_may_sync()
        if not self.marketplace_ids:
            raise UserError(self.env._("Choose the marketplaces of account %s first.", self.name))
        self._afn_warehouses()._fba_set_up()
        served = self._afn_warehouses().fba_marketplace_ids
        self.env["stock.warehouse"].sudo()._fba_create_for(self, self.marketplace_ids - served)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("AFN Warehouses"),
            "res_model": "stock.warehouse",
            "views": [(False, "list"), (False, "form")],
            "domain": [("fba_account_id", "=", self.id)],
        }

    @api.model
    def _complete_existing(self):
        """Complete accounts and warehouses of an older version; the module's update runs it."""
        self.search([("active", "in", (True, False))])._add_task_locks()
        self.env["stock.warehouse"].search([("is_afn", "=", True)])._fba_set_up()
