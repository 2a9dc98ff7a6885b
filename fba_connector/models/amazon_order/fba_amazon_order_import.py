"""Decides the outcome of an order sold on Amazon: a sale order, a wait, nothing, or an error message."""

import logging
from dataclasses import replace

from odoo import models
from odoo.exceptions import UserError

from ... import amazon
from ...utc import naive
from ..account.fba_account_runs import CONCURRENCY_ERRORS, reason_of
from ..shared.sentence import say
from .awaited import Awaited
from .fba_amazon_order_delivery import DeliveryRefused
from .sold_terms import SoldTerms

_logger = logging.getLogger(__name__)


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    def _process(self):
        """Decide on each of these orders and act on it; problems that a person can fix end as `error`.

        New orders are imported together; if that fails, one by one.
        """
        rows = self.try_lock_for_update(allow_referencing=True).filtered("is_due").sudo()
        for account, here in rows.grouped("account_id").items():
            here = here.with_company(account.company_id)
            orders = here._read_orders()
            here._link_imported()
            known = here._link_echoes(orders)
            known |= (here - known)._keep_booked(orders)
            new = here.browse(row.id for row in here - known if row in orders and row._decide(orders[row]))
            new._import({row: orders[row] for row in new})

    def _read_orders(self):
        """{row: amazon.SoldOrder}; a row with an unreadable order ends as `error`."""
        orders = {}
        currencies = {currency.name: currency for currency in self._all_currencies()}
        marketplaces = {it.marketplace_id: it for it in self.env["fba.marketplace"].search([("name", "!=", False)])}
        for row in self:
            try:
                order = orders[row] = amazon.parse_order(row.payload)
            except amazon.Malformed as error:
                row._settle("error", reason_of(error))
                continue
            total = order.grand_total
            row.write(
                {
                    "amazon_status": order.status,
                    "ordered_at": naive(order.created_at),
                    "marketplace_id": marketplaces.get(order.marketplace_id, self.env["fba.marketplace"]).id,
                    "currency_id": currencies[total.currency].id if total and total.currency in currencies else False,
                    "amount_total": float(total.amount) if total else 0,
                }
            )
        return orders

    def _all_currencies(self):
        return self.env["res.currency"].with_context(active_test=False).search([("name", "!=", False)])

    def _link_imported(self):
        """An order that exists in Odoo, whatever its row says, is never imported again."""
        loose = self.filtered(lambda row: not row.sale_id)
        sales = self.env["sale.order"].search(
            [
                ("fba_account_id", "in", loose.account_id.ids),
                ("amazon_order_id", "in", loose.mapped("amazon_order_id")),
            ]
        )
        by_id = {sale.amazon_order_id: sale for sale in sales}
        for row in loose:
            if row.amazon_order_id in by_id:
                sale = by_id[row.amazon_order_id]
                row._link_booking(sale, sale.create_date)

    def _link_echoes(self, orders):
        """Our own fulfillment orders come back as orders of another channel: never imported, their stock has moved
        already."""
        echoes = self.filtered(lambda row: row in orders and not orders[row].is_sold_on_amazon)
        names = {row: orders[row].seller_order_ids for row in echoes}
        ours = self.env["fba.fulfillment.order"].browse()
        for account, rows in echoes.grouped("account_id").items():
            ours |= self.env["fba.sighting"]._note(account, "echoed", [name for row in rows for name in names[row]])
        sales = {order.name: order.sale_id for order in ours}
        for row in echoes:
            sale = next((sales[name] for name in names[row] if name in sales), None)
            if sale:
                row._settle("ignored", say("own_order"), sale_id=sale.id)
            else:
                row._settle("ignored", say("sold_elsewhere"))
        return echoes

    def _decide(self, order):
        """Whether this order becomes a sale order; if not, its row gets the reason."""
        if self.sale_id:
            self._compare(order)
        elif why := self._reason_ignored(order):
            if self.import_again:
                self._decline_again(order, why)
            else:
                self._settle("ignored", say(why))
        elif not order.is_shipped:
            self._settle("pending", say("unshipped"))
        elif not any(item.quantity_shipped for item in order.items):
            self._error_unshipped(order)
        else:
            return True
        return False

    def _reason_ignored(self, order):
        """The sentence's code for an order that is none to import; False for one that is, or may become one.

        A user who asks for an order means it, however early it is.
        """
        if not order.is_fulfilled_by_amazon:
            return "not_fulfilled"
        is_wanted = self.import_again or self.is_wanted
        if not is_wanted and naive(order.created_at) < self.account_id.import_from:
            return "too_early"
        if order.is_cancelled:
            return "cancelled"
        is_paid = not self.import_again and order.grand_total and order.grand_total.amount > 0
        if order.is_shipped and not is_paid and not any(item.quantity_shipped for item in order.items):
            return "nothing_shipped"
        return False

    def _error_unshipped(self, order):
        """A shipped order of which nothing has left, and that somebody paid for."""
        names = ", ".join(item.seller_sku or item.title or item.item_id for item in order.items)
        amount = [float(order.grand_total.amount), self.currency_id.id]
        self._settle("error", say("charged_unshipped", sku=names or self.amazon_order_id, amount=amount))

    def _import(self, orders):
        """Make sale orders of `orders` ({row: amazon.SoldOrder}): together, or one by one where that fails."""
        if not orders:
            return
        terms = SoldTerms(self.account_id, orders.values())
        waiting = self._wait_for_skus(orders, terms)
        waiting |= (self - waiting)._wait_for_rates(orders, terms)
        orders = {row: order for row, order in orders.items() if row not in waiting}
        if len(orders) > 1:
            try:
                with self.env.cr.savepoint():
                    self._create_sales(orders, terms)
            except CONCURRENCY_ERRORS:
                raise
            except Exception as error:
                _logger.info("%s Amazon orders are imported one by one: %s", len(orders), error)
            else:
                return
        for row, order in orders.items():
            row._import_one(order)

    def _wait_for_skus(self, orders, terms):
        """The rows that wait until a person makes a shipped item's seller SKU usable."""
        waiting = self.browse()
        for row, order in orders.items():
            items = [item for item in order.items if item.quantity_shipped and not terms.product(order, item)]
            if items and terms.warehouse_if_any(order):
                waiting |= row
                row._wait_for_sku(order, items, terms)
        return waiting

    def _wait_for_sku(self, order, items, terms):
        """`items` of `order`: those that no product is known for."""
        notes = {}
        for item in items:
            of_asin = terms.of_asin(order, item)
            if item.seller_sku:
                notes[item.seller_sku] = terms.resolution(order, item).note
            elif of_asin and not any(it.is_sold for it in of_asin.values()):
                notes |= {sku: it.note for sku, it in of_asin.items()}
            else:
                waits = {"awaits": "sku", "awaited": item.asin} if item.asin else {}
                self._settle("error", self._nameless_message(item, of_asin), **waits)
                return
        sku = next(iter(notes))
        self._settle("error", self._unusable_message(notes), missing_sku=sku, awaits="sku", awaited=sku)

    def _unusable_message(self, notes):
        """`notes`: {seller SKU: Sentence that says why it cannot be used}."""
        return say("unusable_skus", notes=[[sku, replace(note, by="fba.sku")] for sku, note in notes.items()])

    def _nameless_message(self, item, of_asin):
        """`of_asin`: {seller SKU: Resolution} that the item may be; they mean different goods."""
        name = item.title or item.asin or item.item_id
        if not of_asin:
            return say("nameless", item=name)
        known = [[sku, it.product.display_name, it.size] for sku, it in of_asin.items() if it.is_sold]
        return say("several_skus", item=name, asin=item.asin, known=known)

    def _import_one(self, order):
        terms = SoldTerms(self.account_id, [order])
        try:
            with self.env.cr.savepoint():
                self._create_sales({self: order}, terms)
        except CONCURRENCY_ERRORS:
            raise
        except DeliveryRefused as error:
            self._wait_for_stock(order, terms, reason_of(error))
        except Awaited as error:
            self._settle("error", reason_of(error), awaits=error.kind, awaited=error.key)
        except UserError as error:
            self._settle("error", reason_of(error))
        except Exception as error:
            _logger.exception("Amazon order %s could not be imported", self.amazon_order_id)
            self._note_failure(reason_of(error))
