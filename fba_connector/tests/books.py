"""Amazon's books beside Odoo's: what has to agree once all is at rest, however bad the days before were."""

from collections import Counter

from .worlds import WORLD


class Books:
    """`case`: an InTimeCase; `sales`: the sale orders that Amazon may fulfill; `sold`: IDs of what Amazon sold."""

    def __init__(self, case, sales, sold):
        self.case, self.env = case, case.env
        self.sales, self.sold = sales, sold
        self.orders = sales.fba_fulfillment_order_ids
        self.there = {order["order_id"]: order for order in case.control("GET", "fulfillment-orders")}
        self.env.invalidate_all()
        self.shipped = {
            order: case.shipped(self.there[order.name]) if order.name in self.there else [] for order in self.orders
        }

    def compare(self):
        self.compare_sendings()
        self.compare_orders()
        self.compare_deliveries()
        self.compare_sold()
        self.compare_stock()
        self.compare_mails()

    def compare_sendings(self):
        """What has arrived is looked up before it is sent once more."""
        arrived = set()
        for call in self.case.control("GET", "journal"):
            if call["operation"] == "createFulfillmentOrder":
                name = call["body"]["sellerFulfillmentOrderId"]
                assert name not in arrived, f"{name} was sent again without a look"
                if call["status"] == 200 or call["fault"] == "drop_after":
                    arrived.add(name)
            elif call["operation"] == "getFulfillmentOrder":
                arrived.discard(call["path"].rsplit("/", 1)[-1])

    def compare_orders(self):
        """Every order that was sent stands at Amazon, nothing else does, and none rests without a reason to be read."""
        names = self.orders.mapped("name")
        strangers = self.there.keys() - set(names)
        assert not strangers, f"Amazon has what Odoo does not know: {strangers}"
        for order in self.orders:
            assert order.state in ("waiting", "ready", "shipped", "cancelled", "exception"), (order.name, order.state)
            if order.state == "exception":
                assert order.error_message, f"{order.name} is an exception without a word"
                assert order.sale_id.fba_status == "exception", f"{order.sale_id.name} hides {order.name}"
            assert not order.failure_message, f"{order.name}: {order.failure_message}"
            if order.submitted_at:
                assert order.name in self.there, f"{order.name} was sent, but Amazon does not have it"
                theirs = [(it["item_id"], it["seller_sku"], it["quantity"]) for it in self.there[order.name]["lines"]]
                ours = [(line.item_id, line.seller_sku, line.quantity) for line in order.line_ids]
                assert ours == theirs, f"{order.name}: {ours}, at Amazon {theirs}"
            elif order.name in self.there:
                assert order.state == "exception", f"Amazon has {order.name}, but in Odoo it is {order.state}"

    def compare_deliveries(self):
        """Each shipment is booked just once with what it holds; the figures of the sale order follow."""
        for order in self.orders:
            booked, shipped = self.case.booked(order), self.shipped[order]
            assert booked == shipped, f"{order.name}: booked {booked}, Amazon shipped {shipped}"
            numbers = {
                box["tracking_number"]
                for shipment in (self.there[order.name]["shipments"] if shipped else ())
                if shipment["status"] == "SHIPPED"
                for box in shipment["packages"]
                if box["tracking_number"]
            }
            done = order.picking_ids.filtered(lambda picking: picking.state == "done")
            ours = {ref for it in done if it.carrier_tracking_ref for ref in it.carrier_tracking_ref.split(",")}
            assert ours == numbers, f"{order.name}: tracking {ours}, at Amazon {numbers}"
        for sale in self.sales:
            self.case.assert_adds_up(sale)
            delivered = Counter()
            for line in sale.order_line:
                code, pieces = WORLD.delivered(line)
                delivered[code] += pieces
            left = Counter()
            for order in sale.fba_fulfillment_order_ids:
                for _shipment, units in self.shipped[order]:
                    left.update(dict(units))
            assert +delivered == +left, f"{sale.name}: delivered {delivered}, Amazon shipped {left}"

    def compare_sold(self):
        """What Amazon sold and shipped is one sale order of its quantities, or waits for its SKU; no echo is one."""
        sales = {sale["amazon_order_id"]: sale for sale in self.case.control("GET", "sales")}
        rows = self.env["fba.amazon.order"].search([("account_id", "=", self.case.account.id)])
        by_id = {row.amazon_order_id: row for row in rows}
        imported = self.env["sale.order"].search([("fba_account_id", "=", self.case.account.id)])
        imported = imported.filtered("amazon_order_id")
        assert len(set(imported.mapped("amazon_order_id"))) == len(imported), "imported twice"
        assert set(imported.mapped("amazon_order_id")) <= set(self.sold), "an echo was imported"
        for row in rows.filtered(lambda row: row.amazon_order_id not in self.sold):
            assert row.state == "ignored", f"{row.amazon_order_id}, an echo, is {row.state}: {row.error_message}"
        for amazon_id in self.sold:
            sale, row = sales[amazon_id], by_id.get(amazon_id)
            assert row, f"{amazon_id} was never read"
            if sale["status"] == "SHIPPED":
                if any(line["seller_sku"] == "UNKNOWN" for line in sale["lines"]):
                    assert row.state == "error" and row.missing_sku == "UNKNOWN", (amazon_id, row.state)
                else:
                    assert row.state == "done", (amazon_id, row.state, row.error_message)
                    units = Counter({line["seller_sku"]: line["shipped"] for line in sale["lines"]})
                    ours = Counter()
                    for line in row.sale_id.order_line.filtered(lambda line: line.product_id.is_storable):
                        ours[line.product_id.default_code] += line.qty_delivered
                    assert ours == units, f"{amazon_id}: {ours}, at Amazon {units}"

    def compare_stock(self):
        """What Amazon has, Odoo has; what Odoo calls free, Amazon can sell."""
        stock = self.case.control("GET", "stock")
        moves = self.orders.filtered(lambda order: not order.at_amazon).line_ids._open_moves()
        for product in self.case.product_a + self.case.product_b:
            there = stock[product.default_code]
            assigned = sum(moves.filtered(lambda move, product=product: move.product_id == product).mapped("quantity"))
            total, ours = there["total"] - there["inbound"], self.case.in_odoo(product)
            assert sum(ours) == total, f"{product.default_code}: {ours} in Odoo, {total} at Amazon"
            free = self.case.free(product)
            assert free == there["fulfillable"] - assigned, (
                f"{product.default_code}: {free} free in Odoo, {there['fulfillable']} - {assigned} at Amazon"
            )

    def compare_mails(self):
        """Each shipment is confirmed once."""
        for order in self.orders:
            due = [int(it.mail_state in ("queued", "sent")) for it in order.shipment_ids.filtered("picking_id")]
            mails = self.case.mails(order)
            assert mails == due, f"{order.name}: {mails} mails of its shipments, {due} marked as written"
