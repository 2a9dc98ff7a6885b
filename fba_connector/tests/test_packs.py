"""Packs with a SKU of their own: sent as packs, counted and booked in units of the product."""

from dataclasses import replace

from odoo.exceptions import UserError
from odoo.tests import tagged

from .counted import CountedCase


@tagged("post_install", "-at_install")
class TestPacks(CountedCase):
    """Amazon has 10 packs of 6 cups."""

    def setUp(self):
        super().setUp()
        self.cup = self.cups(60)
        self.six = self.counted("CUP-6", self.cup, 10, pack_size=6)

    def singles(self, units):
        self.stock(self.afn, self.cup, units)
        return self.counted("CUP", self.cup, units)

    def sent_packs(self, quantity):
        fulfillment = self.sent({self.cup: quantity})
        return fulfillment, fulfillment.sale_id.order_line

    def test_order_of_twelve_is_two_packs(self):
        fulfillment, line = self.sent_packs(12)
        self.assertEqual(self.requested(), [[("CUP-6", 2)]])
        self.assertEqual(self.contents(fulfillment), [[("CUP-6", 2)]])
        self.assertEqual((fulfillment.unit_count, fulfillment.contents), (2, "1 SKU · CUP-6"))
        self.assert_adds_up(fulfillment.sale_id)
        self.ship(fulfillment, ("1Z1", {"CUP-6": 2}))
        self.pull()
        self.assertEqual((fulfillment.state, line.qty_delivered, self.on_hand(self.cup)), ("shipped", 12, 48))
        self.assert_same_at_amazon(fulfillment)
        self.assert_adds_up(fulfillment.sale_id)

    def test_packs_and_singles_make_the_rest(self):
        self.singles(5)
        order = self.sourced({self.cup: 14})
        self.assertEqual(self.contents(order.fba_fulfillment_order_ids), [[("CUP-6", 2), ("CUP", 2)]])
        self.assertEqual(sorted(order.order_line.move_ids._fba_open().mapped("product_qty")), [2, 12])
        self.assertEqual(order.fba_status, "ready")
        self.assert_adds_up(order)

    def test_what_packs_cannot_make_is_refused(self):
        for quantity in (1, 8):
            with self.assertRaisesRegex(UserError, f"{quantity} Units of .*ships packs unopened, and has CUP-6 of 6"):
                self.sourced({self.cup: quantity})

    def test_single_of_which_only_packs_are_left_is_refused(self):
        self.counted("CUP", self.cup, 0)
        with self.assertRaisesRegex(UserError, "0 free at Amazon as single units and 60 in CUP-6, 1 needed"):
            self.sourced({self.cup: 1})

    def test_splitting_account_takes_what_packs_can_make(self):
        self.account.write({"auto_source": "always", "auto_split": True})
        order = self.sell({self.cup: 8})
        order.action_confirm()
        self.assertEqual(self.contents(order.fba_fulfillment_order_ids), [[("CUP-6", 1)]])
        at_own = order.order_line.move_ids.filtered(lambda move: move.picking_type_id.warehouse_id == self.own)
        self.assertEqual(at_own.product_qty, 2)
        self.assert_adds_up(order)

    def test_part_shipped_and_unfillable_packs(self):
        fulfillment, line = self.sent_packs(18)
        self.ship(fulfillment, ("1Z1", {"CUP-6": 1}))
        self.pull()
        self.assertEqual((line.qty_delivered, fulfillment.line_ids.shipped_quantity), (6, 1))
        self.assert_adds_up(fulfillment.sale_id)
        self.cannot_fulfill(fulfillment, **{"CUP-6": 1})
        self.reread(fulfillment)
        self.assertEqual((fulfillment.line_ids.unfillable_quantity, line.fba_unsourced_qty), (1, 6))
        self.ship(fulfillment, ("1Z2", {"CUP-6": 1}))
        self.reread(fulfillment)
        self.assertEqual((line.qty_delivered, line.fba_unsourced_qty, self.on_hand(self.cup)), (12, 6, 48))
        self.assertIn("1 of 3 × CUP-6", fulfillment.error_message)
        self.assert_adds_up(fulfillment.sale_id)

    def test_shipped_after_it_was_released(self):
        fulfillment, line = self.sent_packs(12)
        self.cannot_fulfill(fulfillment, **{"CUP-6": 1})
        self.pull()
        self.assertEqual(line.fba_unsourced_qty, 6)
        with self.account._open_gateway() as gateway:
            told = gateway.get_fulfillment_order(fulfillment.name)
        item = replace(told.items[0], unfulfillable_quantity=0)
        fulfillment._apply_snapshot(replace(told, items=(item,)), fulfillment.snapshot_at)
        self.assertEqual((line.fba_unsourced_qty, fulfillment.line_ids._open_units()), (0, 2))
        self.assert_adds_up(fulfillment.sale_id)

    def test_cancelled_packs_have_no_source(self):
        fulfillment, line = self.sent_packs(12)
        fulfillment.action_request_cancel()
        self.pull()
        self.assertEqual((fulfillment.state, fulfillment.line_ids.cancelled_quantity), ("cancelled", 2))
        self.assertEqual((line.fba_unsourced_qty, self.free(self.cup)), (12, 60))
        self.assert_adds_up(fulfillment.sale_id)

    def test_raised_and_lowered_while_unsent(self):
        self.account.auto_source = "always"
        order = self.sell({self.cup: 12})
        order.action_confirm()
        order.order_line.product_uom_qty = 24
        self.assertEqual(self.contents(order.fba_fulfillment_order_ids), [[("CUP-6", 4)]])
        self.assertEqual(len(order.order_line.move_ids._fba_open()), 1)
        self.assert_adds_up(order)
        order.order_line.product_uom_qty = 6
        self.assertEqual(self.contents(order.fba_fulfillment_order_ids), [[("CUP-6", 1)]])
        self.assert_adds_up(order)
        order.order_line.product_uom_qty = 4  # no more a pack
        with self.assertRaisesRegex(UserError, "CUP-6 holds 6 × .*CUP"):
            order.fba_fulfillment_order_ids.action_submit()
        self.singles(4)
        order.fba_fulfillment_order_ids.action_submit()
        self.assertEqual(self.contents(order.fba_fulfillment_order_ids), [[("CUP", 4)]])

    def test_release_of_a_part_of_a_pack_is_refused(self):
        order = self.sourced({self.cup: 12})
        move = order.order_line.move_ids._fba_open()
        with self.assertRaisesRegex(UserError, "ships it unopened"), self.cr.savepoint():
            move.action_fba_release(1)
        move.action_fba_release(6)
        self.assertEqual(self.contents(order.fba_fulfillment_order_ids), [[("CUP-6", 1)]])
        self.assert_adds_up(order)

    def test_sold_by_the_dozen(self):
        fulfillment = self.sourced({}, order_line=[
            (0, 0, {
                "product_id": self.cup.id,
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                "product_uom_qty": 2,
            })
        ]).fba_fulfillment_order_ids  # fmt: skip
        fulfillment.action_submit()
        self.push()
        self.assertEqual(self.requested(), [[("CUP-6", 4)]])
        self.ship(fulfillment, ("1Z1", {"CUP-6": 1}))
        self.pull()
        self.assertAlmostEqual(fulfillment.sale_id.order_line.qty_delivered, 0.5)
        self.assert_adds_up(fulfillment.sale_id)

    def test_packs_are_not_torn_between_orders(self):
        self.stock(self.afn, self.cup, 6 * 300)
        self.six.fulfillable_quantity = 310
        orders = self.sourced({self.cup: 6 * 260}).fba_fulfillment_order_ids.sorted("id")
        self.assertEqual(self.contents(orders), [[("CUP-6", 250)], [("CUP-6", 10)]])
        self.assertEqual(set(orders.mapped("state")), {"ready"})
        self.assert_adds_up(orders.sale_id)

    def test_forced_delivery_of_packs(self):
        fulfillment, line = self.sent_packs(12)
        self.env.user.group_ids |= self.env.ref("fba_connector.group_fba_manager")
        delivery = fulfillment.picking_ids
        delivery.action_fba_force()
        delivery.button_validate()
        self.assertEqual(line.qty_delivered, 12)
        self.ship(fulfillment, ("1Z1", {"CUP-6": 2}))
        self.pull()
        self.assertRecordValues(fulfillment.line_ids, [{"quantity": 2, "shipped_quantity": 2}])
        self.assertEqual(self.on_hand(self.cup), 48)
        self.assert_adds_up(fulfillment.sale_id)

    def test_forced_delivery_in_part_leaves_a_backorder(self):
        fulfillment, line = self.sent_packs(12)
        self.env.user.group_ids |= self.env.ref("fba_connector.group_fba_manager")
        delivery = fulfillment.picking_ids
        delivery.action_fba_force()
        delivery.move_ids.write({"quantity": 6, "picked": True})
        delivery.with_context(skip_backorder=True).button_validate()
        self.assertEqual((line.qty_delivered, fulfillment.line_ids._open_units()), (6, 1))
        self.assert_adds_up(fulfillment.sale_id)

    def test_order_with_packs_is_copied(self):
        order = self.sent_packs(12)[0].sale_id.copy()
        order.action_confirm()
        order.action_fulfill_by_amazon()
        self.assertEqual(self.contents(order.fba_fulfillment_order_ids), [[("CUP-6", 2)]])
        self.assert_adds_up(order)

    def test_lots_of_packs_are_booked_and_serial_numbers_of_packs_are_told(self):
        for tracking, named, lots in (
            ("lot", {"lot_codes": ["L1"]}, ["L1"]),
            ("serial", {"serial_numbers": ["S1"]}, []),
        ):
            with self.subTest(tracking=tracking):
                product = self.product(f"P-{tracking}", tracking=tracking)
                self.stock(self.afn, product, 12)
                self.counted(f"P-{tracking}-6", product, 2, pack_size=6)
                fulfillment = self.sent({product: 6})
                self.ship_named(fulfillment, f"P-{tracking}-6", **named)
                self.pull()
                delivery = fulfillment.picking_ids
                self.assertEqual((delivery.state, sum(delivery.move_line_ids.mapped("quantity"))), ("done", 6))
                self.assertEqual(delivery.move_line_ids.lot_id.mapped("name"), lots)

    def ship_named(self, fulfillment, sku, **named):
        item = {"seller_sku": sku, "quantity": 1, **named}
        path = f"fulfillment-orders/{fulfillment.name}/ship"
        self.control("POST", path, packages=[{"carrier_code": "UPS", "tracking_number": "1Z9", "items": [item]}])
