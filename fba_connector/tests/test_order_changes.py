from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..models.shared.fba_fulfillment_options import LIMITS
from .common import FbaCase


class OrderCase(FbaCase):
    def parts(self, order):
        """(open at AFN and not sent, sent, open at the own warehouse, without source) units of a one-line order."""
        self.env.invalidate_all()
        moves = order.order_line.move_ids._fba_open()
        afn = moves.filtered(lambda move: move.picking_type_id.warehouse_id == self.afn)
        sent = afn.filtered(lambda move: move._fba_is_at_amazon())
        return (
            sum((afn - sent).mapped("product_qty")),
            sum(sent.mapped("product_qty")),
            sum((moves - afn).mapped("product_qty")),
            order.order_line.fba_unsourced_qty,
        )

    def split_order(self):
        """10 ordered: 6 from FBA, 4 from the own warehouse."""
        self.account.write({"auto_source": "when_short", "auto_split": True})
        self.stock(self.afn, self.product_a, -4)
        self.stock(self.own, self.product_a, 4)
        order = self.sell({self.product_a: 10})
        order.action_confirm()
        self.assertEqual(self.parts(order), (6, 0, 4, 0))
        self.assert_adds_up(order)
        return order

    def afn_move(self, order):
        moves = self.rows(order).move_id.filtered(lambda move: move.picking_type_id.warehouse_id == self.afn)
        return moves._fba_open()


@tagged("post_install", "-at_install")
class TestOrderChanges(OrderCase):
    """Orders that are changed after they were sourced, and what the changes do to stock and to what Amazon was sent."""

    def test_the_long_way(self):
        order = self.split_order()
        fulfillment = order.fba_fulfillment_order_ids
        self.afn_move(order).action_fba_release(2)
        self.assertEqual(self.parts(order), (4, 0, 4, 2))
        self.assertEqual(fulfillment.line_ids.quantity, 4)
        self.assertEqual(self.free(self.product_a), 2)
        self.assert_adds_up(order)

        order.order_line.product_uom_qty = 12
        self.assertEqual(self.parts(order), (6, 0, 4, 2))
        self.assert_adds_up(order)

        order.order_line.product_uom_qty = 1
        self.assertEqual(self.parts(order), (1, 0, 0, 0))
        self.assertEqual(fulfillment.line_ids.quantity, 1)
        self.assert_adds_up(order)

        order.action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self.parts(order), (0, 0, 0, 0))
        self.assertEqual(fulfillment.state, "cancelled")
        self.assertEqual((self.free(self.product_a), self.free(self.product_a, self.own)), (6, 4))
        self.assert_adds_up(order)

    def test_lowering_spares_what_was_sent(self):
        order = self.split_order()
        order.fba_fulfillment_order_ids.action_submit()
        self.push()
        order.order_line.product_uom_qty = 7
        self.assertEqual(self.parts(order), (0, 6, 1, 0))
        with (
            self.assertRaisesRegex(UserError, "6.* × .*can no longer be removed. Request cancellation"),
            self.cr.savepoint(),
        ):
            order.order_line.product_uom_qty = 5
        order.order_line.product_uom_qty = 6
        self.assertEqual(self.parts(order), (0, 6, 0, 0))
        self.assert_adds_up(order)

    def test_raising_goes_beside_what_was_sent(self):
        order = self.sent({self.product_a: 4}).sale_id
        order.order_line.product_uom_qty = 6
        self.assertEqual(self.parts(order), (2, 4, 0, 0))
        self.assertEqual(len(self.open_deliveries(order)), 2)
        self.assert_adds_up(order)

    def test_raising_beyond_amazons_stock_goes_the_orders_own_way(self):
        order = self.sourced({self.product_a: 4})
        order.order_line.product_uom_qty = 14
        self.assertEqual(self.parts(order), (4, 0, 10, 0))
        self.assert_adds_up(order)

    def test_lowering_after_the_pick_is_refused_instead_of_returned(self):
        order = self.split_order()
        self.own.delivery_steps = "pick_ship"
        self.stock(self.own, self.product_b, 5)
        order = self.sell({self.product_b: 5})
        order.action_confirm()
        self.rows(order).move_id.action_fba_release(2)
        order.action_fulfill_by_amazon()
        pick = order.picking_ids.filtered(lambda picking: picking.picking_type_id == self.own.pick_type_id)
        pick.button_validate()
        with self.assertRaisesRegex(UserError, "is already on its way"), self.cr.savepoint():
            order.order_line.product_uom_qty = 1
        order.order_line.product_uom_qty = 3
        self.assertFalse(order.picking_ids.filtered(lambda picking: picking.picking_type_code == "incoming"))

    def test_release_takes_no_more_than_there_is(self):
        order = self.sourced({self.product_a: 4})
        for quantity in (-1, 0, 5):
            with self.assertRaisesRegex(UserError, "above 0, up to 4"):
                self.afn_move(order).action_fba_release(quantity)

    def test_release_wizard(self):
        order = self.sourced({self.product_a: 4})
        action = self.rows(order).action_release()
        wizard = Form(self.env[action["res_model"]].with_context(**action["context"]))
        self.assertEqual(wizard.quantity, 4)
        wizard.quantity = 3
        wizard.save().action_confirm()
        self.assertEqual(self.parts(order), (1, 0, 0, 3))
        self.assertIn("Released: 3 ×", order.message_ids[0].body)

    def test_row_without_source_is_sourced_beside_what_is_reserved(self):
        self.stock(self.own, self.product_a, 4)
        order = self.sell({self.product_a: 4})
        order.action_confirm()
        row = self.rows(order)
        self.assertFalse(row.can_source)
        self.assertIn("is reserved by", row.note)
        with self.assertRaisesRegex(UserError, "is reserved by"):
            row.action_source()
        row.move_id.action_fba_release(1)
        reserved, unsourced = self.rows(order)
        self.assertRecordValues(
            reserved + unsourced,
            [
                {"status": "reserved", "assigned": 3, "can_source": False, "can_release": True},
                {"status": "unsourced", "assigned": 1, "can_source": True, "can_release": False},
            ],
        )
        self.assertIn("10 free at Test FBA", unsourced.note)
        unsourced.action_source()
        self.assertEqual(self.parts(order), (1, 0, 3, 0))
        self.assert_adds_up(order)

    def test_dozens_in_three_parts_stay_whole(self):
        """8 from the own warehouse, 8 from Amazon, 8 without source: none of them a third of a dozen to Odoo."""
        self.account.auto_split = True
        self.stock(self.own, self.product_a, 100)
        self.stock(self.afn, self.product_a, -2)
        order = self.sell({self.product_a: 2})
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        self.rows(order).move_id.action_fba_release(16)
        order.action_fulfill_by_amazon()
        self.assertEqual((self.parts(order)[:3], order.order_line.fba_unsourced_product_qty), ((8, 0, 8), 8))
        self.assert_adds_up(order)
        order.fba_fulfillment_order_ids.action_submit()
        self.push()
        self.stock(self.afn, self.product_a, 8)
        order.action_fulfill_by_amazon()
        self.assertEqual(self.parts(order), (8, 8, 8, 0))
        self.assert_adds_up(order)

    def test_lowered_dozens_leave_no_crumbs(self):
        order = self.sell({self.product_a: 1})
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        self.rows(order).move_id.action_fba_release(7)
        order.order_line.product_uom_qty = 0.42
        self.assertFalse(order.order_line.fba_unsourced_product_qty)

    def test_half_a_piece_is_not_released(self):
        order = self.sourced({self.product_a: 4})
        with self.assertRaisesRegex(UserError, "ships whole pieces only"):
            self.afn_move(order).action_fba_release(0.5)

    def test_half_a_piece_of_an_own_warehouse_is_not_released(self):
        """Nor could Amazon ship it; what is measured, or what Amazon does not know, is released in any part."""
        self.stock(self.own, self.product_a, 4)
        order = self.sell({self.product_a: 4})
        order.action_confirm()
        move = self.rows(order).move_id
        with self.assertRaisesRegex(UserError, "ships whole pieces only"):
            move.action_fba_release(0.5)
        self.product_a.default_code = False
        move.action_fba_release(0.5)
        self.assertEqual(order.order_line.fba_unsourced_product_qty, 0.5)
        cable = self.env["product.product"].create(
            {
                "name": "Cable",
                "default_code": "CABLE",
                "is_storable": True,
                "uom_id": self.env.ref("uom.product_uom_meter").id,
            }
        )
        order = self.sell({cable: 4})
        order.action_confirm()
        self.rows(order).move_id.action_fba_release(0.5)
        self.assertEqual(order.order_line.fba_unsourced_product_qty, 0.5)

    def test_reason_of_several_lines_is_told_once(self):
        order = self.sell({self.product_a: 1, self.product_b: 1})
        order.action_confirm()
        order.partner_shipping_id = self.env["res.partner"].create({"name": "Nowhere"})
        with self.assertRaises(UserError) as caught:
            order.action_fulfill_by_amazon()
        self.assertEqual(str(caught.exception).count("has no country"), 1)

    def test_line_of_which_nothing_is_left_is_shown_to_nobody(self):
        order = self.sourced({self.product_a: 4, self.product_b: 1})
        lines = order.order_line
        self.assertTrue(all(lines.mapped("fba_is_kept")), "Odoo deletes no line of a confirmed order")
        lines[0].move_ids.action_fba_release()
        lines[0].product_uom_qty = 0
        self.assertEqual(order._get_order_lines_to_report(), lines[1])
        plain = self.sell({self.product_a: 1})
        plain.action_confirm()
        plain.order_line.product_uom_qty = 0
        self.assertEqual(plain._get_order_lines_to_report(), plain.order_line, "Odoo's own way stands")
        self.assertFalse(plain.order_line.fba_is_kept)

    def test_delivery_cancelled_in_inventory_leaves_its_units_without_source(self):
        order = self.sourced({self.product_a: 4})
        self.open_deliveries(order).action_cancel()
        self.assertEqual(self.parts(order), (0, 0, 0, 4))
        order.action_fulfill_by_amazon()
        self.assertEqual(self.parts(order), (4, 0, 0, 0))
        self.assert_adds_up(order)

    def test_queued_row_is_cancelled_not_released(self):
        order = self.sourced({self.product_a: 4})
        order.fba_fulfillment_order_ids.action_submit()
        row = self.rows(order)
        self.assertRecordValues(row, [{"status": "queued", "can_release": False, "can_cancel": True}])
        row.action_request_cancel()
        self.assertEqual(self.parts(order), (0, 0, 0, 4))

    # === ADDRESS AND DELIVERY METHOD === #

    def test_address_changed_before_sending_is_used(self):
        order = self.sourced({self.product_a: 1})
        other = self.customer.copy({"name": "Other Door", "street": "9 Side Street"})
        order.partner_shipping_id = other
        self.assertEqual(self.open_deliveries(order).partner_id, other)
        order.fba_fulfillment_order_ids.action_submit()
        self.push()
        [sent] = self.control("GET", "fulfillment-orders")
        self.assertEqual(sent["request"]["destinationAddress"]["addressLine1"], "9 Side Street")

    def test_address_changed_after_sending_is_warned_of(self):
        self.env.user.group_ids += self.env.ref("account.group_delivery_invoice_address")
        order = self.sent({self.product_a: 1}).sale_id
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs, Form(order) as form:
            form.partner_shipping_id = self.customer.copy()
        self.assertIn("ships it as sent", "".join(logs.output))
        self.assertTrue(any("ships it as sent" in (body or "") for body in order.message_ids.mapped("body")))

    def test_address_that_amazon_does_not_serve_is_refused_before_sending(self):
        order = self.sourced({self.product_a: 1})
        order.partner_shipping_id = self.customer.copy({"country_id": self.env.ref("base.fr").id, "state_id": False})
        with self.assertRaisesRegex(UserError, "Test FBA does not deliver to France"):
            order.fba_fulfillment_order_ids.action_submit()

    def test_queued_order_does_not_follow_its_address_abroad(self):
        order = self.sourced({self.product_a: 1})
        order.fba_fulfillment_order_ids.action_submit()
        order.partner_shipping_id = self.customer.copy({"country_id": self.env.ref("base.fr").id, "state_id": False})
        self.push()
        self.assertFalse(self.journal("createFulfillmentOrder"))
        self.assertEqual(order.fba_status, "ready")
        self.assertIn("does not deliver to France", order.fba_message)

    def test_new_address_keeps_the_speed_chosen_by_hand(self):
        order = self.sourced({self.product_a: 1})
        order.fba_fulfillment_order_ids.shipping_speed = "Priority"
        order.partner_shipping_id = self.customer.copy()
        self.assertEqual(order.fba_fulfillment_order_ids.shipping_speed, "Priority")

    def test_delivery_method_changed_before_sending_sets_the_speed(self):
        order = self.sourced({self.product_a: 1})
        product = self.env["product.product"].create({"name": "Delivery", "type": "service"})
        order.carrier_id = self.env["delivery.carrier"].create(
            {"name": "Courier", "product_id": product.id, "fba_shipping_speed": "Expedited"}
        )
        self.assertEqual(order.fba_fulfillment_order_ids.shipping_speed, "Expedited")

    def test_duplicate_starts_anew(self):
        order = self.sent({self.product_a: 4}).sale_id
        copy = order.copy()
        self.assertFalse(copy.fba_status or copy.fba_fulfillment_order_ids or copy.order_line.fba_warehouse_id)
        copy.action_confirm()
        self.assert_adds_up(copy)

    def test_delivery_status_is_not_full_without_a_source(self):
        order = self.sourced({self.product_a: 4})
        self.afn_move(order).action_fba_release()
        self.assertEqual(order.delivery_status, "pending")

    # === BY FORCE === #

    def test_only_administrators_take_a_delivery_out_of_amazons_hands(self):
        order = self.sent({self.product_a: 4}).sale_id
        delivery = self.open_deliveries(order)
        clerk = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "clerk",
                "group_ids": [
                    Command.link(self.env.ref("fba_connector.group_fba_user").id),
                    Command.link(self.env.ref("stock.group_stock_user").id),
                ],
            }
        )
        with self.assertRaisesRegex(AccessError, "Only FBA Administrators"):
            delivery.with_user(clerk).action_fba_force()
        delivery.action_fba_force()
        self.assertIn("out of Amazon's hands", order.message_ids[0].body.unescape())
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")

    def test_forced_delivery_that_amazon_ships_all_the_same_is_told_and_ends(self):
        fulfillment = self.sent({self.product_a: 4})
        order = fulfillment.sale_id
        delivery = self.open_deliveries(order)
        delivery.action_fba_force()
        delivery.button_validate()
        self.ship(fulfillment, ("1Z", {"A": 4}))
        self.pull()
        self.assertEqual(fulfillment.state, "shipped")
        self.assertEqual(order.order_line.qty_delivered, 4)
        self.assertIn("anyway", order.activity_ids.note)

    def test_forced_delivery_that_is_still_open_stays_with_whoever_took_it(self):
        fulfillment = self.sent({self.product_a: 4, self.product_b: 1})
        delivery = self.open_deliveries(fulfillment.sale_id)
        delivery.action_fba_force()
        delivery.move_ids[0].write({"quantity": 1, "picked": True})
        Form.from_action(self.env, delivery.button_validate()).save().process()
        self.ship(fulfillment, ("1Z", {"A": 4}))
        self.control("POST", f"fulfillment-orders/{fulfillment.name}/status", status="Cancelled")
        self.pull()
        self.assertEqual(fulfillment.state, "shipped")
        rest = self.open_deliveries(fulfillment.sale_id)
        self.assertEqual(sorted(rest.move_ids.mapped("product_qty")), [1, 3])
        self.assertIn("anyway", fulfillment.sale_id.activity_ids.note)
        rest.action_cancel()

    def test_afn_deliveries_are_reserved_at_confirmation(self):
        with self.assertRaisesRegex(ValidationError, "reserve its deliveries at confirmation"):
            self.afn.out_type_id.reservation_method = "manual"

    # === TOO LARGE FOR ONE ORDER === #

    def test_units_beyond_amazons_limit_go_to_a_second_order(self):
        self.stock(self.afn, self.product_a, 600)
        order = self.sourced({self.product_a: 2 * LIMITS.units + 10})
        fulfillments = order.fba_fulfillment_order_ids.sorted("id")
        self.assertEqual(fulfillments.mapped("unit_count"), [LIMITS.units, LIMITS.units, 10])
        self.assertEqual(set(fulfillments.mapped("state")), {"ready"})
        self.assertEqual(len(set(fulfillments.mapped("name"))), 3)
        self.assert_adds_up(order)
        order.order_line.product_uom_qty = 5
        self.assertEqual(sum(fulfillments.line_ids._open_moves().mapped("product_qty")), 5)
        self.assert_adds_up(order)

    def test_raised_beyond_the_limit_is_split(self):
        self.stock(self.afn, self.product_a, 600)
        order = self.sourced({self.product_a: 100})
        order.order_line.product_uom_qty = LIMITS.units + 1
        self.assertEqual(order.fba_fulfillment_order_ids.sorted("id").mapped("unit_count"), [LIMITS.units, 1])
        self.assert_adds_up(order)

    def test_line_that_no_longer_fits_moves_as_a_whole(self):
        self.stock(self.afn, self.product_a, 600)
        self.stock(self.afn, self.product_b, 600)
        order = self.sourced({self.product_a: 100, self.product_b: 100})
        order.order_line[0].product_uom_qty = LIMITS.units
        first, second = order.fba_fulfillment_order_ids.sorted("id")
        self.assertEqual((first.line_ids.product_id, second.line_ids.product_id), (self.product_a, self.product_b))
        self.assertEqual((first.unit_count, second.unit_count), (LIMITS.units, 100))
        self.assert_adds_up(order)

    def test_lines_beyond_amazons_limit_go_to_a_second_order(self):
        order = self.sell({self.product_a: 1})
        self.stock(self.afn, self.product_a, 200)
        self.env["sale.order.line"].create(
            [
                {"order_id": order.id, "product_id": self.product_a.id, "product_uom_qty": 1}
                for _n in range(LIMITS.lines)
            ]
        )
        order.action_confirm()
        order.action_fulfill_by_amazon()
        self.assertEqual(
            [len(fulfillment.line_ids) for fulfillment in order.fba_fulfillment_order_ids.sorted("id")],
            [LIMITS.lines, 1],
        )
        self.assert_adds_up(order)

    # === TWO ACCOUNTS === #

    def test_two_accounts_on_one_order(self):
        second = self.env["fba.account"].create(self.account_values("Second store", **self.another_seller()))
        warehouse = self.env["stock.warehouse"].create(
            {
                "name": "Second FBA",
                "code": "SFBA",
                "is_afn": True,
                "fba_account_id": second.id,
                "fba_marketplace_id": self.env.ref("fba_connector.marketplace_us").id,
            }
        )
        product = self.env["product.product"].create({"name": "Product C", "default_code": "C", "is_storable": True})
        self.stock(warehouse, product, 5)
        order = self.sourced({self.product_a: 1, product: 2})
        self.assertEqual(order.fba_fulfillment_order_ids.account_id, self.account + second)
        self.assert_adds_up(order)
