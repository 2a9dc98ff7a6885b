import unittest
from dataclasses import replace

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import FbaCase
from .counted import CountedCase


@tagged("post_install", "-at_install")
class TestKits(FbaCase):
    """A desk set is 1 of A and 2 of B; with Manufacturing only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.bom" not in cls.env or "sale_mrp" not in cls.env.registry._init_modules:
            raise unittest.SkipTest("Manufacturing is not installed: run with --kits.")
        cls.stock_clerk = new_test_user(cls.env, "kit_stock", groups="stock.group_stock_user")
        cls.seller = new_test_user(cls.env, "kit_sales", groups="sales_team.group_sale_salesman_all_leads")
        cls.kit = cls.env["product.product"].create({"name": "Desk Set", "default_code": "SET", "is_storable": True})
        cls.bom = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": cls.product_a.id, "product_qty": 1}),
                    Command.create({"product_id": cls.product_b.id, "product_qty": 2}),
                ],
            }
        )

    def parts(self, order):
        """{warehouse: units of (A, B)} on their way, and kits without source."""
        self.env.invalidate_all()
        moves = order.order_line.move_ids._fba_open()
        found = {
            warehouse: tuple(
                sum(there.filtered(lambda move, product=product: move.product_id == product).mapped("product_qty"))
                for product in (self.product_a, self.product_b)
            )
            for warehouse, there in moves.grouped(lambda move: move.picking_type_id.warehouse_id).items()
        }
        return found, order.order_line.fba_unsourced_qty

    def confirmed(self, quantity, **values):
        order = self.sell({self.kit: quantity}, **values)
        order.action_confirm()
        return order

    def test_dozen_kits_of_which_a_part_is_unfillable_stay_whole_kits(self):
        self.stock(self.afn, self.product_a, 20)
        self.stock(self.afn, self.product_b, 40)
        for sku in "AB":
            self.control("PUT", f"stock/{sku}", fulfillable=60)
        order = self.sell({self.kit: 1})
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        order.action_fulfill_by_amazon()
        first = order.fba_fulfillment_order_ids
        first.action_submit()
        self.push()
        self.cannot_fulfill(first, A=5, B=10)
        self.ship(first, ("T1", {"A": 7, "B": 14}))
        self.pull()
        self.assertEqual(order.order_line.fba_unsourced_product_qty, 5)
        order.action_fulfill_by_amazon()
        second = order.fba_fulfillment_order_ids - first
        self.assertEqual(second.line_ids.sorted("seller_sku").mapped("quantity"), [5, 10])
        second.action_submit()
        self.push()
        self.ship(second, ("T2", {"A": 5, "B": 10}))
        self.pull()
        self.assertEqual((order.fba_status, order.order_line.qty_delivered), ("shipped", 1))

    def test_button_sources_the_components(self):
        order = self.confirmed(3)
        self.assertEqual(self.parts(order), ({self.own: (3, 6)}, 0))
        order.action_fulfill_by_amazon()
        self.assertEqual(self.parts(order), ({self.afn: (3, 6)}, 0))
        fulfillment = order.fba_fulfillment_order_ids
        self.assertRecordValues(
            fulfillment.line_ids.sorted("seller_sku"),
            [{"seller_sku": "A", "quantity": 3}, {"seller_sku": "B", "quantity": 6}],
        )
        self.assertEqual(order.fba_status, "ready")

    def test_automation_sources_whole_kits_only(self):
        self.account.write({"auto_source": "always", "auto_split": True})
        self.assertEqual(self.parts(self.confirmed(3)), ({self.afn: (3, 6)}, 0))
        order = self.confirmed(3)  # 7 of A are left, but only 4 of B
        self.assertEqual(self.parts(order), ({self.own: (3, 6)}, 0))
        self.assertIn("4 free at Amazon, 6 needed", order.order_line.fba_sourcing_note)

    def test_kit_of_which_a_component_is_reserved_is_not_split(self):
        self.stock(self.own, self.product_a, 10)
        order = self.confirmed(2)
        with self.assertRaisesRegex(UserError, "is reserved by"):
            order.action_fulfill_by_amazon()
        self.assertEqual(self.parts(order), ({self.own: (2, 4)}, 0))

    def test_release_takes_the_whole_kit(self):
        order = self.confirmed(2)
        order.action_fulfill_by_amazon()
        self.rows(order).move_id.filtered(lambda move: move.product_id == self.product_a).action_fba_release()
        self.assertEqual(self.parts(order), ({}, 2))
        self.assertEqual((self.free(self.product_a), self.free(self.product_b)), (10, 10))
        self.assertEqual(order.fba_fulfillment_order_ids.state, "cancelled")
        order.order_line.action_fba_source_from_own()
        self.assertEqual(self.parts(order), ({self.own: (2, 4)}, 0))

    def test_quantity_changes(self):
        self.account.auto_source = "always"
        order = self.confirmed(2)
        order.order_line.product_uom_qty = 4
        self.assertEqual(self.parts(order), ({self.afn: (4, 8)}, 0))
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.parts(order), ({self.afn: (1, 2)}, 0))
        order.order_line.product_uom_qty = 0
        self.assertEqual(self.parts(order), ({}, 0))
        self.assertFalse(order.picking_ids.filtered(lambda picking: picking.picking_type_code == "incoming"))

    def sent_kits(self, quantity):
        order = self.confirmed(quantity)
        order.action_fulfill_by_amazon()
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.action_submit()
        self.push()
        return order, fulfillment

    def test_part_shipped_kits_count_right(self):
        order, fulfillment = self.sent_kits(3)
        self.ship(fulfillment, ("1Z1", {"A": 2, "B": 2}))
        self.pull()
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(self.parts(order), ({self.afn: (1, 4)}, 0))
        with self.assertRaisesRegex(UserError, "can no longer be removed"), self.cr.savepoint():
            order.order_line.product_uom_qty = 2
        self.ship(fulfillment, ("1Z2", {"A": 1, "B": 4}))
        self.pull()
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertEqual((order.fba_status, order.delivery_status), ("shipped", "full"))

    def test_dozens_of_kits_and_of_components_leave_in_pieces(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.env["ir.config_parameter"].sudo().set_param("stock.propagate_uom", "1")
        self.bom.bom_line_ids[1].write({"product_qty": 1, "product_uom_id": dozen.id})
        for product in (self.product_a, self.product_b):
            self.stock(self.afn, product, 400)
            self.control("PUT", f"stock/{product.default_code}", fulfillable=400)
        for warehouse in (self.own, self.afn):
            order = self.sell({self.kit: 1}, warehouse_id=warehouse.id)
            order.order_line.product_uom_id = dozen
            order.action_confirm()
            if warehouse == self.own:
                order.action_fulfill_by_amazon()
            self.assertEqual(self.parts(order), ({self.afn: (12, 144)}, 0))
            moves = order.order_line.move_ids._fba_open()
            self.assertEqual(moves.product_uom, self.product_a.uom_id)
            order.fba_fulfillment_order_ids.action_submit()
            self.push()
            for number, sets in enumerate((5, 5, 2)):
                self.ship(order.fba_fulfillment_order_ids, (f"T{number}", {"A": sets, "B": sets * 12}))
                self.reread(order.fba_fulfillment_order_ids)
            self.assertEqual((order.fba_status, order.order_line.qty_delivered), ("shipped", 1))

    def test_missing_component_is_sourced_alone(self):
        """Amazon ships all but one B: two of three kits are complete, and the third lacks just that."""
        order, fulfillment = self.sent_kits(3)
        self.ship(fulfillment, ("1Z1", {"A": 3, "B": 5}))
        self.cannot_fulfill(fulfillment, B=1)
        self.pull()
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertEqual(self.parts(order), ({}, 1))
        self.assertEqual(order.delivery_status, "partial")
        order.order_line.action_fba_source_from_own()
        self.assertEqual(self.parts(order), ({self.own: (0, 1)}, 0))

    def test_cancelled_order_of_which_a_component_has_left_stands(self):
        order, fulfillment = self.sent_kits(3)
        order.action_cancel()
        self.ship(fulfillment, ("1Z1", {"A": 1}))
        self.cannot_fulfill(fulfillment)
        self.pull()
        self.assertEqual((order.state, order.fba_cancel_pending), ("sale", False))
        self.assertEqual(self.parts(order), ({}, 0))

    def test_dropping_the_incomplete_kit(self):
        order, fulfillment = self.sent_kits(3)
        self.ship(fulfillment, ("1Z1", {"A": 3, "B": 5}))
        self.cannot_fulfill(fulfillment, B=1)
        self.pull()
        order.order_line.product_uom_qty = 2
        self.assertEqual(self.parts(order), ({}, 0))
        self.assertEqual(order.fba_status, "shipped")

    def test_components_that_amazon_ships_after_all_make_whole_kits(self):
        for lost in ({"B": 1}, {"A": 1, "B": 2}, {"A": 2, "B": 4}):
            with self.subTest(lost=lost), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                fulfillment = self.sent({self.kit: 2})
                line = fulfillment.sale_id.order_line
                with self.account._open_gateway() as gateway:
                    before = gateway.get_fulfillment_order(fulfillment.name)
                items = tuple(
                    replace(item, unfulfillable_quantity=lost.get(item.seller_sku, 0)) for item in before.items
                )
                now = fields.Datetime.now()
                fulfillment._apply_snapshot(replace(before, items=items), now)
                self.assertEqual(fulfillment.state, "exception")
                self.assertTrue(line.fba_unsourced_qty)
                fulfillment._apply_snapshot(before, now)
                self.assertEqual(self.parts(fulfillment.sale_id), ({self.afn: (2, 4)}, 0))
                fulfillment._apply_snapshot(replace(before, items=items), now)
                self.ship(fulfillment, ("T1", {"A": 2, "B": 4}))
                self.reread(fulfillment)
                self.assertEqual((fulfillment.state, line.qty_delivered, line.fba_unsourced_qty), ("shipped", 2, 0))
                self.assertEqual((self.on_hand(self.product_a), self.on_hand(self.product_b)), (8, 6))
                savepoint.rollback()
            self.env.invalidate_all()

    def give_back(self, delivery, kits, method):
        """Odoo's *Return* or *Return for Exchange* of so many whole kits, which arrive, as a warehouse clerk."""
        wizard = self.env["stock.return.picking"].with_user(self.stock_clerk).create({"picking_id": delivery.id})
        for line in wizard.product_return_moves:
            line.quantity = kits * (2 if line.product_id == self.product_b else 1)
        back = self.env["stock.picking"].browse(getattr(wizard, method)()["res_id"])
        back.with_user(self.stock_clerk).button_validate()
        self.env.invalidate_all()
        self.assertEqual(back.state, "done")

    def resolve(self, order, choice):
        values = {"default_sale_id": order.id}
        wizard = self.env["fba.resolve.wizard"].with_user(self.seller).with_context(**values).create({})
        wizard.line_ids.choice = choice
        wizard.action_confirm()

    def shipped_kits(self, quantity):
        """An order of the AFN warehouse that Amazon has shipped."""
        order = self.confirmed(quantity, warehouse_id=self.afn.id)
        first = order.fba_fulfillment_order_ids
        first.action_submit()
        self.push()
        self.ship(first, ("T1", {"A": quantity, "B": 2 * quantity}))
        self.pull()
        self.assertEqual((first.state, order.order_line.qty_delivered), ("shipped", quantity))
        return order, first

    def exchanged(self, quantity, kits):
        """(order, the exchange's fulfillment order) of `kits` that came back; Amazon has accepted it."""
        order, first = self.shipped_kits(quantity)
        self.give_back(first.picking_ids, kits, "action_create_exchanges")
        exchange = order.fba_fulfillment_order_ids - first
        self.assertEqual(self.contents(exchange), [[("A", kits), ("B", 2 * kits)]])
        self.assertEqual(self.parts(order), ({self.afn: (kits, 2 * kits)}, 0))
        exchange.action_submit()
        self.push()
        self.assertEqual(exchange.state, "in_shipping", exchange.error_message)
        return order, exchange

    def contents(self, orders):
        return [sorted((line.seller_sku, line.quantity) for line in order.line_ids) for order in orders]

    def test_exchanged_kit_is_delivered(self):
        order, exchange = self.exchanged(2, 1)
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.ship(exchange, ("T2", {"A": 1, "B": 2}))
        self.reread(exchange)
        self.assertEqual((exchange.state, order.order_line.qty_delivered), ("shipped", 2))
        self.assertEqual(self.parts(order), ({}, 0))

    def test_exchange_of_a_kit_that_amazon_cannot_ship(self):
        for choice, source in ("own", self.own), ("amazon", self.afn), ("drop", None):
            with self.subTest(choice), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                order, exchange = self.exchanged(2, 1)
                self.cannot_fulfill(exchange)
                self.pull()
                self.assertEqual(self.parts(order), ({}, 1))
                self.resolve(order, choice)
                self.assertEqual(self.parts(order), ({source: (1, 2)} if source else {}, 0))
                self.assertEqual(exchange.state, "cancelled")
                self.assertEqual(order.order_line.product_uom_qty, 2 if source else 1)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_kits_without_a_source_are_resolved_in_parts(self):
        """One of four from the own warehouse, two from Amazon, one dropped: each a whole kit."""
        order, fulfillment = self.sent_kits(4)
        self.cannot_fulfill(fulfillment)
        self.pull()
        self.assertEqual(self.parts(order), ({}, 4))
        wizard = self.env["fba.resolve.wizard"].with_user(self.seller).with_context(default_sale_id=order.id).create({})
        row = wizard.line_ids
        row.write({"quantity": 0.5, "choice": "drop"})
        with self.assertRaisesRegex(UserError, "only whole kits"):
            wizard.action_confirm()
        row.write({"quantity": 1, "choice": "own", "warehouse_id": self.own.id})
        row.copy({"quantity": 2, "choice": "amazon"})
        row.copy({"quantity": 1, "choice": "drop"})
        wizard.action_confirm()
        self.assertEqual(self.parts(order), ({self.own: (1, 2), self.afn: (2, 4)}, 0))
        self.assertEqual(order.order_line.product_uom_qty, 3)

    def test_component_of_an_exchange_that_amazon_cannot_ship(self):
        order, exchange = self.exchanged(3, 2)
        self.ship(exchange, ("T2", {"A": 2, "B": 3}))
        self.cannot_fulfill(exchange, B=1)
        self.reread(exchange)
        self.assertEqual((self.parts(order), order.order_line.qty_delivered), (({}, 1), 2))
        self.resolve(order, "own")
        self.assertEqual(self.parts(order), ({self.own: (0, 1)}, 0))

    def test_returned_kit_is_not_sent_again(self):
        """Amazon shipped two of three, one came back for good, and Amazon cannot ship the third."""
        order = self.confirmed(3, warehouse_id=self.afn.id)
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.action_submit()
        self.push()
        self.ship(fulfillment, ("T1", {"A": 2, "B": 4}))
        self.pull()
        shipped = fulfillment.picking_ids.filtered(lambda picking: picking.state == "done")
        self.give_back(shipped, 1, "action_create_returns")
        self.cannot_fulfill(fulfillment)
        self.reread(fulfillment)
        self.assertEqual(self.parts(order), ({}, 1))
        self.resolve(order, "own")
        self.assertEqual(self.parts(order), ({self.own: (1, 2)}, 0))

    def test_released_exchange_of_a_kit_and_a_lowered_line(self):
        order, first = self.shipped_kits(3)
        self.give_back(first.picking_ids, 2, "action_create_exchanges")
        exchange = order.fba_fulfillment_order_ids - first
        exchange.line_ids.move_ids[:1].with_user(self.seller).action_fba_release()
        self.assertEqual(self.parts(order), ({}, 2))
        order.order_line.with_user(self.seller).action_fba_source()
        self.assertEqual(self.parts(order), ({self.afn: (2, 4)}, 0))
        orders = order.fba_fulfillment_order_ids
        order.order_line.with_user(self.seller).product_uom_qty = 2
        self.assertEqual(self.parts(order), ({self.afn: (1, 2)}, 0))
        self.assertEqual(order.fba_fulfillment_order_ids, orders, "one kit is given up, not both and one procured")
        self.assertEqual(self.contents(orders.filtered(lambda it: it.state == "ready")), [[("A", 1), ("B", 2)]])

    def test_dozen_kits_after_an_exchange(self):
        for product in (self.product_a, self.product_b):
            self.stock(self.afn, product, 60)
            self.control("PUT", f"stock/{product.default_code}", fulfillable=60)
        order = self.sell({self.kit: 1}, warehouse_id=self.afn.id)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        first = order.fba_fulfillment_order_ids
        first.action_submit()
        self.push()
        self.ship(first, ("T1", {"A": 12, "B": 24}))
        self.pull()
        self.give_back(first.picking_ids, 2, "action_create_exchanges")
        self.assertEqual(self.parts(order), ({self.afn: (2, 4)}, 0))
        order.order_line.with_user(self.seller).product_uom_qty = 2
        self.assertEqual(self.parts(order), ({self.afn: (14, 28)}, 0))


@tagged("post_install", "-at_install")
class TestKitSkus(CountedCase):
    """Amazon has 50 boxes of six cups, KIT-6, and no cup outside of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.bom" not in cls.env or "sale_mrp" not in cls.env.registry._init_modules:
            raise unittest.SkipTest("Manufacturing is not installed: run with --kits.")

    def setUp(self):
        super().setUp()
        self.cup = self.cups(300)
        self.box = self.kit("KIT-6", {self.cup: 6})
        self.boxes = self.counted("KIT-6", self.box, 50)

    def lines_of(self, order):
        return self.contents(order.fba_fulfillment_order_ids.sorted("id"))

    def open_units(self, order):
        """{product: units} of the open moves."""
        self.env.invalidate_all()
        moves = order.order_line.move_ids._fba_open()
        return {product: sum(same.mapped("product_qty")) for product, same in moves.grouped("product_id").items()}

    def test_box_is_sent_as_itself(self):
        fulfillment = self.sent({self.box: 1})
        [call] = self.journal("createFulfillmentOrder")
        line = fulfillment.line_ids
        self.assertEqual(
            call["body"]["items"],
            [{"sellerSku": "KIT-6", "sellerFulfillmentOrderItemId": line.item_id, "quantity": 1}],
        )
        self.assertRecordValues(line, [{"product_id": self.box.id, "quantity": 1}])
        self.ship(fulfillment, ("1Z1", {"KIT-6": 1}))
        self.pull()
        self.assertEqual((fulfillment.state, fulfillment.sale_id.order_line.qty_delivered), ("shipped", 1))
        self.assertEqual(self.on_hand(self.cup), 294)
        self.assert_same_at_amazon(fulfillment)

    def test_two_boxes_in_two_shipments(self):
        fulfillment = self.sent({self.box: 2})
        self.ship(fulfillment, ("1Z1", {"KIT-6": 1}))
        self.pull()
        self.assertEqual((fulfillment.sale_id.order_line.qty_delivered, self.on_hand(self.cup)), (1, 294))
        self.assertEqual(self.open_units(fulfillment.sale_id), {self.cup: 6})
        self.ship(fulfillment, ("1Z2", {"KIT-6": 1}))
        self.reread(fulfillment)
        self.assertEqual((fulfillment.state, fulfillment.sale_id.order_line.qty_delivered), ("shipped", 2))
        self.assert_same_at_amazon(fulfillment)

    def test_boxes_in_two_packages_of_a_shipment(self):
        fulfillment = self.sent({self.box: 3})
        self.ship(fulfillment, ("1Z1", {"KIT-6": 1}), ("1Z2", {"KIT-6": 2}))
        self.pull()
        lines = fulfillment.picking_ids.move_line_ids
        self.assertEqual(sorted((it.result_package_id.name, it.quantity) for it in lines), [("1Z1", 6), ("1Z2", 12)])

    def test_unfillable_box_has_no_source(self):
        fulfillment = self.sent({self.box: 2})
        self.ship(fulfillment, ("1Z1", {"KIT-6": 1}))
        self.cannot_fulfill(fulfillment, **{"KIT-6": 1})
        self.pull()
        line = fulfillment.sale_id.order_line
        self.assertEqual((line.qty_delivered, line.fba_unsourced_qty, self.open_units(line.order_id)), (1, 1, {}))
        self.assertIn("1 of 2 × KIT-6", fulfillment.error_message)
        self.assertEqual(self.free(self.cup), 294)
        line.action_fba_source()
        again = line.order_id.fba_fulfillment_order_ids - fulfillment
        self.assertEqual((self.contents(again), self.open_units(line.order_id)), ([[("KIT-6", 1)]], {self.cup: 6}))

    def test_lost_box_that_amazon_ships_after_all(self):
        fulfillment = self.sent({self.box: 2})
        with self.account._open_gateway() as gateway:
            before = gateway.get_fulfillment_order(fulfillment.name)
        lost = replace(before, items=(replace(before.items[0], unfulfillable_quantity=1),))
        line, now = fulfillment.sale_id.order_line, fields.Datetime.now()
        fulfillment._apply_snapshot(lost, now)
        self.assertEqual((line.fba_unsourced_qty, self.open_units(line.order_id)), (1, {self.cup: 6}))
        fulfillment._apply_snapshot(before, now)
        self.assertEqual((line.fba_unsourced_qty, self.open_units(line.order_id)), (0, {self.cup: 12}))
        fulfillment._apply_snapshot(lost, now)
        self.ship(fulfillment, ("T1", {"KIT-6": 2}))
        self.reread(fulfillment)
        self.assertEqual((fulfillment.state, line.qty_delivered, line.fba_unsourced_qty), ("shipped", 2, 0))
        self.assertEqual(self.on_hand(self.cup), 288)

    def test_box_and_other_goods(self):
        fulfillment = self.sent({self.box: 1, self.product_a: 2})
        self.assertEqual(self.requested(), [[("KIT-6", 1), ("A", 2)]])
        self.ship(fulfillment, ("1Z1", {"KIT-6": 1, "A": 2}))
        self.pull()
        self.assertEqual(fulfillment.sale_id.order_line.mapped("qty_delivered"), [1, 2])
        self.assert_adds_up(fulfillment.sale_id)

    def test_cup_in_boxes_is_no_cup(self):
        for mapped in (False, True):
            with self.subTest(mapped=mapped):
                if mapped:
                    self.counted("CUP", self.cup, 0)
                with self.assertRaisesRegex(UserError, "0 free at Amazon as single units and 300 in KIT-6, 1 needed"):
                    self.sourced({self.cup: 1})

    def test_cup_outside_of_boxes_is_sold(self):
        self.stock(self.afn, self.cup, 2)
        order = self.sourced({self.cup: 2})
        self.assertEqual(self.lines_of(order), [[("CUP", 2)]])

    def test_too_few_boxes_are_sent_as_cups(self):
        self.boxes.fulfillable_quantity = 1
        self.counted("CUP", self.cup, 12)
        order = self.sourced({self.box: 2})
        self.assertEqual(self.lines_of(order), [[("CUP", 12)]])
        order = self.sourced({self.box: 1})
        self.assertEqual(self.lines_of(order), [[("KIT-6", 1)]])
        with self.assertRaisesRegex(UserError, "KIT-6.*0 free at Amazon, 1 needed"):
            self.sourced({self.box: 1})

    def test_boxes_become_cups_before_they_are_sent(self):
        order = self.sourced({self.box: 2})
        fulfillment = order.fba_fulfillment_order_ids
        self.boxes.fulfillable_quantity = 0
        self.counted("CUP", self.cup, 12)
        fulfillment.action_submit()
        self.assertEqual(self.lines_of(order), [[("CUP", 12)]])
        self.push()
        self.assertEqual(self.requested(), [[("CUP", 12)]])
        self.ship(fulfillment, ("1Z1", {"CUP": 12}))
        self.pull()
        self.assertEqual((fulfillment.state, order.order_line.qty_delivered), ("shipped", 2))

    def test_raised_lowered_and_released(self):
        order = self.sourced({self.box: 2})
        order.order_line.product_uom_qty = 3
        self.assertEqual(self.lines_of(order), [[("KIT-6", 3)]])
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.lines_of(order), [[("KIT-6", 1)]])
        order.order_line.move_ids._fba_open().action_fba_release()
        self.assertEqual((order.order_line.fba_unsourced_qty, self.open_units(order)), (1, {}))
        self.assertEqual(self.free(self.cup), 300)

    def test_cancelled_at_amazon(self):
        fulfillment = self.sent({self.box: 2})
        fulfillment.action_request_cancel()
        self.pull()
        self.assertEqual((fulfillment.state, fulfillment.line_ids.cancelled_quantity), ("cancelled", 2))
        self.assertEqual(fulfillment.sale_id.order_line.fba_unsourced_qty, 2)

    def test_box_with_a_sticker_that_nobody_counts(self):
        sticker = self.product("STICKER", is_storable=False)
        box = self.kit("GIFT", {self.cup: 2, sticker: 1})
        self.counted("GIFT", box, 5)
        order = self.sourced({box: 2})
        self.assertEqual(self.open_units(order), {self.cup: 4, sticker: 2})
        fulfillment = order.fba_fulfillment_order_ids
        self.assertEqual((self.lines_of(order), fulfillment.state), ([[("GIFT", 2)]], "ready"))
        fulfillment.action_submit()
        self.push()
        self.ship(fulfillment, ("1Z1", {"GIFT": 2}))
        self.pull()
        self.assertEqual((fulfillment.state, order.order_line.qty_delivered), ("shipped", 2))
        self.assertEqual(sorted(fulfillment.picking_ids.move_ids.mapped("quantity")), [2, 4])

    def test_components_of_which_one_is_not_counted_are_refused(self):
        sticker = self.product("STICKER", is_storable=False)
        with self.assertRaisesRegex(UserError, "STICKER is not tracked in stock"):
            self.sourced({self.kit("GIFT", {self.cup: 2, sticker: 1}): 2})

    def test_box_of_boxes(self):
        crate = self.kit("CRATE", {self.box: 4, self.product_a: 1})
        self.counted("CRATE", crate, 2)
        fulfillment = self.sent({crate: 2})
        self.assertEqual(self.requested(), [[("CRATE", 2)]])
        self.assertEqual(self.open_units(fulfillment.sale_id), {self.cup: 48, self.product_a: 2})
        self.ship(fulfillment, ("1Z1", {"CRATE": 1}))
        self.pull()
        self.assertEqual((self.on_hand(self.cup), self.on_hand(self.product_a)), (276, 9))
        self.assertEqual(self.open_units(fulfillment.sale_id), {self.cup: 24, self.product_a: 1})

    def test_bill_of_materials_that_changes_after_sending(self):
        for change in (lambda: self.bill.bom_line_ids.write({"product_qty": 8}), self.replace_part):
            with self.subTest(), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                self.control("PUT", "stock/KIT-6", fulfillable=50)
                fulfillment = self.sent({self.box: 2})
                change()
                self.env.invalidate_all()
                self.ship(fulfillment, ("1Z1", {"KIT-6": 1}))
                self.pull()
                self.assertEqual((fulfillment.line_ids.shipped_quantity, self.on_hand(self.cup)), (1, 294))
                self.cannot_fulfill(fulfillment, **{"KIT-6": 1})
                self.reread(fulfillment)
                self.assertEqual((self.on_hand(self.cup), self.free(self.cup)), (294, 294))
                savepoint.rollback()
            self.env.invalidate_all()

    def replace_part(self):
        self.bill.bom_line_ids.unlink()
        self.bill.write({"bom_line_ids": [Command.create({"product_id": self.product_b.id, "product_qty": 1})]})

    def test_preview_and_lost_answer(self):
        order = self.sourced({self.box: 2})
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.action_preview()
        [call] = self.journal("getFulfillmentPreview")
        self.assertEqual([(it["sellerSku"], it["quantity"]) for it in call["body"]["items"]], [("KIT-6", 2)])
        fulfillment.action_submit()
        self.fault("createFulfillmentOrder", "drop_after")
        self.push()
        self.make_due(fulfillment)
        self.push()
        self.assertEqual((fulfillment.state, self.create_count()), ("in_shipping", 1))
        self.assert_same_at_amazon(fulfillment)

    def test_boxes_and_cups_in_a_delivery_are_not_merged(self):
        """One line of 3 boxes: two SKUs of the kit have one and two."""
        self.boxes.fulfillable_quantity = 2
        self.counted("KIT-6B", self.box, 1)
        order = self.sourced({self.box: 3})
        self.assertEqual(self.lines_of(order), [[("KIT-6", 2), ("KIT-6B", 1)]])
        self.assertEqual(sorted(order.order_line.move_ids._fba_open().mapped("product_qty")), [6, 12])

    def test_forced_delivery_of_a_box(self):
        fulfillment = self.sent({self.box: 1})
        self.env.user.group_ids |= self.env.ref("fba_connector.group_fba_manager")
        fulfillment.picking_ids.action_fba_force()
        fulfillment.picking_ids.button_validate()
        self.ship(fulfillment, ("1Z1", {"KIT-6": 1}))
        self.pull()
        self.assertEqual((fulfillment.line_ids.shipped_quantity, self.on_hand(self.cup)), (1, 294))

    def test_lots_of_a_box_are_told(self):
        self.cup.tracking = "lot"
        fulfillment = self.sent({self.box: 1})
        item = {"seller_sku": "KIT-6", "quantity": 1, "lot_codes": ["L1"]}
        box = {"carrier_code": "UPS", "tracking_number": "1Z1", "items": [item]}
        self.control("POST", f"fulfillment-orders/{fulfillment.name}/ship", packages=[box])
        self.pull()
        self.assertEqual(fulfillment.picking_ids.state, "done")
        self.assertFalse(fulfillment.picking_ids.move_line_ids.lot_id)
        self.assertTrue([it for it in fulfillment.picking_ids.message_ids if "CUP: L1" in str(it.body)])

    def test_restored_backup_adopts_the_box(self):
        fulfillment = self.sent({self.box: 2})
        self.forget_sending(fulfillment)
        fulfillment.action_submit()
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping", fulfillment.error_message)
        self.assertIn("read", fulfillment.sighting_ids.mapped("source"))
        self.assert_same_at_amazon(fulfillment)

    def test_confirmation_names_the_boxes(self):
        pair = self.counted("KIT-12", self.box, 5, pack_size=2)
        self.boxes.sequence = 20
        fulfillment = self.sent({self.box: 2, self.product_a: 3})
        self.assertEqual(self.requested(), [[(pair.seller_sku, 1), ("A", 3)]])
        self.ship(fulfillment, ("1Z1", {"KIT-12": 1, "A": 3}))
        self.pull()
        self.assertEqual(fulfillment.picking_ids._fba_goods(), [(2, "KIT-6"), (3, "Product A")])
        body = self.env["mail.mail"].search([("model", "=", "stock.picking")], order="id desc", limit=1).body_html
        self.assertRegex(body, r"2\s*×\s*KIT-6")

    def test_boxes_and_single_cups_in_one_order(self):
        self.stock(self.afn, self.cup, 2)
        self.control("PUT", "stock/CUP", fulfillable=2)
        self.sourced({self.box: 1})  # neither sent nor counted
        fulfillment = self.sent({self.box: 1, self.cup: 2})
        self.assertEqual(self.requested(), [[("KIT-6", 1), ("CUP", 2)]])
        self.ship(fulfillment, ("1Z1", {"CUP": 2}))
        self.pull()
        self.assertEqual(fulfillment.sale_id.order_line.mapped("qty_delivered"), [0, 2])
        self.ship(fulfillment, ("1Z2", {"KIT-6": 1}))
        self.reread(fulfillment)
        self.assertEqual(fulfillment.sale_id.order_line.mapped("qty_delivered"), [1, 2])
        self.assert_adds_up(fulfillment.sale_id)
