"""Sales on Amazon leave from where their units were: *Held by Amazon* if it had reserved them, else *Stock*."""

from odoo.fields import Command
from odoo.tests import tagged

from .sold import sold_order, stage
from .test_inventory import InTimeCase


class SoldFromCase(InTimeCase):
    def setUp(self):
        super().setUp()
        self.read_clock()
        self.sync()
        (self.sku("A") + self.sku("B"))._confirm()
        self.before = self.adjusted(self.product_a)

    def advance(self, minutes):
        self.control("POST", "clock/advance", seconds=60 * minutes)
        self.read_clock()

    def sold(self, units, status="SHIPPED"):
        self.advance(1)
        return self.sell_on_amazon(units, status=status)

    def ship_sale(self, *sales):
        for sale in sales:
            self.control("POST", f"sales/{sale}/status", status="SHIPPED")

    def import_orders(self):
        self.advance(10)
        self.run_job("import_amazon_orders")
        self.env.invalidate_all()

    def order(self, sale):
        row = self.env["fba.amazon.order"].search([("amazon_order_id", "=", sale)])
        self.assertEqual(row.state, "done", row.error_message)
        return row.sale_id

    def left_from(self, sale):
        """{location: units} of its delivered moves."""
        moves = self.order(sale).picking_ids.move_ids
        self.assertEqual(set(moves.mapped("state")), {"done"})
        return {location: sum(same.mapped("quantity")) for location, same in moves.grouped("location_id").items()}

    def assert_agrees(self, *counts):
        """Two counts later Odoo has these (Stock, Held, Unsellable), and nothing was adjusted."""
        self.full_cycle()
        self.assertEqual(self.in_odoo(self.product_a), counts)
        self.assertEqual(self.adjusted(self.product_a), self.before)
        self.assertFalse(self.difference())

    @property
    def held(self):
        return self.afn.fba_held_location_id

    @property
    def stocked(self):
        return self.afn.lot_stock_id


@tagged("post_install", "-at_install")
class TestSoldFrom(SoldFromCase):
    def test_sale_since_the_count_lowers_stock_at_once_and_not_units_in_transfer(self):
        self.move("A", 2, "fulfillable", "transshipment")
        self.sync()
        sale = self.sold(3)
        self.import_orders()
        self.assertEqual(self.left_from(sale), {self.stocked: 3})
        self.assertEqual(self.order(sale).picking_ids.location_id, self.stocked)
        self.assertEqual(self.in_odoo(self.product_a), (5, 2, 0))
        self.assert_agrees(5, 2, 0)

    def test_sale_since_the_count_takes_nothing_that_another_order_reserved(self):
        other = self.sold(4, status="UNSHIPPED")
        self.sync()
        sale = self.sold(3)
        self.import_orders()
        self.assertEqual(self.left_from(sale), {self.stocked: 3})
        self.assertEqual(self.in_odoo(self.product_a), (3, 4, 0))
        self.ship_sale(other)
        self.import_orders()
        self.assertEqual(self.left_from(other), {self.held: 4})
        self.assert_agrees(3, 0, 0)

    def test_sale_that_was_reserved_leaves_from_held(self):
        self.move("A", 2, "fulfillable", "transshipment")
        sale = self.sold(3, status="UNSHIPPED")
        self.sync()
        self.assertEqual(self.in_odoo(self.product_a), (5, 5, 0))
        self.ship_sale(sale)
        self.import_orders()
        self.assertEqual(self.left_from(sale), {self.held: 3})
        self.assertEqual(self.order(sale).picking_ids.location_id, self.held)
        self.assertEqual(self.in_odoo(self.product_a), (5, 2, 0))
        self.assert_agrees(5, 2, 0)

    def test_more_than_was_reserved_leaves_from_stock_the_youngest_first(self):
        old, young = self.sold(2, status="UNSHIPPED"), self.sold(3, status="UNSHIPPED")
        self.sync()
        self.assertEqual(self.in_odoo(self.product_a), (5, 5, 0))
        self.afn.sudo()._fba_transfer([(self.product_a, 2, self.held, self.stocked)])  # as a person may
        self.ship_sale(young, old)
        self.import_orders()
        self.assertEqual(self.left_from(old), {self.held: 2})
        self.assertEqual(self.left_from(young), {self.held: 1, self.stocked: 2})
        order = self.order(young)
        self.assertEqual(len(order.picking_ids), 1, "one delivery")
        self.assertEqual(order.order_line[0].qty_delivered, 3)
        self.assertEqual(order.delivery_status, "full")
        self.assertEqual(self.in_odoo(self.product_a), (5, 0, 0))
        self.assert_agrees(5, 0, 0)

    def test_return_of_a_sale_from_both_is_of_its_line(self):
        sale = self.sold(3, status="UNSHIPPED")
        self.sync()
        self.afn.sudo()._fba_transfer([(self.product_a, 2, self.held, self.stocked)])
        self.ship_sale(sale)
        self.import_orders()
        wizard = self.env["stock.return.picking"].create({"picking_id": self.order(sale).picking_ids.id})
        returned = self.env["stock.picking"].browse(wizard.action_create_returns_all()["res_id"])
        returned.move_ids.write({"picked": True})
        returned.button_validate()
        self.assertEqual(returned.state, "done")
        self.assertEqual(sum(returned.move_ids.mapped("quantity")), 3)
        self.assertEqual(self.order(sale).order_line[0].qty_delivered, 0)

    def test_sale_that_was_counted_as_unexplained_leaves_from_held(self):
        self.move("A", 1, "fulfillable", "transshipment")
        self.sync()
        sale = self.sold(3)
        self.advance(30)
        self.count_only()
        self.assertEqual(self.in_odoo(self.product_a), (6, 4, 0))
        later = self.sold(2)
        self.import_orders()
        self.assertEqual(self.left_from(sale), {self.held: 3})
        self.assertEqual(self.left_from(later), {self.stocked: 2})
        self.assertEqual(self.in_odoo(self.product_a), (4, 1, 0))
        self.assert_agrees(4, 1, 0)

    def test_sale_that_the_count_missed_takes_no_units_in_transfer(self):
        self.move("A", 2, "fulfillable", "transshipment")
        self.sync()
        sale = self.sold(3)
        self.advance(1)
        self.count_as_of_now("A")  # Amazon's counts lag behind its orders
        self.import_orders()
        self.assertEqual(self.left_from(sale), {self.stocked: 3})
        self.assert_agrees(5, 2, 0)

    def test_without_synchronization_all_leaves_from_stock(self):
        for setting in ("sync_inventory", "first_sync_confirmed"):
            with self.subTest(setting=setting):
                sale = self.sold(1, status="UNSHIPPED")
                self.sync()
                self.account[setting] = False
                self.ship_sale(sale)
                self.import_orders()
                self.assertEqual(self.left_from(sale), {self.stocked: 1})
                self.account[setting] = True

    def test_own_orders_sent_meanwhile_keep_their_units(self):
        own = self.sent({self.product_a: 4})
        reserved = self.sold(2, status="UNSHIPPED")
        self.sync()
        self.assertEqual(self.in_odoo(self.product_a), (8, 2, 0))
        self.ship_sale(reserved)
        since = self.sold(3)
        self.import_orders()
        self.assertEqual((self.left_from(reserved), self.left_from(since)), ({self.held: 2}, {self.stocked: 3}))
        self.assertEqual(self.in_odoo(self.product_a), (5, 0, 0))
        self.assertEqual(sum(own.line_ids.move_ids.mapped("quantity")), 4)
        self.ship(own, ("1Z1", {"A": 4}))
        self.advance(10)
        self.assert_agrees(1, 0, 0)
        self.assertEqual(own.state, "shipped")

    def test_sale_since_a_count_of_an_unread_shipment_takes_nothing_from_the_order_that_shipped(self):
        own = self.sent({self.product_a: 4})
        self.ship(own, ("1Z1", {"A": 4}))
        self.count_only()
        self.assertEqual(self.in_odoo(self.product_a), (6, 4, 0))
        sales = [self.sold(3), self.sold(1)]
        self.import_orders()
        self.assertEqual([self.left_from(sale) for sale in sales], [{self.stocked: 2, self.held: 1}, {self.held: 1}])
        self.assertEqual(sum(own.line_ids.move_ids.mapped("quantity")), 4)
        self.assert_agrees(2, 0, 0)
        self.assertEqual(own.state, "shipped")

    def test_sale_from_stock_releases_what_an_unsent_order_can_no_longer_get(self):
        own = self.sourced({self.product_a: 8}).fba_fulfillment_order_ids
        self.assertEqual(own.state, "ready")
        self.sold(3)
        self.import_orders()
        self.assertEqual(own.state, "waiting")
        quants = self.env["stock.quant"]._gather(self.product_a, self.stocked)
        self.assertEqual((sum(quants.mapped("quantity")), sum(quants.mapped("reserved_quantity"))), (7, 7))
        self.assert_agrees(7, 0, 0)

    def test_kit_leaves_by_component(self):
        if "mrp.bom" not in self.env:
            self.skipTest("Manufacturing is not installed")
        kit = self.env["product.product"].create({"name": "Kit", "default_code": "KIT", "taxes_id": False})
        parts = {self.product_a: 2, self.product_b: 1}
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": units}) for part, units in parts.items()
                ],
            }
        )
        counts = {"held_quantity": 3, "held_orders_quantity": 2, "observed_at": self.now}
        self.env["fba.sku"].create({"warehouse_id": self.afn.id, "seller_sku": "KIT", "product_id": kit.id, **counts})
        # Held are 2 A and 1 B of the third kit, which is in transfer, and 3 A and 2 B that may be sold.
        held = {self.product_a: 5, self.product_b: 3}
        self.afn.sudo()._fba_transfer([(part, units, self.stocked, self.held) for part, units in held.items()])
        row = stage(self.account, sold_order({"sku": "KIT", "quantity": 2, "ITEM": "10.00"}, total="10.00"))
        row._process()
        self.assertEqual(row.state, "done", row.error_message)
        moves = row.sale_id.picking_ids.move_ids
        self.assertEqual(
            {(move.product_id.default_code, move.location_id): move.quantity for move in moves},
            {("A", self.held): 3, ("A", self.stocked): 1, ("B", self.held): 2},
        )
        self.assertEqual(row.sale_id.order_line.qty_delivered, 2)
        self.assertEqual((self.in_odoo(self.product_a), self.in_odoo(self.product_b)), ((4, 2, 0), (7, 1, 0)))


@tagged("post_install", "-at_install")
class TestSoldFromUncounted(SoldFromCase):
    """Stock that is not synchronized: Odoo alone says what is left."""

    def setUp(self):
        super().setUp()
        self.account.sync_inventory = False
        self.stock(self.afn, self.product_a, -5)  # 5 on hand

    def reserved(self):
        quants = self.env["stock.quant"]._gather(self.product_a, self.stocked)
        return sum(quants.mapped("quantity")), sum(quants.mapped("reserved_quantity"))

    def assert_gives_way(self, *sales):
        """2 sent, 3 ready; Amazon sells 2."""
        sent = self.sent({self.product_a: 2})
        ready = self.sourced({self.product_a: 3}).fba_fulfillment_order_ids
        self.assertEqual((ready.state, self.free(self.product_a)), ("ready", 0))
        for units in sales:
            self.sold(units)
        self.import_orders()
        self.assertEqual(self.reserved(), (3, 3))
        self.assertEqual((ready.state, sent.state), ("waiting", "in_shipping"))
        self.assertEqual(self.free(self.product_a), 0)
        self.assertEqual(sum(sent.line_ids.move_ids.mapped("quantity")), 2)
        return ready

    def test_unsent_order_gives_way_to_a_sale(self):
        ready = self.assert_gives_way(2)
        self.stock(self.afn, self.product_a, 2)
        ready.picking_ids.action_assign()
        self.assertEqual(ready.state, "ready")

    def test_unsent_order_gives_way_to_two_sales(self):
        self.assert_gives_way(1, 1)

    def put_away(self, **where):
        """All units are on a shelf of *Stock*, or in a package or a lot there."""
        self.stock(self.afn, self.product_a, -5)
        self.env["stock.quant"]._update_available_quantity(
            self.product_a, where.pop("location", self.stocked), 5, **where
        )

    def test_units_on_a_shelf_give_way_too(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stocked.id})
        self.put_away(location=shelf)
        self.assert_gives_way(2)

    def test_units_in_a_package_give_way_too(self):
        self.put_away(package_id=self.env["stock.package"].create({"name": "BOX-1"}))
        self.assert_gives_way(2)

    def test_units_of_a_lot_give_way_too(self):
        self.stock(self.afn, self.product_a, -5)
        self.product_a.tracking = "lot"
        self.stock(self.afn, self.product_a, 5)
        self.put_away(lot_id=self.env["stock.lot"].create({"name": "L1", "product_id": self.product_a.id}))
        ready = self.assert_gives_way(2)
        ready.picking_ids.action_assign()
        self.assertEqual((ready.state, self.reserved()), ("waiting", (3, 3)))

    def test_what_nothing_is_reserved_of_is_left_alone(self):
        self.sold(7)
        self.import_orders()
        self.assertEqual(self.reserved(), (-2, 0))
