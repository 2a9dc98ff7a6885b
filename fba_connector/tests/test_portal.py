from odoo.tests import HttpCase, tagged

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestPortal(FbaCase, HttpCase):
    def test_customer_sees_each_package_and_when_it_is_expected(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("1ZPORTAL1", {"A": 2}), ("1ZPORTAL2", {"A": 1}))
        fulfillment.action_refresh()
        packages = fulfillment.shipment_ids.package_ids
        packages[0].estimated_arrival = "2026-12-24 12:00:00"
        order = fulfillment.sale_id
        order._portal_ensure_token()
        self.env.flush_all()
        page = self.url_open(f"/my/orders/{order.id}?access_token={order.access_token}").text
        for words in ("1ZPORTAL1", "1ZPORTAL2", "https://www.ups.com/track?tracknum=1ZPORTAL1", "Expected arrival"):
            self.assertIn(words, page)
        self.assertIn("12/24/2026", page)
        self.assertIn("Shipped", page)
        body = page.split("<main")[1].split("</main>")[0]
        self.assertNotIn("Amazon", body, "whose warehouse it is, is the company's own affair")
