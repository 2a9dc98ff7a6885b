"""An order sold on Amazon as a sale order: a line for each item and each kind of charge, and Amazon's total."""

from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ... import amazon
from ...amazon import tax_owner
from ...amazon.proceeds import DOCUMENTED, is_remitted
from ...utc import naive
from ..account.fba_account_runs import reason_of
from ..shared.batch import Batch
from ..shared.fba_safe_export import unlike_formula
from ..shared.sentence import words
from .awaited import Awaited

# Sale orders by the hundred: without notifications.
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
    "mail_auto_subscribe_no_notify": True,
}


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    def _create_sales(self, orders, terms):
        """Create, confirm and deliver `orders` ({row: amazon.SoldOrder}, one account's), all or none.

        Raises UserError where something is missing in Odoo, or Amazon's figures do not agree.
        """
        drafts = {row: row._prepare_sale_order(order, terms) for row, order in orders.items()}
        self = self.with_context(fba_batch=Batch(len(orders)))
        Sale = self.env["sale.order"].with_context(**QUIET)
        sales = Sale.create([values for values, *_money in drafts.values()])
        money = [(orders[row], *money) for row, (_values, *money) in drafts.items()]
        self._reach_totals(dict(zip(sales, money, strict=True)))
        self._confirm_and_deliver(dict(zip(sales, orders.values(), strict=True)), terms)
        for sale, (row, order) in zip(sales, orders.items(), strict=True):
            sale.date_order = naive(order.created_at)
            row._note_booking(sale, order, terms.note_on_rate(order, sale))
        self._apply_tracking()

    def _prepare_sale_order(self, order, terms):
        """(values of the sale order, amazon.Proceeds, tax that Amazon names and Odoo does not have)."""
        warehouse, market = terms.warehouse(order), terms.marketplace(order)
        currency = terms.currency(order)
        proceeds = self._reconcile(order, currency, market)
        customer, recipient = self._customer(order, market, terms)
        rules = [terms.tax_rule(order, item, proceeds) for item in order.items]
        as_business = any(rule.as_business for rule in rules)
        position = terms.fiscal_position(customer, order, as_business=as_business)
        lines, beside = self._prepare_lines(order, proceeds, currency, position, terms)
        values = {
            **({"name": order.order_id} if self.account_id.order_naming == "amazon" else {}),
            "partner_id": customer.id,
            **({"partner_shipping_id": recipient.id} if recipient != customer else {}),
            "company_id": self.company_id.id,
            "warehouse_id": warehouse.id,
            "user_id": False,
            "team_id": self.account_id.import_team_id.id,
            "source_id": market._get_source().id,
            "origin": order.order_id,
            "client_order_ref": self._customer_reference(order),
            "amazon_order_id": order.order_id,
            "fba_account_id": self.account_id.id,
            "pricelist_id": terms.pricelist(currency).id,
            "fiscal_position_id": position.id,
            "order_line": [Command.create(line) for line in lines],
        }
        return values, proceeds, beside

    def _reconcile(self, order, currency, market):
        """amazon.Proceeds of the order. Raises UserError."""
        try:
            return amazon.reconcile(order, Decimal(str(currency.rounding)), market.tax_included)
        except amazon.Irreconcilable as error:
            if error.parts is None:
                raise UserError(words(self, "no_amounts")) from None
            raise UserError(
                words(
                    self,
                    "other_total",
                    parts=[float(error.parts), currency.id],
                    total=[float(error.total.amount), currency.id],
                )
            ) from None

    def _customer(self, order, market, terms):
        """(the buyer, the recipient) as contacts; the marketplace's for both where the account keeps no buyers."""
        buyer = recipient = self.env["res.partner"]
        if self.account_id.buyer_data == "buyer":
            buyer, recipient = buyer._fba_buyer(self.company_id, order, terms)
        buyer = buyer or market._get_customer()
        return buyer, recipient or buyer

    def _customer_reference(self, order):
        """Amazon's order ID, after the buyer's own number where Amazon names one."""
        number = order.buyer and unlike_formula(order.buyer.purchase_order)
        return f"{number} / {order.order_id}" if number else order.order_id

    def _wait_for_rates(self, orders, terms):
        """Settle those in currencies that Odoo cannot convert, before they stop their batch. Returns them.

        `orders`: {row: amazon.SoldOrder}.
        """
        waiting = self.browse()
        for row in self:
            try:
                if terms.warehouse_if_any(orders[row]):
                    terms.currency(orders[row])
            except Awaited as error:
                row._settle("error", reason_of(error), awaits=error.kind, awaited=error.key)
                waiting |= row
        return waiting

    # === LINES === #

    def _prepare_lines(self, order, proceeds, currency, position, terms):
        """(items at what Amazon charged for them, then everything else, a line for each kind and its taxes; the part
        of them that is tax without a matching one in Odoo)."""
        lines, extras = [], defaultdict(Decimal)
        goods = {charge.item.item_id: charge for charge in proceeds.charges if charge.kind == amazon.proceeds.ITEM}
        for item in order.items:
            product = terms.product(order, item)
            charge = goods.get(item.item_id) or amazon.Charge(amazon.proceeds.ITEM, item, Decimal())
            if item.quantity_shipped:
                amount, included, taxes = self._taxed(charge, order, proceeds, product, position, terms, extras)
                units = item.quantity_shipped * terms.resolution(order, item).size
                line = self._prepare_line(product, units, amount, included, taxes, currency)
                lines.append(line)
                # Amazon prices the pack, and the line: with its taxes, what a unit's rounded price loses of them.
                is_pack = units != item.quantity_shipped
                if is_pack or (taxes and units > 1):
                    lost, of = self._lost_by_unit(line, product, amount, included, taxes, currency)
                    extras["ROUNDING", included, of] += lost if is_pack or abs(lost) > currency.rounding else 0
            elif charge.amount:
                raise UserError(
                    words(self, "charged_unshipped", sku=item.seller_sku, amount=[float(charge.amount), currency.id])
                )
        for charge in proceeds.charges:
            if charge.kind != amazon.proceeds.ITEM:
                product = terms.product_of_charge(order, charge, proceeds, position)
                amount, included, taxes = self._taxed(charge, order, proceeds, product, position, terms, extras)
                extras[charge.kind, included, taxes] += amount
        labels = self._charge_labels()
        for (kind, included, taxes), amount in extras.items():
            if amount:
                product = self.account_id._charge_product(kind)
                line = self._prepare_line(product, 1, amount, included, taxes, currency)
                lines.append(line | ({"name": labels[kind]} if kind in labels else {}))
        return lines, extras["TAX", False, self.env["account.tax"]]

    def _taxed(self, charge, order, proceeds, product, position, terms, extras):
        """(amount, whether it includes its tax, Odoo's taxes on it); tax without a matching tax in Odoo goes to
        `extras`. Raises UserError."""
        none = self.env["account.tax"]
        rule = terms.tax_rule(order, charge.item, proceeds)
        # What nobody documents has the tax that Amazon names for it.
        is_untaxed = rule == tax_owner.NAMED and not charge.tax and charge.kind not in DOCUMENTED
        taxes = terms.taxes(product, position, rule.owner) if product and not is_untaxed else none
        if charge.kind != amazon.proceeds.ITEM:
            taxes = taxes.filtered(lambda tax: tax.amount_type != "fixed")  # which is on each unit sold
        if taxes:
            holds_tax = rule == tax_owner.IN_PRICE or (rule == tax_owner.NAMED and proceeds.tax_included)
            return charge.amount, holds_tax, taxes
        if charge.tax:
            if proceeds.tax_included and not charge.amount:
                raise UserError(words(self, "tax_unplaced"))
            extras["REMITTED" if rule.owner == tax_owner.AMAZON else "TAX", False, none] += charge.tax
        return charge.amount - (charge.tax if proceeds.tax_included else 0), False, none

    def _prepare_line(self, product, quantity, amount, included, taxes, currency):
        """`amount` is that of the whole line, with its taxes where they are `included`."""
        price = float(amount) / quantity
        if taxes:
            details = taxes._get_tax_details(
                price,
                1,
                precision_rounding=currency.rounding,
                rounding_method="round_globally",
                product=product,
                special_mode="total_included" if included else "total_excluded",
            )
            held = [tax["tax_amount"] for tax in details["taxes_data"] if tax["tax"].price_include]
            price = details["total_excluded"] + sum(held)
        return {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "product_uom_id": product.uom_id.id,
            "price_unit": round(price, self._price_digits(currency)),
            # Without it a later change of the quantity would reset the price to the pricelist's.
            "technical_price_unit": 0.0,
            "tax_ids": [Command.set(taxes.ids)],
            "discount": 0.0,
        }

    def _price_digits(self, currency):
        """Those of Odoo's prices, and no fewer than Amazon's amounts have."""
        return max(self.env["decimal.precision"].precision_get("Product Price"), currency.decimal_places)

    def _lost_by_unit(self, line, product, amount, included, taxes, currency):
        """(the part of `amount` that the rounded price of a unit leaves out, its taxes)."""
        details = taxes._get_tax_details(
            line["price_unit"],
            line["product_uom_qty"],
            precision_rounding=currency.rounding,
            rounding_method="round_globally",
            product=product,
        )
        lost = float(amount) - details["total_included" if included else "total_excluded"]
        return Decimal(str(currency.round(lost))), taxes.filtered(lambda tax: tax.amount_type != "fixed")

    def _charge_labels(self):
        """Labels that say more than the name of the charge's product."""
        return {
            "COD_FEE": self.env._("Cash on delivery"),
            "DELIVERY_TIP": self.env._("Delivery tip"),
            "REMITTED": self.env._("Tax collected and remitted by Amazon"),
            "ROUNDING": self.env._("Rounding"),
        }

    # === TOTAL === #

    def _reach_totals(self, sales):
        """A rounding line where cents are lost ({sale: (amazon.SoldOrder, amazon.Proceeds, tax on lines of its own)}).

        Raises UserError if it exceeds what rounding can lose: Amazon's one of the currency's smallest units for each
        unit sold, and Odoo's of a unit's price and of a line.
        """
        product, label = self.account_id._charge_product("ROUNDING"), self._charge_labels()["ROUNDING"]
        rounding = []
        for sale, (order, proceeds, beside) in sales.items():
            currency = sale.currency_id
            units = sum(item.quantity_ordered for item in order.items)
            own = 10 ** -self._price_digits(currency) * units + currency.rounding * len(sale.order_line)
            most = currency.rounding * units + own
            total = float(proceeds.total.amount)
            lost = currency.round(total - sale.amount_total)
            if currency.compare_amounts(abs(lost), most) > 0:
                raise UserError(
                    words(
                        self,
                        "taxes_change_total",
                        ours=[sale.amount_total, currency.id],
                        theirs=[total, currency.id],
                    )
                )
            self._check_taxes(sale, order, proceeds, beside, currency.rounding * units)
            if not currency.is_zero(lost):
                none = self.env["account.tax"]
                line = self._prepare_line(product, 1, lost, False, none, currency)
                rounding.append({**line, "order_id": sale.id, "name": label})
        self.env["sale.order.line"].with_context(**QUIET).create(rounding)

    def _check_taxes(self, sale, order, proceeds, beside, most):
        """Raises UserError where Odoo's taxes differ from those that Amazon names and does not remit, but for what is
        on a line of its own (`beside`) as Odoo has no tax on those goods."""
        named = sum(charge.tax for charge in proceeds.charges if not is_remitted(charge, order))
        theirs, currency = float(named - beside), sale.currency_id
        if (
            not named
            or not sale.order_line.tax_ids
            or currency.compare_amounts(abs(sale.amount_tax - theirs), most) <= 0
        ):
            return
        raise UserError(words(self, "other_taxes", ours=[sale.amount_tax, currency.id], theirs=[theirs, currency.id]))
