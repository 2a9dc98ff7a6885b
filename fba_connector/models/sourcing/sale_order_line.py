"""Sale order lines: units from Amazon, units without a source, and the step before Odoo procures."""

from odoo import api, fields, models

from ..shared.groups import INTERNAL
from ..shared.guard import refuse_by_hand, refuse_new_by_hand
from ..shared.sentence import SentenceField
from .sentences import SENTENCES

OURS = {"fba_warehouse_id", "fba_unsourced_product_qty", "fba_sourcing_note", "fba_is_own_by_hand"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"
    _sentences = SENTENCES

    fba_warehouse_id = fields.Many2one(
        "stock.warehouse", "Sourced from Amazon", compute="_compute_fba_warehouse_id", store=True, copy=False,
        help="AFN warehouse for this line, or for a part of it.",
        groups=INTERNAL,
    )  # fmt: skip
    fba_unsourced_product_qty = fields.Float(
        "Not Sourced (Product Unit)", readonly=True, copy=False, digits="Product Unit",
        help="In the product's own unit: exact even if the line is sold by the dozen.",
        groups=INTERNAL,
    )  # fmt: skip
    fba_unsourced_qty = fields.Float(
        "Not Sourced", compute="_compute_fba_unsourced_qty", store=True, digits="Product Unit",
        help="Released or unfillable units: neither delivered nor on their way until you source them again or reduce "
        "the ordered quantity.",
        groups=INTERNAL,
    )  # fmt: skip
    fba_is_own_by_hand = fields.Boolean(
        readonly=True,
        copy=False,
        help="A user chose the source: automation does not change it.",
        groups=INTERNAL,
    )
    fba_sourcing_note = SentenceField(
        readonly=True,
        copy=False,
        help="Automation's reason for not sourcing this line from Amazon.",
        groups=INTERNAL,
    )

    fba_free = fields.Char("Free", compute="_compute_fba_free", compute_sudo=True, groups=INTERNAL)

    @api.depends("move_ids.state", "move_ids.picking_type_id")
    def _compute_fba_warehouse_id(self):
        afn = self.env["stock.warehouse"]._fba_afn_ids()
        for line in self:
            sources = line.move_ids.filtered(
                lambda move: (
                    move.picking_type_id.warehouse_id.id in afn
                    and move.state != "cancel"
                    and move.picking_code == "outgoing"
                    and move.location_dest_id._is_outgoing()  # not to another warehouse
                )
            )
            line.fba_warehouse_id = sources.picking_type_id.warehouse_id[:1]

    @api.depends("product_id", "order_id.partner_shipping_id")
    def _compute_fba_free(self):
        """Free units in each warehouse that may deliver, such as "San Francisco 3 · Amazon FBA US 12"."""
        for line, free in self._fba_free_units().items():
            line.fba_free = " · ".join(f"{warehouse.name} {units:g}" for warehouse, units in free.items() if units)

    def _fba_free_units(self):
        """{line: {warehouse: free units}}: the company's own warehouses, and open AFN warehouses that deliver to the
        address, as far as the address is known."""
        found = {}
        for company, lines in self.grouped("company_id").items():
            warehouses = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
            usable = warehouses.filtered(lambda warehouse: not (warehouse.is_afn and warehouse._fba_reason_closed()))
            free = {
                warehouse: {
                    product: product.free_qty for product in lines.product_id.with_context(warehouse_id=warehouse.id)
                }
                for warehouse in usable
            }
            serving = {
                country: usable.filtered(lambda it: not it.is_afn) | usable._fba_that_serve(country)
                if country
                else usable
                for country in {line.order_id.partner_shipping_id.country_id for line in lines}
            }
            for line in lines:
                here = serving[line.order_id.partner_shipping_id.country_id]
                found[line] = {it: free[it].get(line.product_id, 0) for it in usable if it in here}
        return found

    @api.depends("fba_unsourced_product_qty", "product_uom_id")
    def _compute_fba_unsourced_qty(self):
        for line in self:
            quantity = line.fba_unsourced_product_qty
            line.fba_unsourced_qty = quantity and line.product_id.uom_id._compute_quantity(
                quantity, line.product_uom_id, rounding_method="HALF-UP"
            )

    @api.depends("fba_unsourced_qty")
    def _compute_invoice_status(self):
        super()._compute_invoice_status()
        for line in self:
            if (
                line.fba_unsourced_qty
                and line.invoice_status == "invoiced"
                and line.qty_invoiced < line.product_uom_qty
            ):
                line.invoice_status = "no"

    def _prepare_qty_delivered(self):
        """Odoo rounds each shipment to the line's unit: a dozen shipped in three parts would be delivered as 1.01."""
        delivered = super()._prepare_qty_delivered()
        for line in self.filtered(
            lambda line: (
                line.qty_delivered_method == "stock_move"
                and line.fba_warehouse_id
                and line._fba_is_in_another_unit()
                and not line._fba_kit()
            )
        ):
            outgoing, incoming = line._get_outgoing_incoming_moves()
            units = sum(move._fba_taken() for move in outgoing if move.state == "done")
            units -= sum(move._fba_taken() for move in incoming if move.state == "done")
            delivered[line] = line.product_id.uom_id._compute_quantity(
                units, line.product_uom_id, rounding_method="HALF-UP"
            )
        return delivered

    def _get_qty_procurement(self, previous_product_uom_qty=False):
        """Units without a source count as procured: Odoo does not procure them behind the user's back."""
        if self._fba_is_counted_here():
            unit = self.product_id.uom_id
            missing = unit._compute_quantity(self._fba_missing(), self.product_uom_id, rounding_method="HALF-UP")
            return self.product_uom_qty - missing
        return super()._get_qty_procurement(previous_product_uom_qty) + self.fba_unsourced_qty

    def _prepare_procurement_values(self):
        """An AFN warehouse delivers what Amazon has, whatever route the product has elsewhere: bought or made for an
        order, it would not be at Amazon."""
        values = super()._prepare_procurement_values()
        warehouse = values["warehouse_id"]
        if warehouse.is_afn and not self.route_ids:
            values["route_ids"] = warehouse.delivery_route_id
        return values

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Before Odoo procures missing units: a lowered line gives units up, and Amazon takes its share."""
        if not self.env.context.get("skip_procurement"):
            lines = self.filtered(lambda line: line.state == "sale" and not line.order_id.locked).sudo()
            lines._fba_give_up(previous_product_uom_qty)
            lines._fba_source_new(previous_product_uom_qty)
        others = self.with_context(fba_batch=None)  # as without this module
        return super(SaleOrderLine, others)._action_launch_stock_rule(previous_product_uom_qty=previous_product_uom_qty)

    @api.model_create_multi
    def create(self, vals_list):
        refuse_new_by_hand(self, vals_list, OURS)
        return super().create(vals_list)

    def write(self, vals):
        refuse_by_hand(self, vals, OURS)
        return super().write(vals)
