"""Odoo's records for booking orders sold on Amazon, each read once for all orders of a batch."""

from datetime import timedelta
from typing import Any, NamedTuple

from odoo.exceptions import UserError

from ...amazon import tax_owner
from ...amazon.proceeds import OF_ORDERS, is_remitted
from ...utc import naive
from ..shared.fba_safe_export import unlike_formula
from ..shared.sentence import say, words
from ..warehouse.resolution import agreed
from .awaited import Awaited

VAT_UNNAMED = "/"  # there is one, which the account does not keep
OLD_RATE = timedelta(days=7)  # before the order: longer than any holidays of a bank


class SoldGood(NamedTuple):
    """`units` of `product`, in its own unit, that have left for the order `line`: all of it, or the component of a kit
    that `bom_line` (None without a kit) asks for. `serial_numbers`: those that Amazon names of them."""

    line: Any
    product: Any
    bom_line: Any
    units: float
    serial_numbers: tuple[str, ...] = ()


class SoldTerms:
    """Warehouses, products, currencies, fiscal positions and taxes for `orders` (amazon.SoldOrder) of `account`.

    Its methods raise UserError, with the remedy, where something is missing.
    """

    def __init__(self, account, orders):
        self.account, self._batch = account, list(orders)
        self.env = account.env
        ids = list({order.marketplace_id for order in orders})
        self._markets = {
            it.marketplace_id: it for it in self.env["fba.marketplace"].search([("marketplace_id", "in", ids)])
        }
        self._resolutions, self._of_asins = {}, {}
        Sku = self.env["fba.sku"]
        for warehouse, here in self._by_warehouse(orders).items():
            items = [item for order in here for item in order.items]
            skus = list({item.seller_sku for item in items if item.seller_sku})
            asins = {item.asin for item in items if item.asin and not item.seller_sku}
            self._resolutions[warehouse] = Sku._resolve_skus(warehouse, skus) if warehouse else {}
            self._of_asins[warehouse] = Sku._resolve_asins(warehouse, asins) if warehouse else {}
        self._known = {}

    def _by_warehouse(self, orders):
        by_warehouse = {}
        for order in orders:
            by_warehouse.setdefault(self.warehouse_if_any(order), []).append(order)
        return by_warehouse

    def _once(self, key, find):
        if key not in self._known:
            self._known[key] = find()
        return self._known[key]

    def marketplace(self, order):
        return self._markets.get(order.marketplace_id) or self.env["fba.marketplace"]

    def warehouse_if_any(self, order):
        """The AFN warehouse whose pool the order left from; empty where none serves its marketplace."""
        return self.account._warehouse_of(self.marketplace(order))

    def warehouse(self, order):
        warehouse = self.warehouse_if_any(order)
        if not warehouse:
            market = self.marketplace(order)
            name = market.name or order.marketplace_id
            message = words(self.env["fba.amazon.order"], "no_warehouse", account=self.account.name, marketplace=name)
            if not order.marketplace_id:
                raise UserError(message)
            raise Awaited("warehouse" if market else "marketplace", order.marketplace_id, message)
        return warehouse

    def resolution(self, order, item):
        """Resolution of an item's SKU, or of all SKUs of its ASIN where Amazon names none; None where these differ, or
        where no warehouse serves the marketplace."""
        if not item.seller_sku:
            return agreed(self.of_asin(order, item).values())
        return self._resolutions[self.warehouse_if_any(order)].get(item.seller_sku)

    def of_asin(self, order, item):
        """{seller SKU: Resolution} that the ASIN of an item without a SKU may be."""
        return self._of_asins[self.warehouse_if_any(order)].get(item.asin, {})

    def product(self, order, item):
        """The product that an item is imported as; None where it cannot be."""
        resolution = self.resolution(order, item)
        return resolution.product if resolution and resolution.is_sold else None

    def product_of_charge(self, order, charge, proceeds, position):
        """The goods that a charge (amazon.Charge) belongs to, whose taxes it has; None where they are of several kinds
        or it is for no goods, as a tip. Raises UserError where that would leave its tax out."""
        own = charge.item and self.product(order, charge.item)
        if own or charge.kind in OF_ORDERS:
            return own
        goods = [item for item in order.items if item.quantity_shipped and self.product(order, item)]
        owners = {self.tax_rule(order, item, proceeds).owner for item in goods}
        kinds = {self.taxes(self.product(order, item), position, tax_owner.COMPANY) for item in goods}
        mixed = len(owners) > 1 and tax_owner.COMPANY in owners and (charge.tax or any(kinds))
        # Where Amazon names a tax, it is compared with Odoo's.
        unknown = len(kinds) > 1 and self.tax_rule(order, charge.item, proceeds) == tax_owner.IN_PRICE
        if self.account.import_taxes != "amazon" and (mixed or unknown):
            raise UserError(words(self.env["fba.amazon.order"], "taxed_apart", kind=charge.kind))
        return None if len(kinds) > 1 or not goods else self.product(order, goods[0])

    def counted_products(self, order):
        """Products of `order` whose SKUs Amazon has all counted since the order was placed."""
        placed_at, counted_at = naive(order.created_at), self._counted_at(self.warehouse_if_any(order))
        counted, other = set(), set()
        for item in order.items:
            moment = counted_at.get(item.seller_sku)
            (counted if moment and moment >= placed_at else other).add(self.product(order, item))
        return counted - other

    def _counted_at(self, warehouse):
        """{seller SKU: time of Amazon's last count (naive UTC)}, of those that Amazon has counted."""

        def find():
            here = [("warehouse_id", "=", warehouse.id), ("seller_sku", "in", list(self._resolutions[warehouse]))]
            rows = self.env["fba.sku"].search_fetch(here, ["seller_sku", "observed_at", "synced_at"])
            moments = {row.seller_sku: row.observed_at or row.synced_at for row in rows}
            return {sku: moment for sku, moment in moments.items() if moment}

        return self._once(("counted", warehouse), find)

    def currency_named(self, name):
        def find():
            currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
            if not currency.active:
                message = words(self.env["fba.amazon.order"], "inactive_currency", currency=name)
                raise Awaited("currency", name, message)
            return currency

        return self._once(("currency", name), find)

    def currency(self, order):
        """The currency of `order`, which Odoo can convert. Raises Awaited where it has no rate of the day or before."""
        currency, day = self.currency_named(self._currency_name(order)), naive(order.created_at).date()
        if currency != self.account.company_id.currency_id and (currency, day) not in self._rates():
            message = words(self.env["fba.amazon.order"], "no_rate", currency=currency.name, day=str(day))
            raise Awaited("rate", f"{currency.name} {day}", message)
        return currency

    def note_on_rate(self, order, sale):
        """The sentence on an old rate that the imported `sale` is converted at; False where there is nothing to say."""
        day = naive(order.created_at).date()
        rate = self._rates().get((sale.currency_id, day))
        if not rate or rate.is_only or day - rate.day <= OLD_RATE:
            return False
        own = self.account.company_id.currency_id.name
        return say("old_rate", currency=sale.currency_id.name, own=own, rate=sale.currency_rate, day=str(rate.day))

    def _currency_name(self, order):
        money = order.grand_total or next((item.total for item in order.items if item.total), None)
        return money.currency if money else self.marketplace(order).currency_id.name

    def _rates(self):
        """{(currency, day): UsedRate} of all orders."""

        def find():
            days = {(self._currency_name(order), naive(order.created_at).date()) for order in self._batch}
            found = self.env["res.currency"].search([("name", "in", [name for name, _day in days])])
            by_name = {currency.name: currency for currency in found}
            asked = [(by_name[name], day) for name, day in days if name in by_name]
            return self.env["res.currency"]._fba_rates(self.account.company_id, asked)

        return self._once("rates", find)

    def pricelist(self, currency):
        """A pricelist in Amazon's currency; made where there is none."""

        def find():
            Pricelist, company = self.env["product.pricelist"], self.account.company_id
            known = [("currency_id", "=", currency.id), *Pricelist._check_company_domain(company)]
            name = self.env._("Amazon %s", currency.name)
            new = {"name": name, "currency_id": currency.id, "company_id": company.id}
            return Pricelist.search(known, limit=1) or Pricelist.create(new)

        return self._once(("pricelist", currency), find)

    def tax_rule(self, order, item, proceeds):
        """amazon.tax_owner.Rule for `item`; with None, for what is charged for the whole order.

        Raises UserError where Amazon tells too little.
        """
        items = [item] if item else order.items
        rules = {self._once(("rule", id(it)), lambda it=it: self._tax_rule(order, it, proceeds)) for it in items}
        return next((rule for rule in rules if rule.owner != tax_owner.AMAZON), None) or rules.pop()

    def _tax_rule(self, order, item, proceeds):
        market = self.marketplace(order)
        try:
            return tax_owner.who_owes(
                order,
                item,
                has_tax=any(it.tax and not is_remitted(it, order) for it in proceeds.charges),
                country=market.code,
                prices_hold_tax=market.tax_included,
            )
        except tax_owner.Undecided as error:
            if self.account.import_taxes == "amazon":  # then only what Amazon names is a tax
                return tax_owner.UNTAXED
            raise UserError(words(self.env["fba.amazon.order"], f"undecided_{error.code}")) from None

    def fiscal_position(self, customer, order, *, as_business):
        """That of the customer, or of the order's destination where Amazon named it.

        `as_business`: the buyer's VAT number counts, or, where the account does not keep it, that there is one.
        """
        address, registration = order.address, order.vat_registration if as_business else None
        place = (address.country, address.state, address.postal_code) if address and address.country else None
        number = registration and (registration.number or VAT_UNNAMED)

        def find():
            if customer.property_account_position_id:
                return customer.property_account_position_id
            there = self.place(address) if place else self._country_of(registration) if registration else None
            if not there and customer.vat:
                there = {"country_id": customer.country_id.id, "state_id": customer.state_id.id, "zip": customer.zip}
            Partner = self.env["res.partner"]
            # What it is worth is decided already: VIES is not asked, order by order.
            checked = {"vies_valid": True} if number and "vies_valid" in Partner._fields else {}
            delivery = Partner.new({**there, "vat": number, **checked}) if there else customer
            buyer = customer if bool(customer.vat) == bool(number) else delivery
            return self.env["account.fiscal.position"]._get_fiscal_position(buyer, delivery)

        return self._once(("fiscal position", customer, place, number), find)

    def _country_of(self, registration):
        code = tax_owner.vat_country(registration)
        return {"country_id": self.env["res.country"].search([("code", "=", code)], limit=1).id}

    def place(self, address):
        """Country, state and postal code of an amazon.BuyerAddress, as a contact has them."""

        def find():
            country = self.env["res.country"].search([("code", "=", (address.country or "").upper())], limit=1)
            names = [
                ("country_id", "=", country.id),
                "|",
                ("code", "=ilike", address.state),
                ("name", "=ilike", address.state),
            ]
            state = self.env["res.country.state"].search(names, limit=1) if address.state else None
            zip_code = unlike_formula(address.postal_code)
            return {"country_id": country.id, "state_id": state and state.id, "zip": zip_code}

        return self._once(("place", address.country, address.state, address.postal_code), find)

    def taxes(self, product, fiscal_position, owner):
        """Odoo's taxes on a sale of `product`; none where the account leaves taxes to Amazon's amounts, or somebody
        other than the company owes them. Where nobody does (`owner` of amazon.tax_owner), those of nothing."""

        def find():
            if self.account.import_taxes == "amazon" or owner == tax_owner.AMAZON:
                return self.env["account.tax"]
            taxes = product.sudo().taxes_id._filter_taxes_by_company(self.account.company_id)
            taxes = fiscal_position.map_tax(taxes)
            if owner == tax_owner.NOBODY and any(tax.amount for tax in taxes.flatten_taxes_hierarchy()):
                return self.env["account.tax"]
            return taxes

        return self._once(("taxes", product, fiscal_position, owner), find)

    def rule(self, warehouse, product, customer):
        """Odoo's own rule for a delivery of `product`: Odoo uses it to count delivered units when the line changes."""
        routes = product.route_ids | product.categ_id.total_route_ids
        target = customer.property_stock_customer

        def find():
            values = {"warehouse_id": warehouse, "company_id": warehouse.company_id}
            return self.env["stock.rule"]._get_rule(product, target, values)

        return self._once(("rule", warehouse, routes, target), find)

    def components(self, product, units):
        """{(product, BoM line or None): units} that leave for `units` of `product`: itself, or the parts of a kit."""

        def find():
            return product._fba_components(units, self._kits().get(product))

        return self._once(("components", product, units), find)

    def _kits(self):
        """{product: its bill of materials} of this batch's products that are delivered as their components."""

        def find():
            products = self.env["product.product"].union(
                *(it.product for known in self._resolutions.values() for it in known.values() if it.is_sold)
            )
            return products._fba_kits(self.account.company_id)

        return self._once("kits", find)
