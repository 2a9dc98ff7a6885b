"""Many sales orders sourced, and many exceptions resolved, from the list of sales orders."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..wizards import fba_source_wizard
from .common import FbaCase


class SelectionCase(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "sales_team.group_sale_salesman_all_leads,fba_connector.group_fba_user"
        cls.clerk = new_test_user(cls.env, "bulk_clerk", groups=groups)
        cls.salesman = new_test_user(cls.env, "bulk_salesman", groups="sales_team.group_sale_salesman")
        cls.stock(cls.afn, cls.product_a, 40)
        cls.stock(cls.afn, cls.product_b, 10)

    def press(self, name, records, user):
        """The wizard that an entry of a list's Action menu opens."""
        self.env.flush_all()
        action = self.env.ref(f"fba_connector.{name}").with_user(user)
        context = {"active_model": records._name, "active_ids": records.ids, "active_id": records[:1].id}
        result = action.with_context(**context).run()
        return self.env[result["res_model"]].with_user(user).browse(result["res_id"])

    def source(self, orders, user=None):
        return self.press("fba_source_selected_action", orders, user or self.clerk)

    def confirmed(self, lines, **values):
        order = self.sell(lines, **values)
        order.action_confirm()
        return order

    def results(self, wizard):
        return {row.sale_id: (row.outcome, row.words) for row in wizard.line_ids}


@tagged("post_install", "-at_install")
class TestBulkSourcing(SelectionCase):
    def test_in_the_menu_of_the_list_for_those_who_source(self):
        clerk = self.env["ir.actions.actions"].with_user(self.clerk)
        names = [it["name"] for it in clerk.get_bindings("sale.order")["action"]]
        self.assertIn("Fulfillment by Amazon", names)
        self.assertIn("Take the Proposal", names)
        names = [it["name"] for it in clerk.get_bindings("fba.fulfillment.order")["action"]]
        self.assertIn("Take the Proposal", names)
        self.assertNotIn("Fulfillment by Amazon", names)
        nobody = new_test_user(self.env, "bulk_nobody", groups="base.group_user")
        bindings = self.env["ir.actions.actions"].with_user(nobody).get_bindings("sale.order")
        self.assertNotIn("Fulfillment by Amazon", [it["name"] for it in bindings.get("action", [])])
        with self.assertRaises(AccessError):
            self.source(self.confirmed({self.product_a: 1}), nobody)

    def test_selected_orders_are_sourced_and_the_others_told(self):
        good = [self.confirmed({self.product_a: 2}) for _ in range(3)]
        quotation = self.sell({self.product_a: 1})
        short = self.confirmed({self.product_b: 30})
        part = self.confirmed({self.product_a: 1, self.product_b: 30})
        nowhere = self.confirmed({self.product_a: 1})
        nowhere.partner_shipping_id = self.env["res.partner"].create({"name": "Nowhere"})
        orders = self.env["sale.order"].union(*good, quotation, short, part, nowhere)
        wizard = self.source(orders)
        self.assertEqual(wizard.summary, "4 orders sourced, 3 not.")
        self.assertEqual(wizard.sourced_ids, part.union(*good))
        for order in good:
            self.assertEqual(order.fba_status, "ready")
        results = self.results(wizard)
        self.assertEqual(set(results), set(quotation | short | part | nowhere))
        self.assertEqual(
            {order: outcome for order, (outcome, _words) in results.items()},
            {quotation: "none", short: "none", part: "partly", nowhere: "none"},
        )
        self.assertIn("confirmed orders only", results[quotation][1])
        self.assertIn("20 free at Amazon, 30 needed", results[short][1])
        self.assertIn("20 free at Amazon, 30 needed", results[part][1])
        self.assertEqual(results[nowhere][1].count("has no country"), 1)
        for order in orders - quotation:
            self.assert_adds_up(order)

    def test_orders_with_nothing_left_are_counted_apart(self):
        """Selecting all orders is usual: those that are on their way already are no failures."""
        before = [self.confirmed({self.product_a: 1}) for _ in range(3)]
        self.source(before[0].union(*before))
        short, new = self.confirmed({self.product_b: 30}), self.confirmed({self.product_a: 1})
        wizard = self.source(short.union(new, *before))
        self.assertEqual(wizard.summary, "1 order sourced, 1 not. 3 had nothing left to source.")
        self.assertEqual(wizard.line_ids.sale_id, short)
        wizard = self.source(before[0])
        self.assertEqual(wizard.summary, "0 orders sourced. 1 had nothing left to source.")

    def test_sourced_order_that_cannot_be_sent_says_why(self):
        good, bad = self.confirmed({self.product_a: 1}), self.confirmed({self.product_a: 1}, user_id=self.salesman.id)
        bad.partner_shipping_id = self.customer.copy({"name": "No ZIP", "zip": False})
        wizard = self.source(bad, self.salesman)
        self.assertEqual(wizard.summary, "1 order sourced.")
        [(outcome, words)] = self.results(wizard).values()
        self.assertEqual(outcome, "stays")
        self.assertIn("postal code", words)
        self.assertFalse(self.source(good).line_ids)

    def test_no_unit_is_promised_twice(self):
        """Older orders first, whatever the order of the selection."""
        orders = [self.confirmed({self.product_b: 8}, date_order=f"2026-11-{day}") for day in ("03", "01", "02")]
        for order, day in zip(orders, ("03", "01", "02"), strict=True):
            order.date_order = f"2026-11-{day}"
        wizard = self.source(self.env["sale.order"].union(*orders))
        self.assertEqual(wizard.summary, "2 orders sourced, 1 not.")
        self.assertEqual([order.fba_status for order in orders], [False, "ready", "ready"])

    def test_order_that_fails_stops_no_other(self):
        orders = self.env["sale.order"].union(*(self.confirmed({self.product_a: 1}) for _ in range(4)))
        broken = orders[1]
        procure = type(orders.order_line)._fba_procure

        def fail(lines, plan):
            if broken in lines.browse().union(*plan).order_id:
                raise ValueError("broken")
            return procure(lines, plan)

        with patch.object(type(orders.order_line), "_fba_procure", fail), self.assertLogs(level="ERROR"):
            wizard = self.source(orders)
        self.assertEqual(self.results(wizard), {broken: ("none", "broken")})
        self.assertEqual((orders - broken).mapped("fba_status"), ["ready"] * 3)
        self.assertFalse(broken.fba_status)

    def test_order_that_another_transaction_holds_is_left_out(self):
        orders = self.env["sale.order"].union(*(self.confirmed({self.product_a: 1}) for _ in range(2)))
        lock = type(orders).try_lock_for_update
        held = orders[0]

        def skip(records, **options):
            return lock(records - held if records._name == held._name else records, **options)

        with patch.object(type(orders), "try_lock_for_update", skip):
            wizard = self.source(orders)
        self.assertEqual(wizard.summary, "1 order sourced, 1 not.")
        self.assertIn("Somebody else is changing", self.results(wizard)[held][1])
        self.assertFalse(held.fba_status)

    def test_salesperson_sources_own_orders_only(self):
        own = self.confirmed({self.product_a: 1}, user_id=self.salesman.id)
        others = self.confirmed({self.product_a: 1}, user_id=self.clerk.id)
        wizard = self.source(own, self.salesman)
        self.assertEqual((wizard.summary, wizard.can_send), ("1 order sourced.", False))
        with self.assertRaises(AccessError):
            self.source(own | others, self.salesman).read(["summary"])
        self.assertFalse(others.fba_status)

    def test_on_to_the_manager_and_to_sending(self):
        orders = self.env["sale.order"].union(*(self.confirmed({self.product_a: 1}) for _ in range(3)))
        wizard = self.source(orders)
        self.assertTrue(wizard.can_send)
        action = wizard.action_open_manager()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, orders.fba_fulfillment_order_ids)
        self.assertEqual(action["context"], {"search_default_ready": 1})
        action = wizard.action_send_now()
        submit = self.env[action["res_model"]].with_user(self.clerk).with_context(**action["context"]).create({})
        self.assertEqual(submit.order_count, 3)
        submit.action_confirm()
        self.assertEqual(set(orders.fba_fulfillment_order_ids.mapped("state")), {"queued"})

    def test_more_than_a_request_has_time_for(self):
        orders = self.env["sale.order"].union(*(self.confirmed({self.product_a: 1}) for _ in range(5)))
        with patch.object(fba_source_wizard, "AT_ONCE", 3):
            wizard = self.source(orders)
            self.assertEqual((wizard.summary, wizard.pending_count), ("3 orders sourced.", 2))
            wizard.action_continue()
        self.assertEqual((wizard.summary, wizard.pending_count), ("5 orders sourced.", 0))
        self.assertEqual(orders.mapped("fba_status"), ["ready"] * 5)

    def count_queries(self, number):
        orders = self.env["sale.order"].union(*(self.confirmed({self.product_a: 1}) for _ in range(number)))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        wizard = self.source(orders)
        self.env.flush_all()
        count = self.cr.sql_log_count - before
        self.assertEqual(len(wizard.sourced_ids), number)
        return count

    def test_queries_for_each_order_stay_flat(self):
        self.count_queries(2)
        few, many = self.count_queries(4), self.count_queries(20)
        self.assertLess(many / 20, few / 4, "a large selection costs less for each order")
        self.assertLess(many / 20, 90)

    def test_after_the_button_of_an_order(self):
        order = self.confirmed({self.product_a: 1}, name="S-ONE")
        toast = order.with_user(self.clerk).action_fulfill_by_amazon()["params"]
        self.assertEqual((toast["title"], toast["message"]), ("Ready to Process", "S-ONE is sourced from Amazon. %s"))
        self.assertEqual(toast["links"][0]["url"], "/odoo/fulfillment-by-amazon")


@tagged("post_install", "-at_install")
class TestTakeTheProposal(SelectionCase):
    def without_source(self, lines, **values):
        """An order whose units were released."""
        order = self.sourced(lines, **values)
        order.order_line.move_ids.action_fba_release()
        return order

    def propose(self, records, user=None):
        name = (
            "fba_take_proposal_action" if records._name == "fba.fulfillment.order" else "fba_take_proposal_sale_action"
        )
        return self.press(name, records, user or self.clerk)

    def test_own_stock_first_then_amazon_and_no_unit_twice(self):
        first, second = self.without_source({self.product_a: 3}), self.without_source({self.product_a: 3})
        self.stock(self.own, self.product_a, 5)
        wizard = self.propose(first | second)
        self.assertEqual(wizard.summary, "2 orders have a proposal.")
        self.assertEqual(
            [(row.sale_id, row.quantity, row.words) for row in wizard.line_ids],
            [(first, 3, f"From {self.own.name}"), (second, 3, "From Test FBA")],
        )
        self.assertEqual((first | second).order_line.mapped("fba_unsourced_qty"), [3, 3], "nothing has happened yet")
        wizard.action_confirm()
        self.assertEqual(wizard.summary, "2 orders resolved.")
        results = self.results(wizard)
        self.assertEqual(results[first], ("done", f"3 × [A] Product A from {self.own.name}, reserved"))
        self.assertEqual(results[second], ("done", "3 × [A] Product A from Test FBA, Ready to Process"))
        for order in first | second:
            self.assert_adds_up(order)

    def test_order_with_a_unit_that_has_no_place_stays(self):
        good = self.without_source({self.product_a: 1})
        half = self.without_source({self.product_a: 1, self.product_b: 2})
        self.stock(self.own, self.product_a, 1)
        self.env["stock.quant"].search([("product_id", "=", self.product_b.id)]).sudo().unlink()
        sold = self.confirmed({self.product_a: 1})
        wizard = self.propose(good | half | sold)
        wizard.action_confirm()
        self.assertEqual(wizard.summary, "1 order resolved, 2 not.")
        results = self.results(wizard)
        self.assertEqual([results[order][0] for order in (good, half, sold)], ["done", "none", "none"])
        self.assertIn("No warehouse has enough", results[half][1])
        self.assertIn("have a source", results[sold][1])
        self.assertEqual(half.order_line.mapped("fba_unsourced_qty"), [1, 2])

    def test_order_that_stays_keeps_no_stock_from_others(self):
        for product in (self.product_a, self.product_b):
            self.env["stock.quant"].search([("product_id", "=", product.id)]).sudo().unlink()
        self.stock(self.afn, self.product_a, 2)
        self.stock(self.afn, self.product_b, 2)
        half = self.without_source({self.product_a: 1, self.product_b: 2})
        whole = self.without_source({self.product_a: 1})
        for product in (self.product_a, self.product_b):
            self.env["stock.quant"].search([("product_id", "=", product.id)]).sudo().unlink()
        self.stock(self.own, self.product_a, 1)
        wizard = self.propose(half | whole)
        self.assertEqual(wizard.summary, "1 order has a proposal.")
        wizard.action_confirm()
        self.assertEqual(self.results(wizard)[whole], ("done", f"1 × [A] Product A from {self.own.name}, reserved"))
        self.assertEqual(self.results(wizard)[half][0], "none")

    def test_nobody_reads_the_dialog_of_somebody_else(self):
        wizard = self.propose(self.without_source({self.product_a: 1}))
        other = new_test_user(self.env, "bulk_other", groups="sales_team.group_sale_salesman")
        for records in (wizard, wizard.line_ids):
            with self.assertRaises(AccessError):
                records.with_user(other).read()

    def test_stock_that_went_meanwhile_is_told(self):
        order = self.without_source({self.product_a: 2})
        self.stock(self.own, self.product_a, 2)
        wizard = self.propose(order)
        self.confirmed({self.product_a: 2})  # takes it
        wizard.action_confirm()
        self.assertEqual(wizard.summary, "0 orders resolved, 1 not.")
        self.assertIn("the stock has changed", wizard.line_ids.words)
        self.assertEqual(order.order_line.fba_unsourced_qty, 2)

    def test_order_that_fails_does_not_stop_the_others(self):
        orders = self.env["sale.order"].union(*(self.without_source({self.product_a: 1}) for _ in range(3)))
        self.stock(self.own, self.product_a, 1)
        wizard = self.propose(orders)
        post, second, reason = type(orders)._fba_post, orders[1], "Not this one."

        def refuse_second(order, *words, **values):
            if order == second:
                raise UserError(reason)
            return post(order, *words, **values)

        with patch.object(type(orders), "_fba_post", refuse_second):
            wizard.action_confirm()
        results = self.results(wizard)
        self.assertEqual([results[order][0] for order in orders], ["done", "none", "done"])
        self.assertEqual(results[second], ("none", reason))
        self.assertEqual(orders.order_line.mapped("fba_unsourced_qty"), [0, 1, 0])
        for order in orders:
            self.assert_adds_up(order)

    def queries_to_resolve(self, records):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        wizard = self.propose(records)
        wizard.action_confirm()
        self.env.flush_all()
        self.assertEqual(len(wizard.sourced_ids), len(records))
        return self.cr.sql_log_count - before

    def test_queries_for_each_exception_stay_flat(self):
        fulfillments = self.env["fba.fulfillment.order"].union(*(self.sent({self.product_a: 1}) for _ in range(12)))
        for fulfillment in fulfillments:
            self.cannot_fulfill(fulfillment)
        self.pull()
        self.stock(self.own, self.product_a, 12)
        few, many = self.queries_to_resolve(fulfillments[:2]), self.queries_to_resolve(fulfillments[2:])
        self.assertLess(many / 10, few / 2, "a large selection costs less for each order")
        self.assertLess(many / 10, 80)

    def test_queries_for_each_proposal_stay_flat(self):
        def count_queries(number):
            orders = self.env["sale.order"].union(*(self.without_source({self.product_a: 1}) for _ in range(number)))
            return self.queries_to_resolve(orders)

        count_queries(2)
        few, many = count_queries(4), count_queries(20)
        self.assertLess(many / 20, few / 4, "a large selection costs less for each order")
        self.assertLess(many / 20, 60)

    def test_exceptions_in_the_manager(self):
        fulfillments = self.env["fba.fulfillment.order"].union(*(self.sent({self.product_a: 2}) for _ in range(2)))
        for fulfillment in fulfillments:
            self.cannot_fulfill(fulfillment)
        self.pull()
        self.assertEqual(set(fulfillments.mapped("state")), {"exception"})
        self.stock(self.own, self.product_a, 2)
        wizard = self.propose(fulfillments)
        wizard.action_confirm()
        self.assertEqual(wizard.summary, "2 orders resolved.")
        self.assertEqual(set(fulfillments.mapped("state")), {"cancelled"})
        self.assertFalse(fulfillments.sale_id.activity_ids)
        self.assertIn("Resolved: 2 ×", str(fulfillments[0].sale_id.message_ids.mapped("body")))
