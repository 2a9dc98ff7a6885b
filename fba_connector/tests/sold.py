"""Orders sold on Amazon as Orders v2026-01-01 tells them, for tests that need figures the simulator does not make."""

from odoo.fields import Command

from .. import amazon

MARKETS = {
    "US": ("ATVPDKIKX0DER", "USD"),
    "CA": ("A2EUQ1WTGCTBG2", "CAD"),
    "DE": ("A1PA6795UKMFR9", "EUR"),
    "UK": ("A1F83G8C2ARO7P", "GBP"),
    "JP": ("A1VC38T7YXB528", "JPY"),
    "MX": ("A1AM78C64UM0Y8", "MXN"),
    "FR": ("A13V1IB3VIYZZH", "EUR"),
    "IT": ("APJ6JRA9NG5V4", "EUR"),
    "ES": ("A1RKKUPIHCS9HS", "EUR"),
    "NL": ("A1805IZSGTT6HS", "EUR"),
    "PL": ("A1C3SOZRARQ6R3", "PLN"),
    "AU": ("A39IBJ37TRP1C6", "AUD"),
}


def sold_item(
    sku, quantity=1, *, currency="USD", fulfilled=None, total=None, tax=None, remitted=False, scheme=None, **amounts
):
    """An item; `amounts` by type (ITEM=, SHIPPING=, ...) of the whole line, as text; `tax` {type: text}; `scheme`:
    under which Amazon reports its tax."""

    def money(amount):
        return {"amount": amount, "currencyCode": currency}

    parts = [{"type": kind, "subtotal": money(amount)} for kind, amount in amounts.items()]
    for part in parts:
        if part["type"] == "TAX" and tax:
            part["detailedBreakdowns"] = [{"subtype": kind, "value": money(value)} for kind, value in tax.items()]
    item = {
        "orderItemId": f"item-{sku}",
        "quantityOrdered": quantity,
        "product": {"sellerSku": sku, "title": f"Title of {sku}", "asin": "B000000000"},
        "fulfillment": {"quantityFulfilled": quantity if fulfilled is None else fulfilled, "quantityUnfulfilled": 0},
    }
    if parts or total:
        item["proceeds"] = {"breakdowns": parts, **({"proceedsTotal": money(total)} if total else {})}
    if remitted:
        item["tax"] = {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon"}]}
    if scheme:
        item["tax"] = {"taxCalculationBreakdowns": [{"reportingScheme": scheme}]}
    return item


def vat_number(number, name=None):
    """The tax facts of an order whose buyer has a VAT number."""
    registration = {"entityType": "BUYER", "taxRegistrationType": "VAT", "taxRegistrationNumber": number}
    return {"taxRegistrations": [{**registration, **({"legalName": name} if name else {})}]}


def sold_order(*items, market="US", total=None, order_id="111-0000000-0000001", status="SHIPPED", whole=None, **more):
    """An order; `items` are arguments of `sold_item`; `whole` the amounts that are told of the whole order."""
    marketplace_id, currency = MARKETS[market]
    order = {
        "orderId": order_id,
        "createdTime": "2026-11-20T09:00:00Z",
        "lastUpdatedTime": "2026-11-21T18:30:00Z",
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": marketplace_id},
        "fulfillment": {"fulfillmentStatus": status, "fulfilledBy": "AMAZON"},
        "orderItems": [sold_item(**{"currency": currency, **item}) for item in items],
        **more,
    }
    if total is not None:
        order["proceeds"] = {"grandTotal": {"amount": total, "currencyCode": currency}}
        if whole:
            order["proceeds"]["breakdowns"] = [
                {"type": kind, "subtotal": {"amount": amount, "currencyCode": currency}}
                for kind, amount in whole.items()
            ]
    return order


def with_rates(env, *names):
    """These currencies are active, and Odoo can convert them on any day."""
    for name in names:
        currency = env.ref(f"base.{name}")
        currency.active = True
        if currency != env.company.currency_id:
            known = {"currency_id": currency.id, "company_id": env.company.root_id.id, "name": "2000-01-01"}
            env["res.currency.rate"].create({**known, "rate": 1.5})


def stage(account, *payloads):
    """The inbox rows of these orders, as a page of Amazon's search leaves them."""
    Inbox = account.env["fba.amazon.order"]
    page = amazon.parse_order_page({"orders": list(payloads)}, account.buyer_data)
    Inbox._stage(account, page.orders)
    ids = [payload["orderId"] for payload in payloads]
    return Inbox.search([("account_id", "=", account.id), ("amazon_order_id", "in", ids)], order="id")


def accounts_of(case, markets):
    """{code of MARKETS: an account that sells there}, each with an AFN warehouse, and the currencies active."""
    env = case.env
    env["res.currency"].with_context(active_test=False).search(
        [("name", "in", [MARKETS[code][1] for code in markets])]
    ).active = True
    accounts = {}
    for code in markets:
        record = env["fba.marketplace"].search([("marketplace_id", "=", MARKETS[code][0])])
        accounts[code] = account = case.account
        if record not in account.marketplace_ids:
            accounts[code] = account = env["fba.account"].create(
                case.account_values(f"Store {code}", region=record.region, marketplace_ids=record.ids)
            )
            env["stock.warehouse"].create(
                {
                    "name": f"FBA {code}",
                    "code": f"F{code}",
                    "is_afn": True,
                    "fba_account_id": account.id,
                    "fba_marketplace_id": record.id,
                    "fba_marketplace_ids": [Command.set(record.ids)],
                }
            )
    return accounts


def sales_tax(env, name, rate, *, included):
    return env["account.tax"].create(
        {
            "name": name,
            "amount": float(rate),
            "price_include_override": "tax_included" if included else "tax_excluded",
            "type_tax_use": "sale",
        }
    )
