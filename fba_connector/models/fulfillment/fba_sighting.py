"""Sightings: who saw an order at Amazon, and when. A sighted order exists there, whatever a later answer says."""

import hashlib
from datetime import timedelta

from odoo import api, fields, models

SOURCES = [
    ("created", "Accepted"),
    ("exists", "Reported as Existing"),
    ("listed", "On the List of Orders"),
    ("read", "Read"),
    ("echoed", "Among the Orders of All Channels"),
    ("reported", "In the Shipments Report"),
]
FOREIGN_KEPT = timedelta(days=30)  # older than a backup that a shop restores; no longer than buyers' data


class FbaSighting(models.Model):
    _name = "fba.sighting"
    _description = "Sighting of an Order at Amazon"
    _inherit = ["fba.safe.export"]
    _order = "seen_at desc, id desc"
    _rec_name = "order_name"

    account_id = fields.Many2one("fba.account", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    order_name = fields.Char("Order ID", required=True, readonly=True, help="The order's ID at Amazon.")
    fulfillment_order_id = fields.Many2one(
        "fba.fulfillment.order", readonly=True, ondelete="cascade", index="btree_not_null",
        help="Empty: Odoo did not create this order.",
    )  # fmt: skip
    source = fields.Selection(SOURCES, required=True, readonly=True)
    seen_at = fields.Datetime("Seen", required=True, readonly=True, help="Time of the first sighting.")
    destination_key = fields.Char(
        readonly=True, exportable=False, index="btree_not_null",
        help="Fingerprint of order number and destination, for orders that Odoo did not create.",
    )  # fmt: skip

    _sighting_unique = models.Constraint(
        "UNIQUE(account_id, order_name, source)", "This sighting of the order already exists."
    )

    @api.model
    def _note(self, account, source, names, keys=None):
        """`source` shows the orders `names` of `account`; returns those that Odoo created (fba.fulfillment.order).

        `keys`: {name: destination key}, for orders that Odoo did not create; those without a key are not kept.
        """
        names, keys = list(dict.fromkeys(names)), keys or {}
        ours = self.env["fba.fulfillment.order"].search([("account_id", "=", account.id), ("name", "in", names)])
        by_name = {order.name: order for order in ours}
        known = self.search_fetch(
            [("account_id", "=", account.id), ("source", "=", source), ("order_name", "in", names)], ["order_name"]
        )
        known = set(known.mapped("order_name"))
        new = [name for name in names if name not in known and (name in by_name or keys.get(name))]
        now = fields.Datetime.now()
        self.create(
            [
                {
                    "account_id": account.id,
                    "company_id": account.company_id.id,  # given, or the new row is written twice
                    "order_name": name,
                    "fulfillment_order_id": by_name[name].id if name in by_name else False,
                    "source": source,
                    "seen_at": now,
                    "destination_key": False if name in by_name else keys[name],
                }
                for name in new
            ]
        )
        ours._sighted(ours.filtered(lambda order: order.name in new))
        return ours

    @api.model
    def _destination_keys(self, number, postal_code, country_code):
        """Fingerprints of an order number and its destination, the weaker one without the postal code last; none unless
        number and country are known. No personal data is kept."""
        number, postal_code, country = (bare(part) for part in (number, postal_code, country_code))
        if not (number and country):
            return []
        if country == "US":
            postal_code = postal_code[:5]  # with or without the four further digits
        texts = [f"{number}/{postal_code}/{country}"] if postal_code else []
        return [hashlib.sha256(text.encode()).hexdigest()[:32] for text in (*texts, f"{number}/{country}")]

    @api.model
    def _forget_foreign(self, names, account):
        """Orders that Odoo did not create, and of which nothing will ship."""
        self.search(
            [
                ("account_id", "=", account.id),
                ("order_name", "in", names),
                ("fulfillment_order_id", "=", False),
            ]
        ).unlink()

    @api.autovacuum
    def _gc_foreign(self):
        old = fields.Datetime.now() - FOREIGN_KEPT
        self.search([("fulfillment_order_id", "=", False), ("seen_at", "<", old)]).unlink()


def bare(text):
    """Without case, blanks and punctuation, which Amazon may change."""
    return "".join(char for char in (text or "").casefold() if char.isalnum()).upper()
