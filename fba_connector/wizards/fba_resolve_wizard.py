"""Resolves units without a source: from another warehouse, from Amazon again, or dropped; a line can be split."""

from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.shared.notification import CLOSE, notification
from ..models.shared.sentence import WITHOUT_WAY_ON
from .resolving import resolve


class FbaResolveWizard(models.TransientModel):
    _name = "fba.resolve.wizard"
    _description = "Resolve an Amazon Order Exception"

    sale_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    message = fields.Char(compute="_compute_message")
    line_ids = fields.One2many("fba.resolve.wizard.line", "wizard_id", "Without Source")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        sale = self.env["sale.order"].browse(values.get("sale_id"))
        sale.check_access("read")
        lines = sale.order_line.filtered("fba_unsourced_qty")
        proposals = lines._fba_propose()
        own = sale._fba_own_warehouses().get(sale, self.env["stock.warehouse"])[:1]
        values["line_ids"] = []
        for line in lines:
            row = {
                "sale_line_id": line.id,
                "quantity": line.fba_unsourced_product_qty,
                "choice": False,
                "warehouse_id": own.id,
            }
            if line in proposals:
                warehouse = proposals[line].warehouse
                row |= {"choice": "amazon"} if warehouse.is_afn else {"choice": "own", "warehouse_id": warehouse.id}
            values["line_ids"].append(Command.create(row))
        return values

    @api.depends("sale_id")
    @api.depends_context("lang")
    def _compute_message(self):
        """Without "Press Resolve"."""
        for wizard in self:
            sale = wizard.sale_id._filtered_access("read").sudo()
            wizard.message = sale and sale.with_context(**{WITHOUT_WAY_ON: True})._fba_problems()

    def action_confirm(self):
        """Carry out the choice of each row, and tell what happened. An exception ends with its last unit.

        Raises UserError: why not.
        """
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("All units of %s have a source.", self.sale_id.name))
        self._check_rows()
        steps = [
            (row.sale_line_id, row.choice, row.warehouse_id, row.quantity) for row in self.line_ids if row.quantity
        ]
        summary = resolve(self.sale_id, steps)
        self.line_ids.unlink()  # done: a repeated request finds nothing
        if self.sale_id.fba_has_unsourced:
            title = self.env._("%s: some units still have no source", self.sale_id.name)
        else:
            title = self.env._("%s resolved", self.sale_id.name)
        return notification("success", f"{summary(self.env)}.", CLOSE, title=title)

    def _check_rows(self):
        """Raises UserError for rows without a choice, and for lines of which more is chosen than lacks a source."""
        units = Counter()
        for row in self.line_ids:
            unit = row.product_id.uom_id
            if unit.compare(row.quantity, 0) < 0:
                raise UserError(self.env._("%s: enter a quantity of 0 or more.", row.product_id.display_name))
            if row.quantity and not row.choice:
                raise UserError(
                    self.env._(
                        "Choose a next step for %(quantity)g × %(product)s, or set its quantity to 0 to leave it open.",
                        quantity=row.quantity,
                        product=row.product_id.display_name,
                    )
                )
            if row.choice == "own" and not row.warehouse_id:
                raise UserError(self.env._("Choose a warehouse for %s.", row.product_id.display_name))
            if row.sale_line_id._fba_kit() and not unit.round(row.quantity).is_integer():
                raise UserError(
                    self.env._("%s is a kit: only whole kits can be resolved.", row.product_id.display_name)
                )
            units[row.sale_line_id] += row.quantity
        for line, wanted in units.items():
            unsourced = line.fba_unsourced_product_qty
            if line.product_id.uom_id.compare(wanted, unsourced) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: the rows add up to %(wanted)g, but only %(unsourced)g have no source.",
                        product=line.product_id.display_name,
                        wanted=wanted,
                        unsourced=unsourced,
                    )
                )


class FbaResolveWizardLine(models.TransientModel):
    _name = "fba.resolve.wizard.line"
    _description = "Quantity without Source"
    _order = "sale_line_id, id"

    wizard_id = fields.Many2one("fba.resolve.wizard", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="sale_line_id.company_id")
    sale_line_id = fields.Many2one("sale.order.line", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one(related="sale_line_id.product_id", related_sudo=False)
    uom_id = fields.Many2one(related="product_id.uom_id")
    quantity = fields.Float(
        compute="_compute_quantity",
        store=True,
        readonly=False,
        digits="Product Unit",
        help="In the product's own unit. What you leave out stays without a source.",
    )
    free = fields.Char(compute="_compute_free", compute_sudo=True)
    choice = fields.Selection(
        [("own", "From another warehouse"), ("amazon", "From Amazon again"), ("drop", "Drop from the order")],
        "Next Step",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", domain="[('company_id', '=', company_id), ('is_afn', '=', False)]"
    )
    hint = fields.Char("Note", compute="_compute_hint", compute_sudo=True, help="The outcome of this choice.")
    is_impossible = fields.Boolean(compute="_compute_hint", compute_sudo=True)

    @api.depends("sale_line_id")
    def _compute_quantity(self):
        for row in self:
            row.quantity = row.sale_line_id.fba_unsourced_product_qty

    def _free_units(self):
        """See sale.order.line; only of lines that the user may read: an onchange may be of any."""
        return self.sale_line_id.sudo(False)._filtered_access("read").sudo()._fba_free_units()

    @api.depends("sale_line_id")
    def _compute_free(self):
        """What each choice has, such as "San Francisco: 12 free · Amazon FBA US: 0 free"."""
        free = self._free_units()
        for row in self:
            row.free = " · ".join(
                self.env._("%(warehouse)s: %(units)g free", warehouse=warehouse.name, units=units)
                for warehouse, units in free.get(row.sale_line_id, {}).items()
                if units or warehouse.is_afn or warehouse == row.sale_line_id.order_id.warehouse_id
            )

    @api.depends("choice", "warehouse_id", "quantity")
    def _compute_hint(self):
        free = self._free_units()
        for row in self:
            line = row.sale_line_id
            row.hint, row.is_impossible = False, False
            if line not in free:
                continue
            if not row.quantity:
                row.hint = self.env._("Stays without a source.")
            elif row.choice == "own":
                here = free.get(line, {}).get(row.warehouse_id._origin, 0)
                if line.product_id.uom_id.compare(here, row.quantity) < 0:
                    row.hint = self.env._(
                        "%(units)g free in %(warehouse)s: it will wait for stock.",
                        units=here,
                        warehouse=row.warehouse_id.name or self.env._("no warehouse"),
                    )
            elif row.choice == "amazon":
                plan, reasons = line._fba_plan(units={line: row.quantity})
                row.is_impossible = line not in plan
                row.hint = reasons.get(line)
            elif not row.choice:
                row.hint = self.env._("No warehouse has enough free units: choose a next step.")

    def action_split(self):
        """A further row for a part of this one: the part beyond what its choice has free, if there is such a part."""
        self.ensure_one()
        unit = self.product_id.uom_id
        rows = self.wizard_id.line_ids.filtered(lambda row: row.sale_line_id == self.sale_line_id)
        rest = self.sale_line_id.fba_unsourced_product_qty - sum(rows.mapped("quantity"))
        if unit.compare(rest, 0) <= 0:
            free = self._free_here()
            rest = self.quantity - free if 0 < free < self.quantity else min(1, self.quantity)
            self.quantity -= rest
        self.copy({"quantity": rest, "choice": False})
        return {**self.sale_line_id.order_id.action_fba_resolve(), "res_id": self.wizard_id.id}

    def _free_here(self):
        """Free whole units of the chosen source; 0 without one."""
        free = self.sale_line_id.sudo()._fba_free_units().get(self.sale_line_id, {})
        if self.choice == "own":
            return free.get(self.warehouse_id, 0) // 1
        return max((units for warehouse, units in free.items() if warehouse.is_afn), default=0) // 1
