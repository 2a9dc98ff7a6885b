"""What invoices of orders sold on Amazon cost, beside Odoo's own batch invoicing of the same sales.

Both sides import the same two-line orders first, which does not count. Ours: the run's step after the booking, as
drafts and as posted invoices. Odoo's: *Create Invoices* on as many of these sales orders, one invoice each, and
*Confirm* on the invoices.
"""

import sys

from scripts.host.step import step

from .bench_import import LINES, PRICE, Imported
from .common import process
from .database import hosted
from .measure import Cost, compare, in_turns, report, sizes
from .shop import SERVER, Seller, Shop

MOST = 1.2


def main() -> int:
    size = sizes("invoices", rounds=(10, 1), orders=(100, 4))
    count = size.orders * (size.rounds + 1)
    with hosted() as host:
        shop, cases = Shop(host), {}
        with process("-c", SERVER) as url:
            ours, odoos = Ours(shop, Seller(shop, url, "OURS", LINES)), Odoos(shop, Seller(shop, url, "ODOO", LINES))
            for kind in ("draft", "posted"):
                for side in (ours, odoos):
                    with step(f"{count} orders sold on Amazon and imported"):
                        side.prepare(count, kind)
                with step(f"{size.rounds} rounds of {size.orders} invoices, {kind}"):
                    make, theirs = (lambda it=it: it.invoice(size.orders) for it in (ours, odoos))
                    cases[kind] = compare(in_turns(size.rounds, make, theirs), size.orders)
            for side in (ours, odoos):
                side.check_invoices(2 * count)
    return report(
        "invoices",
        size.quick,
        {f"{kind}: at most {MOST} times Odoo's own": case["ratio"] <= MOST for kind, case in cases.items()},
        cases=cases,
    )


class Side(Imported):
    """An account whose orders are imported, and then invoiced."""

    def prepare(self, orders: int, kind: str) -> None:
        self._kind = kind
        with self._shop.environment() as env:
            self._seller.account(env).auto_invoice = kind if isinstance(self, Ours) else "no"
        self.sell(orders)
        for _batch in range(0, orders, 100):
            self.book(100)

    def _sales(self, env, domain: list):
        mine = [("fba_account_id", "=", self._seller.account(env).id), *domain]
        return env["sale.order"].search(mine, order="id")

    def check_invoices(self, orders: int) -> None:
        """Raises SystemExit unless each order has one invoice, at Amazon's total, and half of them are posted."""
        with self._shop.environment() as env:
            sales = self._sales(env, [])
            invoices = sales.invoice_ids
            states = sorted(invoices.mapped("state"))
            if len(sales) != orders or states != ["draft"] * (orders // 2) + ["posted"] * (orders // 2):
                raise SystemExit(f"{len(sales)} of {orders} orders, {len(invoices)} invoices")
            if set(invoices.mapped("amount_total")) != {LINES * float(PRICE)}:
                raise SystemExit(f"{set(invoices.mapped('amount_total'))}")


class Ours(Side):
    def invoice(self, orders: int) -> Cost:
        return self._shop.measure(lambda env: self._invoice(env, orders))

    def _invoice(self, env, orders: int) -> None:
        due = [("account_id", "=", self._seller.account(env).id), ("invoice_due_at", "!=", False)]
        env["fba.amazon.order"].search(due, order="id", limit=orders)._invoice()


class Odoos(Side):
    def invoice(self, orders: int) -> Cost:
        return self._shop.measure(lambda env: self._invoice(env, orders))

    def _invoice(self, env, orders: int) -> None:
        invoices = self._sales(env, [("invoice_status", "=", "to invoice")])[:orders]._create_invoices(grouped=True)
        if self._kind == "posted":
            invoices.action_post()


if __name__ == "__main__":
    sys.exit(main())
