"""Sale orders of orders sold on Amazon, as they are invoiced automatically."""

from odoo import models


class InvoiceDays:
    """{sale order: invoice date}, for the context `fba_invoice_days`: no client can send an object."""

    def __init__(self, days):
        self._days = {sale.id: day for sale, day in days.items()}

    def invoice_day(self, sale):
        return self._days.get(sale.id)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _prepare_invoice(self):
        values, days = super()._prepare_invoice(), self.env.context.get("fba_invoice_days")
        if isinstance(days, InvoiceDays) and (day := days.invoice_day(self)):
            values["invoice_date"] = day
        return values

    def unlink(self):
        """The inbox keeps their invoices: the order imported again is not invoiced again."""
        rows = self.env["fba.amazon.order"].sudo().search([("sale_id", "in", self.ids), ("invoice_id", "=", False)])
        rows._keep_invoices()
        return super().unlink()

    def _fba_lock_for_invoices(self):
        """Those of these that no other transaction invoices or changes now; theirs is the row lock, too."""
        sales = self.try_lock_for_update()
        lines = sales.order_line
        busy = lines - lines.try_lock_for_update()
        return sales - busy.order_id

    def _fba_invoiceable_whole(self):
        """Whether there is anything to invoice. What Amazon charged is due with the goods: services, which nothing
        delivers, count as delivered."""
        self.ensure_one()
        for line in self.order_line:
            if line.qty_delivered_method == "manual" and line.qty_delivered < line.product_uom_qty:
                line.qty_delivered = line.product_uom_qty
        return any(not line.display_type for line in self._get_invoiceable_lines())
