"""What Odoo looks up for each record, and a batch of ours once: defaults, settings, numbers.

Half of the queries of a sale order's import, and a tenth of its time.
"""

import re

from odoo import api, models

from .batch import batch_of, once

NO_VALUE = re.compile(" at 0x[0-9a-f]+>")  # an address may be another object's later


class FbaBatchDefaults(models.AbstractModel):
    """Before the model itself among what a class inherits: its own defaults, and those of other modules, are kept."""

    _name = "fba.batch.defaults"
    _description = "Default Values, Once a Batch"

    @api.model
    def default_get(self, fields_list):
        key = ("default_get", *sorted(fields_list))
        return dict(once(self, key, lambda: super(FbaBatchDefaults, self).default_get(fields_list)))


class FbaBatchSearches(models.AbstractModel):
    """As `FbaBatchDefaults`, of searches: settings, which a batch does not change."""

    _name = "fba.batch.searches"
    _description = "Searches, Once a Batch"

    @api.model
    def search(self, domain, offset=0, limit=None, order=None):
        found = super().search
        if not batch_of(self) or NO_VALUE.search(repr(domain)):
            return found(domain, offset, limit, order)
        key = ("search", repr(domain), offset, limit, order)
        return once(self, key, lambda: found(domain, offset, limit, order)).with_env(self.env)


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["fba.batch.defaults", "fba.batch.checks", "sale.order"]


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["fba.batch.defaults", "fba.batch.checks", "sale.order.line"]


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["fba.batch.defaults", "fba.batch.checks", "stock.picking"]


class StockMove(models.Model):
    _name = "stock.move"
    _inherit = ["fba.batch.defaults", "fba.batch.checks", "stock.move"]

    def _push_apply(self):
        """As in Odoo; within a batch only for goods that could be pushed on, or that others wait for."""
        if not batch_of(self):
            return super()._push_apply()
        rules = self.env["stock.rule"].sudo().search([("action", "in", ("push", "pull_push"))])
        sources = {str(id_) for id_ in rules.location_src_id.ids}
        moves = self.filtered(
            lambda move: move.move_dest_ids or not sources.isdisjoint(move.location_dest_id.parent_path.split("/"))
        )
        return super(StockMove, moves)._push_apply()

    def _set_references(self):
        """As in Odoo; within a batch only where there is a reference to set."""
        moves = self.filtered("picking_id.reference_ids") if batch_of(self) else self
        return super(StockMove, moves)._set_references()

    def _update_orderpoints(self):
        """As in Odoo; within a batch only for products that have reordering rules."""
        moves = self
        if batch_of(self):
            rules = self.env["stock.warehouse.orderpoint"].sudo()
            products = rules.search([("product_id", "in", sorted(self.product_id.ids))]).product_id
            moves = self.filtered(lambda move: move.product_id in products)
        return super(StockMove, moves)._update_orderpoints()

    def _trigger_assign(self):
        """As in Odoo; within a batch only for stock that others wait for, and for what has references: these tell which
        of the waiting come first."""
        moves = self
        if batch_of(self):
            kinds = self.env["stock.move"]._read_group(
                [
                    ("state", "in", ("confirmed", "partially_available")),
                    ("product_id", "in", self.product_id.ids),
                    ("location_id", "in", self.location_dest_id.ids),
                ],
                ["product_id", "location_id"],
            )
            waiting = set(kinds)
            moves = self.filtered(
                lambda move: (move.product_id, move.location_dest_id) in waiting or move.reference_ids
            )
        return super(StockMove, moves)._trigger_assign()


class StockMoveLine(models.Model):
    _name = "stock.move.line"
    _inherit = ["fba.batch.defaults", "fba.batch.checks", "stock.move.line"]


class StockPackage(models.Model):
    _name = "stock.package"
    _inherit = ["fba.batch.defaults", "stock.package"]

    def _get_weight(self, picking_id=False):
        """As in Odoo; within a batch by the lines in the cache, where no package holds others."""
        if not picking_id or not batch_of(self) or set(self._get_all_children_package_dest_ids()[1]) != set(self.ids):
            return super()._get_weight(picking_id)
        weights = {package: package.package_type_id.base_weight or 0.0 for package in self}
        for line in self.env["stock.picking"].browse(picking_id).move_line_ids:
            if line.result_package_id in weights and (product := line.product_id):
                units = line.product_uom_id._compute_quantity(line.quantity, product.uom_id)
                weights[line.result_package_id] += units * product.weight
        return weights


class StockRule(models.Model):
    _name = "stock.rule"
    _inherit = ["fba.batch.searches", "stock.rule"]


class StockWarehouseOrderpoint(models.Model):
    _name = "stock.warehouse.orderpoint"
    _inherit = ["fba.batch.searches", "stock.warehouse.orderpoint"]


class AccountAnalyticDistributionModel(models.Model):
    _name = "account.analytic.distribution.model"
    _inherit = ["fba.batch.searches", "account.analytic.distribution.model"]


class MailAlias(models.Model):
    _name = "mail.alias"
    _inherit = ["fba.batch.searches", "mail.alias"]


class MailAliasDomain(models.Model):
    _name = "mail.alias.domain"
    _inherit = ["fba.batch.searches", "mail.alias.domain"]


class IrSequence(models.Model):
    _name = "ir.sequence"
    _inherit = ["fba.batch.searches", "ir.sequence"]

    def _next_do(self):
        batch = batch_of(self)
        if batch and self.implementation == "standard":
            return self.get_next_char(batch.draw_number(self.env.cr, f"ir_sequence_{self.id:03d}"))
        return super()._next_do()
