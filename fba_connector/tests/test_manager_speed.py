"""What the first page of the manager asks of the database: as much for many orders as for few."""

import base64
import io

from lxml import etree
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval
from PIL import Image

from ..models.fulfillment.states import OPEN_STATES
from .common import FbaCase


@tagged("post_install", "-at_install")
class TestManagerSpeed(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "speed_clerk", groups="fba_connector.group_fba_user", company_id=cls.env.company.id
        )
        for product in (cls.product_a, cls.product_b):
            data = io.BytesIO()
            Image.new("RGB", (8, 8), "navy").save(data, "PNG")
            product.image_1920 = base64.b64encode(data.getvalue())
            cls.stock(cls.afn, product, 50)

    def orders_of_all_kinds(self):
        """One is ready, one has left, one was refused, one is out of Amazon's hands; each of a customer of its own."""
        ready, sent, refused, forced = orders = self.env["fba.fulfillment.order"].union(
            *(self.sourced(lines).fba_fulfillment_order_ids for lines in ({self.product_a: 1}, {self.product_b: 2}) * 2)
        )
        sent._move_to("queued")
        sent._move_to("submitting")
        sent._move_to("in_shipping")
        package = {"package_number": 1, "tracking_number": "1Z999AA10123456784", "carrier_code": "UPS"}
        shipment = {"amazon_shipment_id": sent.name, "status": "SHIPPED", "package_ids": [Command.create(package)]}
        self.env["fba.shipment"].create({"fulfillment_order_id": sent.id, **shipment})
        for order in (refused, forced):
            order._move_to("queued")
            order._move_to("exception", error_code="Refused", error_message="Refused.")
        forced.picking_ids.fba_forced = True
        for order in orders:
            customer = {"name": order.name, "parent_id": self.customer.copy().id}
            order.sale_id.partner_id = order.sale_id.partner_shipping_id = self.customer.copy(customer)
        return orders

    def columns(self):
        """What the web client reads for the list."""
        model = self.env["fba.fulfillment.order"].with_user(self.clerk)
        view = self.env.ref("fba_connector.fba_fulfillment_order_view_list")
        names = [node.get("name") for node in etree.fromstring(model.get_view(view.id, "list")["arch"]).iter("field")]
        named = {name for name in names if model._fields[name].type == "many2one"}
        return {name: {"fields": {"display_name": {}}} if name in named else {} for name in names}

    def page(self, orders):
        """(the rows of these orders, the queries they take)."""
        self.env.flush_all()
        self.env.invalidate_all()
        model = orders.with_user(self.clerk).browse()
        before = self.cr.sql_log_count
        rows = model.web_search_read([("id", "in", orders.ids)], self.columns(), limit=80)["records"]
        self.assertEqual(len(rows), len(orders))
        return {row["id"]: row for row in rows}, self.cr.sql_log_count - before

    def test_first_page_takes_as_many_queries_for_many_orders(self):
        few = self.orders_of_all_kinds()
        many = few + self.orders_of_all_kinds() + self.orders_of_all_kinds()
        self.page(many)
        rows, queries = self.page(few)
        self.assertLess(queries, 18)
        self.assertEqual(self.page(many)[1], queries)

        ready, sent, refused, forced = (rows[order.id] for order in few)
        self.assertEqual([row["can_retry"] for row in (ready, sent, refused, forced)], [False, False, True, False])
        self.assertEqual(sent["tracking_numbers"], "1Z999AA10123456784")
        self.assertEqual([number for number, _url in sent["tracking_links"]], ["1Z999AA10123456784"])
        self.assertFalse(ready["tracking_links"] or ready["tracking_numbers"])
        self.assertEqual(refused["problem"], "Refused.")
        for order in few:
            row, sale, address = rows[order.id], order.sale_id, order.sale_id.partner_shipping_id
            self.assertEqual([picture["id"] for picture in row["pictures"]], order.line_ids.product_id.ids)
            self.assertEqual(row["partner_id"]["display_name"], sale.partner_id.display_name)
            self.assertEqual(row["amount_total"], sale.amount_total)
            self.assertEqual(row["ship_to"], f"{address.country_id.code}-{address.state_id.code}")

    def test_change_of_the_address_is_shown_at_once(self):
        order = self.orders_of_all_kinds()[0].with_user(self.clerk)
        address = order.sale_id.sudo().partner_shipping_id
        self.assertTrue(order.ship_to)
        address.write({"country_id": self.env.ref("base.ca").id, "state_id": False})
        self.assertEqual(self.page(order.sudo())[0][order.id]["ship_to"], "CA")

    def test_filter_of_open_orders_names_them_all(self):
        arch = self.env.ref("fba_connector.fba_fulfillment_order_view_search").arch
        (domain,) = (
            safe_eval(it.get("domain")) for it in etree.fromstring(arch).iter("filter") if it.get("name") == "open"
        )
        self.assertEqual(domain, [("state", "in", OPEN_STATES)])
