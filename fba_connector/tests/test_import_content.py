"""The content of an order tells whether it changed at Amazon: its update time may stay, move, or be unreadable."""

from odoo.tests import new_test_user, tagged

from .common import FbaCase
from .sold import sold_order, stage

NOON, LATER, EARLIER = (f"2026-11-21T{hour}:00:00Z" for hour in (12, 13, 11))
HOME = {"name": "Eva Käufer", "addressLine1": "Ring 1", "city": "Wien", "countryCode": "AT"}


@tagged("post_install", "-at_install")
class TestImportContent(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "content_admin", groups="fba_connector.group_fba_manager")

    def staged(self, at=NOON, *, status="SHIPPED", to=None, **values):
        people = {"recipient": {"deliveryAddress": to}} if to else {}
        order = sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00", status=status, **people, **values)
        return stage(self.account, {**order, "lastUpdatedTime": at})

    def processed(self, *args, **values):
        row = self.staged(*args, **values)
        row._process()
        return row

    # === DUE OR NOT === #

    def test_same_content_is_due_only_if_it_was_updated_later(self):
        row = self.processed(status="UNSHIPPED")
        self.staged(status="UNSHIPPED")
        self.assertFalse(row.is_due)
        self.staged(LATER, status="UNSHIPPED")
        self.assertTrue(row.is_due)
        self.assertEqual(str(row.amazon_updated_at), "2026-11-21 13:00:00")
        self.assertEqual(row.payload["lastUpdatedTime"], LATER)

    def test_other_content_of_the_same_second_is_due(self):
        row = self.processed(status="UNSHIPPED")
        self.staged(NOON)
        self.assertTrue(row.is_due)
        self.run_job("import_amazon_orders")
        self.assertEqual(row.state, "done", row.error_message)

    def test_older_version_is_left_alone(self):
        row = self.processed(LATER)
        for at in (NOON, EARLIER):
            self.staged(at, status="UNSHIPPED")
        self.assertRecordValues(row, [{"is_due": False, "state": "done"}])
        self.assertEqual(row.payload["fulfillment"]["fulfillmentStatus"], "SHIPPED")
        self.assertEqual(str(row.amazon_updated_at), "2026-11-21 13:00:00")

    def test_unreadable_time_with_other_content_is_due_and_keeps_the_time(self):
        row = self.processed(status="UNSHIPPED")
        self.staged("soon")
        self.assertTrue(row.is_due)
        self.assertEqual(str(row.amazon_updated_at), "2026-11-21 12:00:00")

    def test_order_that_was_unreadable_is_due_once_it_is_not(self):
        for at in ("soon", None):
            with self.subTest(at=at):
                row = self.processed(at, order_id=f"111-{at}")
                self.assertEqual(row.state, "error")
                self.staged(at, order_id=f"111-{at}")
                self.assertFalse(row.is_due, "nothing is new")
                self.staged(EARLIER, order_id=f"111-{at}")
                self.assertTrue(row.is_due)
                row._process()
                self.assertEqual(row.state, "done", row.error_message)

    def test_row_of_an_older_version_is_due_only_if_amazon_changed_it(self):
        same = self.processed(status="UNSHIPPED")
        other = self.processed(status="UNSHIPPED", order_id="111-2")
        (same + other).content_key = False
        self.staged(NOON, status="UNSHIPPED")
        self.staged(NOON, order_id="111-2")
        self.assertEqual((same.is_due, other.is_due), (False, True))
        self.assertTrue(all((same + other).mapped("content_key")))

    def test_page_that_changes_nothing_writes_nothing(self):
        row = self.processed()
        self.env.cr.execute("UPDATE fba_amazon_order SET write_date = '2026-01-01'")
        self.env.invalidate_all()
        self.staged()
        self.env.flush_all()
        self.assertEqual(str(row.write_date), "2026-01-01 00:00:00")

    def test_page_of_many_known_orders_costs_the_same_queries_as_one_of_few(self):
        orders = [
            sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00", order_id=f"111-{number}") for number in range(60)
        ]
        stage(self.account, *orders)
        counts = []
        for part in (orders[:10], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            stage(self.account, *part)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # === PEOPLE === #

    def test_address_that_comes_later_is_kept_and_makes_nothing_due(self):
        self.account.buyer_data = "buyer"
        row = self.processed(status="UNSHIPPED")
        self.staged(status="UNSHIPPED", to=HOME)
        self.assertRecordValues(row, [{"is_due": False, "has_personal_data": True}])
        self.assertEqual(row.payload["recipient"]["deliveryAddress"]["name"], "Eva Käufer")

    def test_forgotten_buyer_does_not_come_back(self):
        self.account.buyer_data = "buyer"
        row = self.processed(to=HOME)
        self.assertEqual(row.sale_id.partner_id.name, "Eva Käufer")
        row.with_user(self.admin).action_forget_buyers()
        for change in ({}, {"at": LATER}, {"at": LATER, "programs": ["NEW"]}):
            self.staged(to=HOME, **change)
            self.assertFalse(row.has_personal_data, change)
            self.assertNotIn("Käufer", str(row.payload), change)
        self.assertTrue(row.is_due, "what else is new counts")

    def test_forgotten_buyer_of_an_order_that_was_never_imported_does_not_come_back(self):
        self.account.buyer_data = "buyer"
        row = self.processed(status="CANCELLED", to=HOME)
        row.with_user(self.admin).action_forget_buyers()
        self.staged(LATER, status="CANCELLED", to=HOME)
        self.assertFalse(row.has_personal_data)
        self.assertNotIn("Käufer", str(row.payload))

    def test_buyer_forgotten_by_an_older_version_does_not_come_back(self):
        self.account.buyer_data = "buyer"
        row = self.processed(to=HOME)
        row.with_user(self.admin).action_forget_buyers()
        row.write({"is_forgotten": False, "content_key": False})
        self.staged(LATER, to=HOME)
        self.assertFalse(row.has_personal_data)
        self.assertNotIn("Käufer", str(row.payload))

    # === REASONS === #

    def test_ignored_orders_are_counted_by_reason(self):
        fulfillment = self.sent({self.product_a: 1})
        alias = [{"aliasType": "SELLER_ORDER_ID", "aliasId": fulfillment.name}]
        elsewhere = {"salesChannel": {"channelName": "NON_AMAZON", "marketplaceId": "ATVPDKIKX0DER"}}
        reasons = {
            "own_order": {**elsewhere, "orderAliases": alias},
            "sold_elsewhere": elsewhere,
            "not_fulfilled": {"fulfillment": {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "MERCHANT"}},
            "too_early": {"createdTime": "2026-10-01T00:00:00Z"},
            "cancelled": {"fulfillment": {"fulfillmentStatus": "CANCELLED", "fulfilledBy": "AMAZON"}},
        }
        rows = {
            outcome: stage(
                self.account,
                {**sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00", order_id=f"111-{outcome}"), **change},
            )
            for outcome, change in reasons.items()
        }
        rows["nothing_shipped"] = stage(
            self.account, sold_order({"sku": "A", "fulfilled": 0}, order_id="111-nothing", total="0.00")
        )
        for outcome, row in rows.items():
            row._process()
            self.assertRecordValues(row, [{"state": "ignored", "outcome": outcome}])
            self.assertEqual(row.error_message.sentence.code, outcome)
        self.assertEqual(rows["own_order"].sale_id, fulfillment.sale_id)
        clerk = new_test_user(self.env, "reasons_clerk", groups="fba_connector.group_fba_user")
        inbox = self.env["fba.amazon.order"].with_user(clerk)
        views = inbox.get_views([(False, "list"), (False, "search")])["views"]
        for name in ("sale_id", "error_message", "outcome"):
            self.assertIn(f'name="{name}"', views["list"]["arch"])
        self.assertIn("{'group_by': 'outcome'}", views["search"]["arch"])
        ours = [("state", "=", "ignored"), ("account_id", "=", self.account.id)]
        counts = inbox._read_group(ours, ["outcome"], ["__count"])
        self.assertEqual(dict(counts), dict.fromkeys(rows, 1))
        rows["cancelled"].is_due = True
        self.account.import_from = "2026-09-01"
        self.run_job("import_amazon_orders")
        self.assertRecordValues(rows["too_early"], [{"state": "done", "outcome": False}])

    # === WHAT NEVER LEFT === #

    def test_cancelled_item_needs_no_product(self):
        cancelled = {"cancellation": {"cancellationExecution": {"cancelledBy": "BUYER"}}}
        for number, told in enumerate(
            (
                {"fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 0}},
                {"fulfillment": {"quantityFulfilled": 0}},
                {"fulfillment": {"quantityUnfulfilled": 1}},
                {"quantityOrdered": 0, "fulfillment": {}},
                cancelled,
            )
        ):
            with self.subTest(told=told):
                order = sold_order(
                    {"sku": "A", "ITEM": "10.00"}, {"sku": "STRANGE"}, total="10.00", order_id=f"111-{number}"
                )
                del order["orderItems"][1]["fulfillment"]
                order["orderItems"][1].update(told)
                row = stage(self.account, order)
                row._process()
                self.assertEqual(row.state, "done", row.error_message)
                self.assertEqual(row.sale_id.order_line.product_id, self.product_a)

    def test_item_that_may_have_left_waits_for_its_product(self):
        order = sold_order({"sku": "A", "ITEM": "10.00"}, {"sku": "STRANGE"}, total="10.00")
        for fulfillment in ({}, {"quantityUnfulfilled": 0}):
            order["orderItems"][1]["fulfillment"] = fulfillment
            row = stage(self.account, order)
            row._process()
            self.assertRecordValues(row, [{"state": "error", "missing_sku": "STRANGE"}])

    def test_paid_order_of_which_nothing_left_needs_a_person(self):
        for number, (total, state) in enumerate((("10.00", "error"), ("0.00", "ignored"), (None, "ignored"))):
            order = sold_order({"sku": "STRANGE", "fulfilled": 0}, total=total, order_id=f"111-{number}")
            row = stage(self.account, order)
            row._process()
            self.assertEqual(row.state, state, total)
        row = stage(self.account, sold_order({"sku": "STRANGE", "fulfilled": 0}, total="10.00", order_id="111-0"))
        self.assertIn("STRANGE was not shipped, but Amazon charges", row.error_message)
