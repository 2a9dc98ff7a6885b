"""Whatever users and Amazon do to an order, in any order: its units add up, and nothing is returned by mistake."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FbaCase
from .sequences import SEQUENCES

quantities = st.integers(0, 12)
NONE = st.just(0)
FEW = st.integers(1, 5)
# What matters most is drawn more often: changes of the quantity, the way to Amazon and back.
STEPS = st.one_of(
    st.tuples(st.just("order"), quantities),
    st.tuples(st.just("order"), quantities),
    st.tuples(st.just("button"), NONE),
    st.tuples(st.just("release"), FEW),
    st.tuples(st.just("release_own"), FEW),
    st.tuples(st.sampled_from(["button", "own"]), NONE),
    st.tuples(st.sampled_from(["arrive", "arrive_own"]), FEW),
    st.tuples(st.just("send"), NONE),
    st.tuples(st.just("send"), NONE),
    st.tuples(st.just("ship"), FEW),
    st.tuples(st.just("ship"), FEW),
    st.tuples(st.sampled_from(["deliver_own", "cannot_fulfill", "cancel_request"]), NONE),
    st.tuples(st.sampled_from(["deliver_own", "cancel_request", "cancel"]), NONE),
)
AUTOMATION = st.fixed_dictionaries(
    {
        "auto_source": st.sampled_from(["never", "when_short", "always"]),
        "auto_split": st.booleans(),
        "auto_submit": st.booleans(),
    }
)


@tagged("post_install", "-at_install")
class TestSourcingProperty(FbaCase):
    @SEQUENCES
    @given(AUTOMATION, st.integers(1, 12), st.integers(0, 8), st.lists(STEPS, min_size=6, max_size=14))
    def test_any_sequence_adds_up(self, automation, ordered, own, steps):
        with self.cr.savepoint() as savepoint:
            self.reset_simulator()
            self.account.write(automation)
            self.stock(self.afn, self.product_a, -4)
            if own:
                self.stock(self.own, self.product_a, own)
            order = self.sell({self.product_a: ordered})
            order.action_confirm()
            self.assert_adds_up(order)
            for step, quantity in steps:
                # Refused with a reason: a step like any other.
                with contextlib.suppress(UserError), self.cr.savepoint():
                    getattr(self, f"do_{step}")(order, quantity)
                try:
                    self.assert_adds_up(order)
                except AssertionError as error:
                    error.add_note(f"{automation}, {ordered} ordered, {own} own, after {step} {quantity} of {steps}")
                    raise
            savepoint.rollback()

    def moves(self, order, warehouse):
        moves = order.order_line.move_ids._fba_open()
        return moves.filtered(lambda move: move.picking_type_id.warehouse_id == warehouse)

    def fulfillments(self, order, *states):
        return order.fba_fulfillment_order_ids.filtered(lambda fulfillment: fulfillment.state in states)

    def do_order(self, order, quantity):
        order.order_line.product_uom_qty = quantity

    def do_button(self, order, _quantity):
        order.action_fulfill_by_amazon()

    def do_own(self, order, _quantity):
        order.order_line.action_fba_source_from_own()

    def do_release(self, order, quantity):
        if move := self.moves(order, self.afn)[:1]:
            move.action_fba_release(min(quantity, move.product_qty))

    def do_release_own(self, order, quantity):
        if move := self.moves(order, self.own)[:1]:
            move.action_fba_release(min(quantity, move.product_qty))

    def arrive(self, warehouse, quantity):
        quant = self.env["stock.quant"]._gather(self.product_a, warehouse.lot_stock_id)[:1]
        if quant:
            quant.inventory_quantity = quant.quantity + quantity
            quant.action_apply_inventory()

    def do_arrive(self, _order, quantity):
        self.arrive(self.afn, quantity)

    def do_arrive_own(self, _order, quantity):
        self.arrive(self.own, quantity)

    def do_deliver_own(self, order, _quantity):
        for delivery in self.moves(order, self.own).picking_id:
            for move in delivery.move_ids:
                move.picked = bool(move.quantity)
            if any(delivery.move_ids.mapped("picked")):
                delivery.with_context(skip_backorder=True).button_validate()

    def do_send(self, order, _quantity):
        for fulfillment in self.fulfillments(order, "ready"):
            fulfillment.action_submit()
        self.push()

    def do_ship(self, order, quantity):
        for fulfillment in self.fulfillments(order, "in_shipping")[:1]:
            left = sum(fulfillment.line_ids._open_moves().mapped("product_qty"))
            self.ship(fulfillment, (f"1Z{fulfillment.id}", {"A": int(min(quantity, left))}))
            fulfillment.action_refresh()  # a pull would see a second shipment only a quarter of an hour later

    def do_cannot_fulfill(self, order, _quantity):
        for fulfillment in self.fulfillments(order, "in_shipping")[:1]:
            self.cannot_fulfill(fulfillment)
        self.pull()

    def do_cancel_request(self, order, _quantity):
        for fulfillment in order.fba_fulfillment_order_ids.filtered("can_cancel")[:1]:
            fulfillment.action_request_cancel()
        self.advance(minutes=60)
        self.pull()

    def do_cancel(self, order, _quantity):
        order.action_cancel()
        self.push()
        self.advance(minutes=60)
        self.pull()
