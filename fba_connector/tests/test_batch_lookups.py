"""A batch looks up once what is the same for all of its orders, and finds the same as each of them alone."""

from odoo.fields import Command
from odoo.tests import tagged

from ..models.shared.batch import Batch
from .common import FbaCase
from .sold import sold_order, stage


@tagged("post_install", "-at_install")
class TestBatchLookups(FbaCase):
    def staged(self, orders, *skus):
        items = [{"sku": sku, "ITEM": "10.00"} for sku in skus]
        total = str(10 * len(items))
        return stage(
            self.account,
            *(
                sold_order(*items, order_id=f"111-0000000-{number:07}", total=total)
                for number in range(self.first, self.first + orders)
            ),
        )

    def imported(self, orders, *skus):
        """Sale orders of so many rows with an item of each of these SKUs."""
        rows = self.staged(orders, *skus)
        self.first += orders
        rows._process()
        self.assertEqual(set(rows.mapped("state")), {"done"}, rows.mapped("error_message"))
        return rows.sale_id.sorted("id")

    def setUp(self):
        super().setUp()
        self.first = 1

    def queries(self, orders):
        rows = self.staged(orders, "A", "B")
        self.first += orders
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        rows._process()
        self.env.flush_all()
        self.assertEqual(set(rows.mapped("state")), {"done"})
        return self.env.cr.sql_log_count - before

    def test_order_more_takes_no_more_than_its_stock_does(self):
        self.stock(self.afn, self.product_a, 1_000)
        self.stock(self.afn, self.product_b, 1_000)
        self.imported(1, "A", "B")
        few, many = self.queries(10), self.queries(40)
        self.assertLessEqual((many - few) / 30, 4, "two lines, each from one place to another")

    def test_each_has_its_own_number_in_order(self):
        first = self.imported(3, "A")
        second = self.imported(2, "A")
        later = self.sell({self.product_a: 1})
        names = [*first.mapped("name"), *second.mapped("name"), later.name]
        self.assertEqual(names, sorted(set(names)))
        deliveries = (first + second).picking_ids.sorted("id").mapped("name")
        self.assertEqual(deliveries, sorted(set(deliveries)))

    def test_numbers_without_gaps_stay_without(self):
        sequence = self.env["ir.sequence"].search([("code", "=", "sale.order")], limit=1)
        sequence.write({"implementation": "no_gap", "prefix": "NG", "padding": 3, "number_next_actual": 7})
        self.assertEqual(self.imported(3, "A").mapped("name"), ["NG007", "NG008", "NG009"])
        sequence.invalidate_recordset()
        self.assertEqual(sequence.number_next_actual, 10)

    def test_analytic_distributions_are_those_of_each_line(self):
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        of = {
            product: self.env["account.analytic.account"].create({"name": product.name, "plan_id": plan.id})
            for product in (self.product_a, self.product_b)
        }
        self.env["account.analytic.distribution.model"].create(
            [
                {"product_id": product.id, "analytic_distribution": {str(account.id): 100}}
                for product, account in of.items()
            ]
        )
        for sale in self.imported(2, "A", "B"):
            for line in sale.order_line:
                self.assertEqual(line.analytic_distribution, {str(of[line.product_id].id): 100})

    def test_default_of_a_shop_holds_for_each(self):
        self.env["ir.default"].set("sale.order", "note", "<p>As sold</p>")
        self.assertEqual([str(note) for note in self.imported(2, "A").mapped("note")], ["<p>As sold</p>"] * 2)

    def test_nobody_sends_a_batch(self):
        Sequence = self.env["ir.sequence"].with_context(fba_batch={"size": 5})
        found = Sequence.search([("code", "=", "sale.order")], limit=1)
        self.assertEqual(found.next_by_id() < found.next_by_id(), True)

    def test_archived_records_and_those_of_other_companies_are_apart(self):
        rule = self.afn.delivery_route_id.rule_ids[:1]
        rule.active = False
        rules = self.env["stock.rule"].with_context(fba_batch=Batch(1))
        domain = [("id", "=", rule.id)]
        self.assertFalse(rules.search(domain))
        self.assertEqual(rules.with_context(active_test=False).search(domain), rule)
        other = self.env["res.company"].create({"name": "Other"})
        user = self.env["res.users"].create(
            {
                "name": "Stock",
                "login": "stock of two",
                "company_ids": [Command.set((self.env.company + other).ids)],
                "group_ids": [Command.link(self.env.ref("stock.group_stock_manager").id)],
            }
        )
        theirs = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1).delivery_route_id.rule_ids
        rules, domain = rules.with_user(user), [("id", "in", theirs.ids)]
        one = [self.env.company.id]
        self.assertTrue(theirs)
        self.assertFalse(rules.with_context(allowed_company_ids=one).search(domain))
        self.assertEqual(rules.with_context(allowed_company_ids=[*one, other.id]).search(domain), theirs)
