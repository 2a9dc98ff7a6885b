import json

from odoo.tests import tagged

from .common import FbaCase
from .sold import sold_order, stage


@tagged("post_install", "-at_install")
class TestDashboard(FbaCase):
    def test_card_counts_what_waits(self):
        self.sourced({self.product_a: 1})
        self.sent({self.product_a: 1})
        lost = self.sent({self.product_b: 1})
        self.cannot_fulfill(lost)
        self.pull()
        stage(self.account, sold_order({"sku": "NEW", "ITEM": "10.00"}, total="10.00"))._process()
        self.assertRecordValues(
            self.account,
            [
                {
                    "ready_count": 1,
                    "waiting_count": 0,
                    "sending_count": 0,
                    "in_shipping_count": 1,
                    "exception_count": 1,
                    "late_count": 0,
                    "import_unknown_count": 1,
                    "import_error_count": 0,
                }
            ],
        )
        [series] = json.loads(self.account.dashboard_graph)
        self.assertEqual(sum(day["value"] for day in series["values"][-1:]), 2, "sent today")

    def test_lists_behind_are_filtered(self):
        action = self.account.with_context(fba_filter="exception").action_open_orders()
        self.assertEqual(
            action["context"], {"search_default_account_id": self.account.id, "search_default_exception": True}
        )
        action = self.account.action_open_differences()
        self.assertEqual(action["domain"], [("warehouse_id.fba_account_id", "=", self.account.id)])
