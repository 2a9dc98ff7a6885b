"""An order sold on Amazon becomes a confirmed, delivered sale order whose total is Amazon's."""

from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from .. import amazon
from ..utc import naive

# What Amazon adds to or takes from an order beside its goods; each becomes a line of its own.
CHARGES = ("SHIPPING", "GIFT_WRAP", "DISCOUNT", "COD_FEE", "OTHER", "TAX")


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    def _process(self):
        """Decide what to do with one row, and do it; what a person can mend ends as `error` with a sentence."""
        row = self.try_lock_for_update(allow_referencing=True).filtered("is_due").sudo()
        if not row:
            return
        row = row.with_company(row.company_id)
        try:
            with self.env.cr.savepoint():
                row._import(amazon.parse_order(row.payload))
        except (UserError, amazon.AmazonError) as error:
            message = error.user_message if isinstance(error, amazon.AmazonError) else str(error)
            row._set_state("error", f"{row.amazon_order_id}: {message}")

    def _import(self, order):
        self.amazon_status = order.status
        if order.channel != "AMAZON":
            self._link_echo(order)
        elif self.sale_id:
            self._set_state("done")
        elif order.fulfilled_by != "AMAZON":
            self._set_state("ignored", self.env._("Not fulfilled by Amazon."))
        elif order.status in ("CANCELLED", "UNFULFILLABLE"):
            self._set_state("ignored", self.env._("Cancelled before it was shipped."))
        elif order.status == "SHIPPED":
            self._set_state("done", sale_id=self._create_sale_order(order).id)
        else:
            self._set_state("pending", self.env._("Waits until Amazon has shipped it."))

    def _link_echo(self, order):
        """Our own fulfillment orders come back as orders of another channel: never imported, stock moved already."""
        ours = self.env["fba.fulfillment.order"].search(
            [
                ("account_id", "=", self.account_id.id),
                ("name", "in", [value for name, value in order.aliases if name == "SELLER_ORDER_ID"]),
            ]
        )
        self._set_state("ignored", self.env._("Our own order, fulfilled by Amazon."), sale_id=ours[:1].sale_id.id)

    # === SALE ORDER === #

    def _create_sale_order(self, order):
        """Create, confirm and deliver. Raises UserError where something is missing in Odoo."""
        marketplace = self.env["fba.marketplace"].search([("marketplace_id", "=", order.marketplace_id)])
        warehouse = self.account_id.afn_warehouse_ids.filtered(lambda afn: marketplace in afn.fba_marketplace_ids)[:1]
        if not warehouse:
            raise UserError(
                self.env._(
                    "no AFN warehouse of account %(account)s sells on marketplace %(marketplace)s.",
                    account=self.account_id.name,
                    marketplace=marketplace.name or order.marketplace_id,
                )
            )
        sale = self.env["sale.order"].create(self._prepare_sale_order(order, marketplace, warehouse))
        if sale.currency_id.compare_amounts(sale.amount_total, float(order.grand_total.amount)):
            raise UserError(
                self.env._(
                    "the total would be %(ours)s, but Amazon's is %(theirs)s.",
                    ours=sale.currency_id.format(sale.amount_total),
                    theirs=sale.currency_id.format(float(order.grand_total.amount)),
                )
            )
        sale.action_confirm()
        sale.date_order = naive(order.created_at)
        sale.picking_ids._fba_deliver_sold(naive(order.updated_at))
        return sale

    def _prepare_sale_order(self, order, marketplace, warehouse):
        if not order.grand_total:
            raise UserError(self.env._("Amazon has not told its total yet."))
        customer = marketplace._get_customer()
        return {
            "partner_id": customer.id,
            "company_id": self.company_id.id,
            "warehouse_id": warehouse.id,
            "user_id": False,
            "origin": order.order_id,
            "client_order_ref": order.order_id,
            "amazon_order_id": order.order_id,
            "fba_account_id": self.account_id.id,
            "pricelist_id": self._pricelist(order.grand_total.currency).id,
            "order_line": [Command.create(values) for values in self._prepare_lines(order, warehouse)],
        }

    def _prepare_lines(self, order, warehouse):
        """A line per item at Amazon's price, one per kind of charge, and the rounding that is left.

        No Odoo tax is computed: where tax is not in the prices, Amazon's own is a line.
        """
        currency = self.env["res.currency"].search([("name", "=", order.grand_total.currency)])
        charge = self.env.ref("fba_connector.product_amazon_charge")
        lines = self._prepare_item_lines(order, warehouse)
        labels = self._charge_labels()
        for kind, amount in self._charges(order).items():
            if amount:
                lines.append({**self._prepare_line(charge, 1, float(amount)), "name": labels[kind]})
        parts = sum(currency.round(line["price_unit"] * line["product_uom_qty"]) for line in lines)
        rounding = currency.round(float(order.grand_total.amount) - parts)
        if not currency.is_zero(rounding):
            units = sum(item.quantity_ordered for item in order.items)
            if currency.compare_amounts(abs(rounding), currency.rounding * units) > 0:
                raise UserError(
                    self.env._(
                        "its parts add up to %(parts)s, but Amazon's total is %(total)s.",
                        parts=currency.format(parts),
                        total=currency.format(float(order.grand_total.amount)),
                    )
                )
            lines.append({**self._prepare_line(charge, 1, rounding), "name": self.env._("Rounding")})
        return lines

    def _prepare_item_lines(self, order, warehouse):
        """What Amazon shipped of each item; items cancelled in whole leave no line. Raises UserError: unknown SKU."""
        products = self.env["fba.sku"]._products_of(warehouse, [item.seller_sku for item in order.items])
        price_digits = self.env["decimal.precision"].precision_get("Product Price")
        lines = []
        for item in order.items:
            if item.seller_sku not in products:
                raise UserError(
                    self.env._(
                        'seller SKU "%s" is not known. Map it to a product under '
                        "Channel Managers > Configuration > Seller SKUs, then press Replay.",
                        item.seller_sku,
                    )
                )
            quantity = item.quantity_ordered if item.quantity_fulfilled is None else item.quantity_fulfilled
            if quantity:
                goods = sum(amount for kind, amount in item.breakdown if kind == "ITEM")
                price = round(goods / quantity, price_digits)
                lines.append(self._prepare_line(products[item.seller_sku], quantity, float(price)))
        return lines

    def _charges(self, order):
        """{kind of charge: Decimal} over all items; without TAX where the prices hold it already.

        Amazon's figures tell that by themselves: without the tax they make the total.
        """
        charges = dict.fromkeys(CHARGES, Decimal())
        goods = Decimal()
        for item in order.items:
            for kind, amount in item.breakdown:
                if kind == "ITEM":
                    goods += amount
                else:
                    charges[kind if kind in charges else "OTHER"] += amount
        tax = charges["TAX"]
        if goods + sum(charges.values()) - tax == order.grand_total.amount:
            charges["TAX"] = Decimal()
        return charges

    def _prepare_line(self, product, quantity, price):
        return {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "product_uom_id": product.uom_id.id,
            "price_unit": price,
            # Without it a later change of the quantity would reset the price to the pricelist's.
            "technical_price_unit": 0.0,
            "tax_ids": [Command.clear()],
            "discount": 0.0,
        }

    def _charge_labels(self):
        return {
            "SHIPPING": self.env._("Amazon: shipping"),
            "GIFT_WRAP": self.env._("Amazon: gift wrap"),
            "DISCOUNT": self.env._("Amazon: discount"),
            "COD_FEE": self.env._("Amazon: cash on delivery"),
            "OTHER": self.env._("Amazon: other"),
            "TAX": self.env._("Amazon: tax"),
        }

    def _pricelist(self, currency_name):
        """A pricelist in Amazon's currency; made where there is none."""
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", currency_name)])
        if not currency.active:
            raise UserError(self.env._("activate the currency %s first, then press Replay.", currency_name))
        Pricelist = self.env["product.pricelist"]
        companies = (False, self.company_id.id)
        found = Pricelist.search([("currency_id", "=", currency.id), ("company_id", "in", companies)], limit=1)
        return found or Pricelist.create(
            {
                "name": self.env._("Amazon %s", currency_name),
                "currency_id": currency.id,
                "company_id": self.company_id.id,
            }
        )
