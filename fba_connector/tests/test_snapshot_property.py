"""Whatever the order in which Amazon's answers reach Odoo, and however often: it ends as the last one alone."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from odoo import fields
from odoo.tests import tagged

from .common import FbaCase
from .sequences import SEQUENCES

UNITS = {"A": 5, "B": 3}
sku = st.sampled_from(sorted(UNITS))
STEPS = st.one_of(
    st.tuples(st.just("ship"), sku, st.integers(1, 3), st.booleans()),
    st.tuples(st.just("ship"), sku, st.integers(1, 3), st.booleans()),
    st.tuples(st.just("give_up"), sku, st.integers(1, 2), st.just(False)),
    st.tuples(st.sampled_from(["track", "pack", "cancel"]), sku, st.just(1), st.just(False)),
)


@tagged("post_install", "-at_install")
class TestSnapshotProperty(FbaCase):
    @SEQUENCES
    @given(st.lists(STEPS, min_size=2, max_size=7), st.data())
    def test_ends_as_the_last_one_alone(self, steps, data):
        with self.cr.savepoint() as savepoint:
            self.reset_simulator()
            fulfillment = self.sent({self.product_a: UNITS["A"], self.product_b: UNITS["B"]})
            snapshots = self.grow(fulfillment, steps)
            count = len(snapshots)
            order = data.draw(st.lists(st.integers(0, count - 1), max_size=2 * count))
            order.insert(data.draw(st.integers(0, len(order))), count - 1)
            ends = []
            for numbers in ([count - 1], order):
                with self.cr.savepoint() as again:
                    for number in numbers:
                        asked_at, snapshot = snapshots[number]
                        fulfillment._apply_snapshot(snapshot, asked_at)
                        self.assert_adds_up(fulfillment.sale_id)
                    ends.append((self.outcome(fulfillment), self.ship_dates(fulfillment)))
                    again.rollback()
                self.env.invalidate_all()
            self.assertEqual(ends[1], ends[0], f"{steps}, applied in the order {order}")
            savepoint.rollback()
        self.env.invalidate_all()

    def grow(self, fulfillment, steps):
        """Amazon's order after each step: (when it was asked for, what Amazon said)."""
        asked_at, snapshots = fields.Datetime.now(), []
        with self.account._open_gateway() as gateway:
            for number, step in enumerate((None, *steps)):
                if step:
                    getattr(self, f"at_amazon_{step[0]}")(fulfillment, *step[1:])
                snapshots.append(
                    (asked_at + timedelta(minutes=number), gateway.get_fulfillment_order(fulfillment.name))
                )
        return snapshots

    def at_amazon(self, fulfillment):
        return next(it for it in self.control("GET", "fulfillment-orders") if it["order_id"] == fulfillment.name)

    def open_units(self, fulfillment, sku, most):
        [line] = [line for line in self.at_amazon(fulfillment)["lines"] if line["seller_sku"] == sku]
        ended = self.at_amazon(fulfillment)["status"] not in ("New", "Received", "Planning", "Processing")
        return 0 if ended else min(line["open"], most)

    def at_amazon_ship(self, fulfillment, sku, units, two_packages):
        units = self.open_units(fulfillment, sku, units)
        if units > 1 and two_packages:
            self.ship(fulfillment, ("T1", {sku: 1}), (None, {sku: units - 1}))
        elif units:
            self.ship(fulfillment, (None, {sku: units}))

    def at_amazon_give_up(self, fulfillment, sku, units, _):
        if units := self.open_units(fulfillment, sku, units):
            self.cannot_fulfill(fulfillment, **{sku: units})

    def at_amazon_pack(self, *_):
        self.advance(minutes=31)

    def at_amazon_cancel(self, fulfillment, *_):
        if self.at_amazon(fulfillment)["status"] in ("New", "Received", "Planning"):
            self.control("POST", f"fulfillment-orders/{fulfillment.name}/status", status="Cancelled")

    def at_amazon_track(self, fulfillment, *_):
        for shipment in self.at_amazon(fulfillment)["shipments"]:
            for package in shipment["packages"]:
                number = package["package_number"]
                path = f"fulfillment-orders/{fulfillment.name}/tracking"
                self.control("POST", path, package_number=number, tracking_number=f"N{number}")

    def ship_dates(self, fulfillment):
        return sorted((it.amazon_shipment_id, it.picking_id.date_done) for it in fulfillment.shipment_ids)
