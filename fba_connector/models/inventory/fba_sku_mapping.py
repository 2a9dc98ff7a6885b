"""Stock of a seller SKU that a person maps or confirms: its units as Amazon counts them now, and only those."""

from odoo import fields, models
from odoo.exceptions import UserError

from ... import amazon
from ..account.fba_account_runs import reason_of
from ..shared.sentence import in_words
from ..warehouse.stock_move import OPEN_STATES
from .holdings import Holdings
from .inbox import Inbox


class FbaSku(models.Model):
    _inherit = "fba.sku"

    def _total_units(self):
        """Units of this SKU in Amazon's warehouses, without inbound ones."""
        return self.fulfillable_quantity + self.held_quantity + self.unsellable_quantity

    def _is_booked(self):
        """Whether mapping this SKU books stock: its warehouse follows Amazon's counts."""
        return self.warehouse_id._fba_is_synchronized()

    def _count_now(self):
        """Ask Amazon for this SKU now. Returns the reason where that failed, else False."""
        answered, reason = self._ask_now(self.seller_sku)
        if not reason and not answered and self._has_units():
            return self.env._("Amazon does not find %s by name.", self.seller_sku)
        return reason

    def _ask_now(self, seller_sku):
        """(SKUs that Amazon named, reason or False) of a question for `seller_sku` in this SKU's warehouse."""
        self.ensure_one()
        warehouse = self.warehouse_id.sudo()
        account = warehouse.fba_account_id
        if account.paused or not account.active:
            return set(), self.env._('Account "%s" is paused or archived.', account.name)
        try:
            with account._open_gateway() as gateway:
                _asked, answered, _is_clear = warehouse._fba_ask_by_name(gateway, [seller_sku], full=False)
        except amazon.AmazonError as error:
            return set(), in_words(self, reason_of(error))
        return answered, False

    def _look_for_reference(self, product):
        """List `product`'s internal reference as a SKU, if it is one. Returns the reason where Amazon could not be
        asked, else False.

        Without any row, a product is offered by its reference. Once this SKU is mapped to it, only SKUs that are
        listed are; and before the first synchronization nobody has listed the reference.
        """
        self.ensure_one()
        rows, reference = self.sudo(), product.default_code
        here = [("warehouse_id", "=", self.warehouse_id.id), ("seller_sku", "=", reference)]
        if not reference or self._is_booked() or rows.search_count(here, limit=1):
            return False
        _answered, reason = self._ask_now(reference)
        rows.search(here)._find_products()
        return reason and self.env._(
            "Amazon could not be asked whether %(reference)s is a SKU of this product, too: %(reason)s Orders are sent "
            "as %(sku)s until it is listed under Seller SKUs.",
            reference=reference,
            reason=reason,
            sku=self.seller_sku,
        )

    def _figures(self):
        """(Holdings, Inbox) of this SKU's warehouse: all SKUs and waiting orders, so read once for several answers."""
        warehouse = self.warehouse_id.sudo().with_company(self.company_id)
        return Holdings(warehouse), Inbox(warehouse)

    def _bookings(self, resolution, holdings, inbox):
        """{product: (units in Odoo, units to book, units of them that waiting orders take)} if this SKU is what
        `resolution` says: above zero is found, below zero lost.

        Units that Odoo had too many, or too few, already before are the SKU's: they are not booked again.
        """
        self.ensure_one()
        before = {part.product_id: part.units for part in self.sudo().part_ids}
        now = resolution.units if resolution.is_usable else {}
        products = self.env["product.product"].union(*before, *now)
        bookings = {}
        sold = inbox.shipped_of_sku[self.seller_sku]  # they have left, and are imported once the SKU is known
        total = self._total_units() + sold
        balance = holdings.warehouse._fba_weigh(products, holdings=holdings, inbox=inbox)
        for product in balance.products:
            was, moved = before.get(product, 0) * total, (now.get(product, 0) - before.get(product, 0)) * total
            surplus = balance.differences[product]
            if self.sudo() not in [row for row, _units in holdings.skus(product)]:
                surplus -= was
            units = max(moved - max(surplus, 0), 0) if moved > 0 else min(moved - min(surplus, 0), 0)
            bookings[product] = (balance.odoo_total(product), units, sold * now.get(product, 0))
        return bookings

    def _effects(self, resolutions):
        """For each of `resolutions` what mapping this SKU to it changes, as text with a line for each product:
        "[A] Product A: 10 → 13 Units"; False where nothing."""
        figures = self._figures()
        return [
            "\n".join(
                self.env._(
                    "%(product)s: %(before)g → %(after)g %(unit)s",
                    product=product.display_name,
                    before=before,
                    after=before + units - waiting,
                    unit=product.uom_id.name,
                )
                for product, (before, units, waiting) in self._bookings(resolution, *figures).items()
            )
            or False
            for resolution in resolutions
        ]

    def _check_no_open_orders(self, product, size):
        """Raises UserError if this SKU becomes something else while Amazon works on own orders of it: their units are
        still the former product's."""
        before = {part.product_id: part.units for part in self.part_ids}
        if not before or before == self._resolution_as(product, size).units:
            return
        lines = self.env["fba.fulfillment.order.line"].search(
            [
                ("order_id.warehouse_id", "=", self.warehouse_id.id),
                ("order_id.at_amazon", "=", True),
                ("seller_sku", "=", self.seller_sku),
                ("move_ids.state", "in", OPEN_STATES),
            ]
        )
        if lines:
            raise UserError(
                self.env._(
                    "Amazon is fulfilling orders with %(sku)s: %(orders)s. Change the SKU once these orders have "
                    "shipped.",
                    sku=self.seller_sku,
                    orders=", ".join(lines.sale_id.mapped("name")),
                )
            )

    def _check_no_stock_of_kits(self, balance):
        """Raises UserError for a product that became a kit: Odoo refuses to change its own stock."""
        for product in balance.products._fba_kits(self.company_id):
            if product.uom_id.compare(balance.odoo_total(product), 0) != 0:
                raise UserError(
                    self.env._(
                        "Odoo has %(units)g × %(product)s in %(warehouse)s, and it is a kit now. Change its bill of "
                        "materials to Manufacture this product, move or scrap these units, and make it a kit again.",
                        units=balance.odoo_total(product),
                        product=product.display_name,
                        warehouse=self.warehouse_id.name,
                    )
                )

    def _map_to(self, product, size, *, book):
        """This SKU is `size` of `product` from now on, confirmed; `book` its units as they were counted."""
        self.ensure_one()
        row = self.sudo()
        row._check_no_open_orders(product, size)
        bookings = row._bookings(row._resolution_as(product, size), *row._figures()) if book else {}
        row.with_context(fba_suggested=True).write({"product_id": product.id, "pack_size": size})
        row._confirm()
        if not bookings:
            return
        warehouse = row.warehouse_id.with_company(row.company_id)
        holdings = Holdings(warehouse)
        balance = warehouse._fba_weigh(holdings.products & product.union(*bookings), holdings=holdings)
        row._check_no_stock_of_kits(balance)
        for product in balance.products:
            units = bookings.get(product, (0, 0, 0))[1]
            if product.uom_id.compare(units, 0) > 0:
                balance.found[product] = units
            elif product.uom_id.compare(units, 0) < 0:
                balance.lost[product] = -units
        reason = self.env._(
            "Seller SKU %(sku)s, mapped by %(user)s at %(moment)s",
            sku=row.seller_sku,
            user=self.env.user.name,
            moment=fields.Datetime.to_string(fields.Datetime.now()),
        )
        warehouse._fba_book_balance(balance, reason)
