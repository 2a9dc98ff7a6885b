import itertools

from .case import DATABASE, CrashCase
from .worker import DONE, Worker, create_invoices, import_sales, replay

ROUNDS = 5


class TestKilledImports(CrashCase):
    """Orders sold on Amazon: in Odoo once, invoiced once, and their stock gone once, whoever dies over them."""

    others = (import_sales,)
    numbers = itertools.count(1)  # a simulator that is reset begins its own again

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.auto_invoice = "posted"
        cls.env.cr.commit()

    @classmethod
    def tearDownClass(cls):
        cls.account.auto_invoice = "no"
        cls.env.cr.commit()
        super().tearDownClass()

    def sold(self):
        """IDs of three sales, of which one has a SKU that nobody knows."""
        self.control("PUT", "stock/STRANGE", fulfillable=5)
        self.before = self.on_hand(self.product_a)
        self.account.import_cursor = False  # its clock was set back
        items = ("A", 2, "20.00", {}), ("STRANGE", 1, "5.00", {}), ("A", 1, "10.00", {"tax": "0.80"})
        return [self.sell_on_amazon(item, amazon_order_id=f"114-0000000-{next(self.numbers):07}") for item in items]

    def make_due(self, _ids):
        self.advance(minutes=5)

    def picture(self, ids):
        return self.rows(ids).read(["state", "is_due", "sale_id", "invoice_state"])

    def rows(self, ids):
        return self.env["fba.amazon.order"].search([("amazon_order_id", "in", ids)], order="id")

    def check_exactly_once(self, ids):
        self.env.invalidate_all()
        states = {row.amazon_order_id: row.state for row in self.rows(ids)}
        self.assertEqual([states[amazon_id] for amazon_id in ids], ["done", "error", "done"])
        sales = self.env["sale.order"].search([("amazon_order_id", "in", ids)])
        self.assertEqual(len(sales), 2)
        self.assertEqual(sales.mapped("fba_status"), ["shipped", "shipped"])
        self.assertEqual(sales.picking_ids.mapped("state"), ["done", "done"])
        self.assertEqual(self.before - self.on_hand(self.product_a), 3)
        for sale in sales:
            self.assert_adds_up(sale)
        self.assert_invoiced_once(sales)

    def assert_invoiced_once(self, sales, states=("posted",)):
        for sale in sales:
            invoice = sale.invoice_ids
            self.assertEqual(len(invoice), 1, sale.fba_amazon_order_ids.mapped("invoice_message"))
            self.assertIn(invoice.state, states)
            self.assertEqual((invoice.amount_total, sale.invoice_status), (sale.amount_total, "invoiced"))
            self.assertEqual(sale.fba_amazon_order_ids.invoice_id, invoice)

    def test_import(self):
        self.at_every_kill_point(self.sold, [import_sales], lambda _ids: None)

    def test_workers_at_once(self):
        ids = self.sold()
        self.run_together(import_sales)
        self.go_on(ids)
        self.check_exactly_once(ids)

    def test_workers_that_replay_the_same_orders(self):
        """As people do who press the button at the same moment: no lock of the scheduled action keeps them apart."""
        ids = self.sold()
        with self.account._open_gateway() as gateway:
            self.account._stage_changed_orders(gateway)
        self.run_together(replay)
        self.go_on(ids)
        self.check_exactly_once(ids)

    def test_people_invoice_beside_the_worker(self):
        """Whoever is first makes the invoice; the other finds it."""
        for _round in range(ROUNDS):
            self.reset_simulator()
            ids = self.sold()
            with self.account._open_gateway() as gateway:
                self.account._stage_changed_orders(gateway)
            self.rows(ids)._process()
            self.run_together(import_sales, create_invoices, create_invoices)
            self.go_on(ids)
            self.env.invalidate_all()
            sales = self.rows(ids).sale_id
            self.assertEqual(len(sales), 2)
            self.assert_invoiced_once(sales, ("draft", "posted"))

    def run_together(self, *actions):
        actions = actions if len(actions) > 1 else actions * 3
        self.env.cr.commit()
        workers = [Worker(DATABASE, [action]) for action in actions]
        self.assertEqual([worker.end() for worker in workers], [DONE] * len(workers))
