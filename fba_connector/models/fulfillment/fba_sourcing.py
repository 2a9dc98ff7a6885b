"""The Sourcing tab of a sale order: a row for each assignment, and one for the quantity without a source."""

from odoo import api, fields, models
from odoo.tools import SQL

from .states import CANCEL_REQUESTED

STATUSES = [
    ("unsourced", "Not Sourced"),
    ("waiting", "Waiting for Stock"),
    ("partly", "Partly Reserved"),
    ("reserved", "Reserved"),
    ("queued", "Queued"),
    ("at_amazon", "At Amazon"),
    (CANCEL_REQUESTED, "Cancellation Requested"),
    ("delivered", "Delivered"),
]


class FbaSourcing(models.Model):
    _name = "fba.sourcing"
    _description = "Sourcing of a Sales Order Line"
    _auto = False
    _order = "sequence, line_id, rank, id"
    _depends = {
        "stock.move": [
            "sale_line_id",
            "state",
            "picking_type_id",
            "location_id",
            "location_dest_id",
            "location_final_id",
        ],
        "sale.order.line": ["order_id", "sequence", "fba_unsourced_product_qty"],
    }  # fmt: skip

    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one(related="order_id.company_id")
    line_id = fields.Many2one("sale.order.line", readonly=True)
    move_id = fields.Many2one("stock.move", readonly=True)
    sequence = fields.Integer(readonly=True)
    rank = fields.Integer(readonly=True, help="Among the rows of a line, the row without a source comes last.")
    product_id = fields.Many2one("product.product", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", "From", readonly=True)

    uom_id = fields.Many2one(related="product_id.uom_id")
    ordered = fields.Float(compute="_compute_figures", compute_sudo=True, digits="Product Unit")
    assigned = fields.Float(compute="_compute_figures", compute_sudo=True, digits="Product Unit")
    reserved = fields.Float(compute="_compute_figures", compute_sudo=True, digits="Product Unit")
    status = fields.Selection(STATUSES, compute="_compute_figures", compute_sudo=True)
    fulfillment_order_id = fields.Many2one("fba.fulfillment.order", compute="_compute_figures", compute_sudo=True)
    can_release = fields.Boolean(compute="_compute_figures", compute_sudo=True)
    can_cancel = fields.Boolean(compute="_compute_figures", compute_sudo=True)
    can_source = fields.Boolean(compute="_compute_can_source", compute_sudo=True)
    is_elsewhere = fields.Boolean(compute="_compute_figures", compute_sudo=True)
    note = fields.Char(compute="_compute_can_source", compute_sudo=True)

    @property
    def _table_query(self):
        """Moves to the customer, or their first step; then lines with an unsourced quantity."""
        return SQL(
            """
            SELECT move.id * 2 AS id,
                   line.order_id,
                   line.id AS line_id,
                   move.id AS move_id,
                   line.sequence,
                   0 AS rank,
                   move.product_id,
                   type.warehouse_id
              FROM stock_move move
              JOIN sale_order_line line ON line.id = move.sale_line_id
              JOIN stock_picking_type type ON type.id = move.picking_type_id
              JOIN stock_location destination
                ON destination.id = COALESCE(move.location_final_id, move.location_dest_id)
              JOIN stock_location source ON source.id = move.location_id
             WHERE move.state <> 'cancel'
               AND move.origin_returned_move_id IS NULL
               AND destination.usage = 'customer'
               AND (type.code = 'outgoing' OR (move.state <> 'done' AND source.usage IN ('internal', 'transit')))
             UNION ALL
            SELECT line.id * 2 + 1, line.order_id, line.id, NULL, line.sequence, 1, line.product_id, NULL
              FROM sale_order_line line
             WHERE line.fba_unsourced_product_qty > 0
            """
        )

    @api.depends("line_id", "move_id")
    def _compute_figures(self):
        releasable, seen = self.move_id._fba_can_release(), self.line_id.browse()
        for row in self:
            line, move = row.line_id, row.move_id
            row.ordered = line._fba_ordered() if row.product_id == line.product_id and line not in seen else 0
            seen |= line
            row.is_elsewhere = bool(move) and not row.warehouse_id.is_afn and move.state != "done"
            row.assigned = move.product_qty if move else line.fba_unsourced_product_qty
            row.reserved = move._fba_taken() if move else 0
            row.status = row._status()
            row.fulfillment_order_id = move.fba_line_id.order_id
            row.can_release = move in releasable and row.status != "queued"
            row.can_cancel = row.status in ("queued", "at_amazon") and row.fulfillment_order_id.can_cancel

    def _status(self):
        move = self.move_id
        if not move:
            return "unsourced"
        if move.state == "done":
            return "delivered"
        if move._fba_is_at_amazon():
            asked = move.fba_line_id.order_id.shown_state == CANCEL_REQUESTED
            return CANCEL_REQUESTED if asked else "at_amazon"
        if move.fba_line_id.order_id.state == "queued":
            return "queued"
        if not self.reserved:
            return "waiting"
        return "reserved" if self.product_id.uom_id.compare(self.reserved, self.assigned) >= 0 else "partly"

    @api.depends("line_id", "move_id")
    def _compute_can_source(self):
        """Whether the row's button works, and the note for the clerk: the reason why not, or the free quantity."""
        open_lines = self.line_id.filtered(lambda line: not line.order_id._fba_reason_closed())
        plan, reasons = open_lines._fba_plan(shared=False)
        waiting = open_lines._fba_waiting()
        elsewhere = self.filtered(lambda row: row.is_elsewhere and row.move_id not in waiting).line_id
        not_waiting = elsewhere._fba_reasons_nothing_waits()
        for row in self:
            line = row.line_id
            sourceable = row.status == "unsourced" or row.move_id in waiting
            row.can_source = line in plan and sourceable
            row.note = False
            if row.can_source:
                warehouse = plan[line].warehouse
                row.note = self.env._(
                    "%(free)g free at %(warehouse)s",
                    free=row.product_id.with_context(warehouse_id=warehouse.id).free_qty,
                    warehouse=warehouse.name,
                )
            elif row.is_elsewhere and not sourceable:
                row.note = not_waiting.get(line) or self.env._("Already on its way.")
            elif sourceable:
                row.note = reasons.get(line) or line.order_id._fba_reason_closed()
            notes = [line.fba_sourcing_note, row.note] if row.is_elsewhere else [row.note]
            if row.status == "partly":
                notes.insert(
                    0, self.env._("%(reserved)g of %(units)g reserved.", reserved=row.reserved, units=row.assigned)
                )
            row.note = row._without_repetition(filter(None, notes)) or False

    def _without_repetition(self, notes):
        """`notes` (texts) in one line, without those that others contain. The product's name does not head a sentence:
        the row shows it."""
        heading = f"{self.product_id.display_name}: "
        notes = list(dict.fromkeys(note.replace(heading, "") for note in notes))
        return " · ".join(note for note in notes if not any(note in other for other in notes if other != note))

    def action_source(self):
        """Source this row's line from Amazon."""
        self.line_id.action_fba_source()
        return self.order_id._fba_toast()

    def action_source_from_own(self):
        """Deliver the unsourced quantity from the company's own warehouse."""
        return self.line_id.action_fba_source_from_own()

    def action_request_cancel(self):
        """Cancel the fulfillment order of this row: immediately while it is queued, later if Amazon agrees."""
        return self.fulfillment_order_id.action_request_cancel()

    def action_release(self):
        """Confirmation before releasing this row's assignment."""
        return self.move_id.action_open_fba_release()
