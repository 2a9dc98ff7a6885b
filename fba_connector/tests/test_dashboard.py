import json

from lxml import etree
from odoo import fields
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

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
        for timezone in ("Pacific/Kiritimati", "Etc/GMT+12"):  # at any time, one of them has another day than UTC
            self.env.user.tz = timezone
            self.account.invalidate_recordset(["dashboard_graph"])
            [series] = json.loads(self.account.dashboard_graph)
            self.assertEqual(sum(day["value"] for day in series["values"][-1:]), 2, f"sent today in {timezone}")

    def test_lists_behind_are_filtered(self):
        action = self.account.with_context(fba_filter="exception").action_open_orders()
        self.assertEqual(
            action["context"], {"search_default_account_id": self.account.id, "search_default_exception": True}
        )
        action = self.account.action_open_differences()
        self.assertEqual(action["domain"], [("warehouse_id.fba_account_id", "=", self.account.id)])

    def test_lists_behind_hold_what_the_card_counts(self):
        """Each link's filter, as the list applies it, finds as many rows as the card says."""
        stage(self.account, sold_order({"sku": "NEW", "ITEM": "10.00"}, total="10.00"))._process()
        other = sold_order({"sku": "A", "ITEM": "10.00"}, total="11.00", order_id="111-0000000-0000002")
        stage(self.account, other)._process()
        self.sourced({self.product_a: 1})
        self.control("PUT", "stock/STRANGE", fulfillable=5)
        self.read_counts()
        self.env["fba.discrepancy"]._keep(self.afn, {self.product_a: (2, fields.Datetime.now(), 0)})
        self.env.flush_all()
        account = self.account.with_context(allowed_company_ids=self.account.company_id.ids)
        account.invalidate_recordset()
        links = (
            ("ready_count", account.with_context(fba_filter="ready").action_open_orders()),
            ("import_unknown_count", account.with_context(fba_filter="unknown_sku").action_open_amazon_orders()),
            ("import_error_count", account.with_context(fba_filter="other_error").action_open_amazon_orders()),
            ("unknown_sku_count", account.action_open_unknown_skus()),
            ("difference_count", account.action_open_differences()),
        )
        for count, action in links:
            with self.subTest(count=count):
                self.assertEqual(account[count], 1)
                self.assertEqual(self.listed(action), 1)

    def listed(self, action):
        """How many rows the list of `action` opens with."""
        search = etree.fromstring(self.env[action["res_model"]].get_view(view_type="search")["arch"])
        domain = [*Domain(action.get("domain") or [])]
        for name, value in action["context"].items():
            name = name.removeprefix("search_default_")
            if name == "account_id":
                domain += [("account_id", "=", value)]
            else:
                [found] = search.xpath(f"//filter[@name='{name}']")
                domain += safe_eval(found.get("domain"), {"uid": self.env.uid})
        return self.env[action["res_model"]].search_count(domain)
