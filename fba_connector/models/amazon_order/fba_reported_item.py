"""Rows of Amazon's report of shipped items, until all rows of each order are here.

Rows of an order may be apart in a report, and in the reports of two months: the database brings them together, so that
memory does not grow with the reports.
"""

from itertools import islice

from odoo import api, fields, models
from odoo.tools import SQL

from ... import amazon
from ...utc import naive

ROWS_AT_ONCE = 1000


class FbaReportedItem(models.Model):
    """Only this add-on reads and writes it: nobody has rights on it."""

    _name = "fba.reported.item"
    _description = "Reported Item of an Amazon Order"
    _log_access = False

    backfill_id = fields.Many2one("fba.backfill", required=True, ondelete="cascade")
    amazon_order_id = fields.Char(required=True)
    row_key = fields.Char(required=True)
    channel = fields.Char()
    ordered_at = fields.Datetime()
    cells = fields.Text(required=True)

    _row_unique = models.Constraint(
        "UNIQUE(backfill_id, amazon_order_id, row_key)", "This row of the report is here already."
    )

    @api.model
    def _store_rows(self, backfill, items):
        """Keep up to ROWS_AT_ONCE of the iterator `items` (amazon.ReportedItem); returns how many there were. Rows that
        are here already, and orders placed at another time than wanted, are left out."""
        part = list(islice(items, ROWS_AT_ONCE))
        rows = [
            SQL("%s", (backfill.id, it.order_id, it.key, it.channel, naive(it.ordered_at) or None, it.cells))
            for it in part
            if not it.ordered_at or backfill._is_wanted(naive(it.ordered_at))
        ]
        if rows:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO fba_reported_item (backfill_id, amazon_order_id, row_key, channel, ordered_at, cells) "
                    "VALUES %s ON CONFLICT DO NOTHING",
                    SQL(", ").join(rows),
                )
            )
        return len(part)

    @api.model
    def _next_orders(self, backfill, most):
        """{order ID: {row key: cells}} of the next `most` orders of `backfill`, with all their rows."""
        after = backfill.fetched_until or ""
        # Bounds, not a list of orders: both read a part of the index in its order, however many rows there are.
        here = SQL("FROM fba_reported_item WHERE backfill_id = %s AND amazon_order_id > %s", backfill.id, after)
        ids = self.env.execute_query(
            SQL("SELECT DISTINCT amazon_order_id %s ORDER BY amazon_order_id LIMIT %s", here, most)
        )
        if not ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT amazon_order_id, row_key, cells %s AND amazon_order_id <= %s ORDER BY amazon_order_id",
                here,
                ids[-1][0],
            )
        )
        orders = {}
        for order_id, key, cells in rows:
            orders.setdefault(order_id, {})[key] = cells
        return orders

    @api.model
    def _analyze(self):
        """PostgreSQL would look at new rows only after a while, and read all of them for each part until then."""
        self.env.cr.execute("ANALYZE fba_reported_item")

    @api.model
    def _delete_rows(self, backfill):
        self.env.cr.execute(SQL("DELETE FROM fba_reported_item WHERE backfill_id = %s", backfill.id))

    @api.model
    def _count_months(self, backfill):
        """[(month, channel, orders, orders of these that are imported already)]."""
        self.env["fba.amazon.order"].flush_model(["account_id", "amazon_order_id", "sale_id", "booked_at"])
        return self.env.execute_query(
            SQL(
                """
                SELECT date_trunc('month', o.ordered_at)::date, o.channel, count(*), count(a.id)
                  FROM (SELECT amazon_order_id, min(ordered_at) AS ordered_at, min(channel) AS channel
                          FROM fba_reported_item WHERE backfill_id = %s GROUP BY amazon_order_id) o
             LEFT JOIN fba_amazon_order a
                    ON a.account_id = %s AND a.amazon_order_id = o.amazon_order_id
                       AND (a.sale_id IS NOT NULL OR a.booked_at IS NOT NULL)
              GROUP BY 1, 2 ORDER BY 1, 2
                """,
                backfill.id,
                backfill.account_id.id,
            )
        )


def shops_of(marketplaces):
    """{name of a sales channel in Amazon's reports, casefolded: amazon.Shop} of fba.marketplace."""
    return {
        f"amazon.{DOMAINS.get(it.code, it.code.lower())}": amazon.Shop(it.marketplace_id, it.tax_included)
        for it in marketplaces
    }


# Of the shops whose domain is not their country's code alone.
DOMAINS = {
    "US": "com",
    "GB": "co.uk",
    "MX": "com.mx",
    "BR": "com.br",
    "BE": "com.be",
    "TR": "com.tr",
    "ZA": "co.za",
    "JP": "co.jp",
    "AU": "com.au",
}
