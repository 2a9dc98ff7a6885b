"""Many orders at once: all that can be is booked, whatever is wrong with the others; and never twice."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FbaCase
from .sold import sold_order, stage

IMPORT = "odoo.addons.fba_connector.models.amazon_order.fba_amazon_order_import"


@tagged("post_install", "-at_install")
class TestImportBatches(FbaCase):
    def numbered(self, number, *items, **values):
        items = items or ({"sku": "A", "ITEM": "10.00"},)
        return sold_order(*items, order_id=f"111-0000000-{number:07}", **{"total": "10.00", **values})

    def states(self, rows):
        return rows.mapped("state")

    def test_all_well_is_one_batch(self):
        rows = stage(self.account, *(self.numbered(number) for number in range(12)))
        with self.assertNoLogs(IMPORT, "INFO"):
            rows._process()
        self.assertEqual(self.states(rows), ["done"] * 12)
        self.assertEqual(len(rows.sale_id), 12)
        self.assertEqual(set(rows.sale_id.mapped("delivery_status")), {"full"})
        self.assertEqual(self.on_hand(self.product_a), -2, "what has left has left")

    def test_one_bad_order_of_each_kind_stops_nobody(self):
        good = [self.numbered(number) for number in range(4)]
        bad = [
            self.numbered(10, {"sku": "STRANGE", "ITEM": "10.00"}),
            self.numbered(11, total="12.00"),
            self.numbered(12, salesChannel={"channelName": "AMAZON", "marketplaceId": "A1PA6795UKMFR9"}),
            {**self.numbered(13), "orderItems": "none"},
        ]
        rows = stage(self.account, *good[:2], *bad, *good[2:])
        rows._process()
        by_id = {row.amazon_order_id: row for row in rows}
        self.assertEqual([by_id[order["orderId"]].state for order in good], ["done"] * 4)
        for order, words in zip(
            bad, ('"STRANGE" cannot be used', "add up to", "No AFN warehouse", "orderItems"), strict=True
        ):
            row = by_id[order["orderId"]]
            self.assertEqual(row.state, "error")
            self.assertIn(words, row.error_message)

    @mute_logger(IMPORT)
    def test_what_nobody_foresaw_stays_with_its_order(self):
        rows = stage(self.account, *(self.numbered(number) for number in range(3)))
        Sale = type(self.env["sale.order"])
        confirm = Sale._action_confirm

        def fail(sales):
            if any(sale.amazon_order_id == rows[1].amazon_order_id for sale in sales):
                raise ValueError("some other module's fault")
            return confirm(sales)

        with patch.object(Sale, "_action_confirm", fail):
            rows._process()
        self.assertEqual(self.states(rows), ["done", "error", "done"])
        self.assertIn("some other module's fault", rows[1].error_message)
        self.assertFalse(self.env["sale.order"].search([("amazon_order_id", "=", rows[1].amazon_order_id)]))
        rows[1].action_replay()
        self.assertEqual(rows[1].state, "done", rows[1].error_message)

    def test_order_that_stands_in_odoo_is_linked_not_imported_again(self):
        row = stage(self.account, self.numbered(1))
        row._process()
        sale = row.sale_id
        sale.picking_ids.fba_amazon_order_id = row.booked_at = False  # else the row cannot be deleted
        row.unlink()
        again = stage(self.account, self.numbered(1))
        again._process()
        self.assertRecordValues(again, [{"state": "done", "sale_id": sale.id, "booked_name": sale.name}])
        self.assertEqual(again.booked_delivery_ids, sale.picking_ids)
        self.assertEqual(self.on_hand(self.product_a), 9)

    def test_kits_leave_as_their_components_beside_plain_orders(self):
        if "mrp.bom" not in self.env:
            self.skipTest("Manufacturing is not installed")
        kit = self.env["product.product"].create({"name": "Kit", "default_code": "KIT", "taxes_id": False})
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": self.product_a.id, "product_qty": 2}),
                    Command.create({"product_id": self.product_b.id, "product_qty": 1}),
                ],
            }
        )
        rows = stage(self.account, self.numbered(1, {"sku": "KIT", "ITEM": "10.00"}), self.numbered(2))
        rows._process()
        self.assertEqual(self.states(rows), ["done", "done"], rows.mapped("error_message"))
        self.assertEqual((self.on_hand(self.product_a), self.on_hand(self.product_b)), (7, 9))
        self.assertEqual(rows.sale_id.order_line.mapped("qty_delivered"), [1, 1])

    def test_service_sold_on_amazon_needs_no_delivery(self):
        self.env["product.product"].create(
            {"name": "Warranty", "type": "service", "default_code": "W", "taxes_id": False}
        )
        row = stage(self.account, self.numbered(1, {"sku": "W", "ITEM": "10.00"}))
        row._process()
        self.assertRecordValues(row.sale_id, [{"state": "sale", "picking_ids": []}])

    def test_quantity_raised_later_is_procured_once(self):
        row = stage(self.account, self.numbered(1))
        row._process()
        row.sale_id.order_line.product_uom_qty = 3
        added = self.open_deliveries(row.sale_id).move_ids
        self.assertEqual(added.mapped("product_uom_qty"), [2])

    def test_many_replayed_at_once(self):
        rows = stage(self.account, *(self.numbered(n, {"sku": "NEW", "ITEM": "10.00"}) for n in range(5)))
        rows._process()
        self.assertEqual(set(rows.mapped("missing_sku")), {"NEW"})
        self.product_b.default_code = "NEW"
        rows.action_replay()
        self.assertEqual(self.states(rows), ["done"] * 5)
        self.assertFalse(any(rows.mapped("missing_sku")))

    def test_tracked_goods_leave_without_a_serial_number(self):
        self.product_a.tracking = "serial"
        row = stage(self.account, self.numbered(1))
        row._process()
        self.assertEqual(row.state, "done", row.error_message)
        self.assertEqual(row.sale_id.delivery_status, "full")
