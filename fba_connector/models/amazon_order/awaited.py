"""What an order of the inbox waits for: something that Odoo lacks, and that ends the wait once it is there."""

from odoo.exceptions import UserError

AWAITED = [
    ("sku", "Seller SKU"),
    ("stock", "Stock"),
    ("warehouse", "AFN Warehouse"),
    ("rate", "Exchange Rate"),
    ("currency", "Currency"),
    ("marketplace", "Marketplace"),
]


class Awaited(UserError):
    """Odoo lacks the thing `key` of `kind` (one of AWAITED): the order waits for it. `message` says so to a person.

    `key`: a seller SKU, or the ASIN of an item without one; an Amazon marketplace ID (warehouse, marketplace); the
    name of a currency (currency); that name and a day, such as "USD 2026-11-20" (rate).
    """

    def __init__(self, kind, key, message):  # pylint: disable=missing-return
        super().__init__(message)
        self.kind = kind
        self.key = key
