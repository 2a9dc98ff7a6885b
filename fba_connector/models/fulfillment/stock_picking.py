"""Deliveries of an AFN warehouse: provisional until Amazon ships, then one per Amazon shipment."""

import json

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..shared.fba_fulfillment_options import FEATURES, OPTIONS
from ..shared.groups import INTERNAL, MANAGER
from ..shared.guard import refuse_by_hand, refuse_new_by_hand
from ..shared.reader import post

OURS = {"fba_fulfillment_order_id", "fba_shipment_id", "fba_forced"}
# What Odoo computes from the moves, or they from it: `readonly` or hidden on the screens.
IDENTITY = {"state", "picking_type_id", "sale_id", "location_id", "location_dest_id"}
QUIET = {"mail_create_nolog": True, "tracking_disable": True}  # the order's own chatter says enough


class StockPicking(models.Model):
    _inherit = "stock.picking"

    fba_fulfillment_order_id = fields.Many2one(
        "fba.fulfillment.order",
        "Fulfillment Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=INTERNAL,
    )
    fba_shipment_id = fields.Many2one(
        "fba.shipment", "Amazon Shipment Record", readonly=True, copy=False, groups=INTERNAL
    )
    amazon_shipment_id = fields.Char(
        related="fba_shipment_id.amazon_shipment_id", string="Amazon Shipment", groups=INTERNAL
    )
    fba_forced = fields.Boolean("Out of Amazon's Hands", readonly=True, copy=False, groups=INTERNAL)
    fba_is_at_amazon = fields.Boolean(compute="_compute_fba_is_at_amazon", groups=INTERNAL)
    fba_is_left_to_amazon = fields.Boolean(
        compute="_compute_fba_is_at_amazon",
        groups=INTERNAL,
        help="Amazon ships it, or will once it is sent: not done by hand.",
    )
    fba_may_ship_twice = fields.Boolean(
        compute="_compute_fba_is_at_amazon",
        groups=INTERNAL,
        help="Handled by hand, though Amazon has the order and may ship it, too.",
    )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Who may read a related field is a question that Odoo forgets where it orders or groups by one."""
        if field_expr == "amazon_shipment_id":
            self._check_field_access(self._fields[field_expr], "read")
        return super()._field_to_sql(alias, field_expr, query)

    def _compute_fba_is_at_amazon(self):
        for picking in self.sudo():
            moves = picking.move_ids._fba_open()
            orders = picking.fba_fulfillment_order_id | moves.fba_line_id.order_id
            is_open = picking.state not in ("draft", "done", "cancel")
            is_sent = is_open and any(order.at_amazon for order in orders)
            picking.fba_is_at_amazon = is_sent and not picking.fba_forced
            picking.fba_may_ship_twice = is_sent and picking.fba_forced
            picking.fba_is_left_to_amazon = is_open and not picking.fba_forced and bool(moves._fba_of_amazon())

    @api.depends(
        "fba_shipment_id.package_ids.tracking_number",
        "fba_shipment_id.package_ids.carrier_code",
    )
    def _compute_carrier_tracking_url(self):
        """Each parcel at its own carrier, in Odoo's form for several: a list of labels and links."""
        amazons = self._fba_shipped_by_amazon()
        for picking in amazons.sudo():
            links = picking._fba_parcels()._links()
            picking.carrier_tracking_url = json.dumps(links) if len(links) > 1 else links[0][1] if links else False
        return super(StockPicking, self - amazons)._compute_carrier_tracking_url()

    def _fba_shipped_by_amazon(self):
        """Those that Amazon shipped, with carriers of its own choice; also for customers, who may not read why."""
        return self.filtered(lambda picking: picking.sudo().fba_shipment_id)

    def _fba_write_tracking(self, parcels):
        """Carrier and tracking numbers of `parcels` (fba.parcel), where they are not there yet."""
        for picking in self:
            values = parcels._delivery_values(picking.company_id)
            there = {"carrier_tracking_ref": picking.carrier_tracking_ref, "carrier_id": picking.carrier_id.id}
            if there != values:
                picking.write(values)

    def _fba_parcels(self):
        """The parcels (fba.parcel) that Amazon shipped this delivery in."""
        return self.fba_shipment_id.package_ids

    def _fba_goods(self):
        """[(quantity, product name)] of what has left, as it was ordered: whole kits, units of other products."""
        return [(quantity, product.name) for quantity, product in self._fba_shipped_products()]

    def _fba_shipped_products(self):
        """[(quantity, product)] of the same."""
        done = self.sudo().move_ids.filtered(lambda move: move.state == "done")
        of_kits = done.filtered(
            lambda move: move.fba_line_id.product_id not in (move.product_id.browse(), move.product_id)
        )
        goods = [
            (line._units_of(moves) * (line.pack_size or 1), line.product_id)
            for line, moves in of_kits.grouped("fba_line_id").items()
        ]
        return [*goods, *((move.quantity, move.product_id) for move in done - of_kits)]

    @api.model_create_multi
    def create(self, vals_list):
        refuse_new_by_hand(self, vals_list, OURS)
        return super().create(vals_list)

    def write(self, vals):
        refuse_by_hand(self, vals, OURS)
        if names := IDENTITY & vals.keys():
            for picking in self.filtered(lambda it: it.sudo().move_ids._fba_of_amazon()):
                refuse_by_hand(picking, vals, {name for name in names if picking[name] != _value(picking, name, vals)})
        return super().write(vals)

    def button_validate(self):
        """Before Odoo asks for backorders: Amazon's own deliveries are not done by hand."""
        self.move_ids._fba_check_may_leave()
        return super().button_validate()

    def _create_backorder_picking(self):
        quiet = self.with_context(mail_create_nosubscribe=True) if self.fba_fulfillment_order_id else self
        backorder = super(StockPicking, quiet)._create_backorder_picking()
        backorder.sudo().write(
            {"fba_fulfillment_order_id": self.sudo().fba_fulfillment_order_id.id, "fba_forced": self.sudo().fba_forced}
        )
        return backorder

    def _fba_copy_empty(self, order=None):
        """A delivery like this one without goods, of fulfillment order `order`."""
        return self.copy(
            {"move_ids": [], "move_line_ids": [], "fba_fulfillment_order_id": order and order.id, "return_id": False}
        )

    def do_unreserve(self):
        self.move_ids._fba_check_not_at_amazon()
        return super().do_unreserve()

    def action_fba_force(self):
        """An administrator takes deliveries out of Amazon's hands: Odoo then allows changes by hand.

        Raises AccessError for everyone else.
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only FBA Administrators may handle deliveries by hand while Amazon has them.")
            )
        for picking in self.filtered("fba_is_left_to_amazon").sudo():
            orders = picking.fba_fulfillment_order_id | picking.move_ids.fba_line_id.order_id
            message = picking._fba_forced_message(orders)
            for record in (picking, *orders.sale_id, *orders):
                post(record, picking.sale_id._fba_responsible(), message)
            picking.fba_forced = True
            orders.filtered(lambda order: not order.at_amazon)._leave_forced()
        return True

    def _fba_forced_message(self, orders):
        names = {"delivery": self.name, "id": ", ".join(orders.mapped("name"))}
        if self.fba_is_at_amazon:
            return lambda env: env._(
                "%(delivery)s was taken out of Amazon's hands (%(id)s): Amazon may ship it anyway.", **names
            )
        return lambda env: env._("%(delivery)s was taken out of Amazon's hands (%(id)s) before it was sent.", **names)

    def _send_confirmation_email(self):
        """Amazon's carriers need no label of ours, and a failing mail must not undo a shipment."""
        return super(StockPicking, self - self._fba_shipped_by_amazon())._send_confirmation_email()

    def _fba_make_fulfillment_orders(self):
        """Every open AFN delivery of a sale order has one fulfillment order, with a line for each seller SKU."""
        self._fba_join_fulfillment_orders()._submit_automatically()

    def _fba_join_fulfillment_orders(self):
        """These orders, new ones where there are none; nothing is sent."""
        pickings = (self.sudo() | self.sudo()._fba_part()).filtered(
            lambda picking: (
                picking.picking_type_id.warehouse_id.is_afn
                and not picking.fba_fulfillment_order_id.at_amazon
                and picking.sale_id
                and picking.move_ids._fba_open()._fba_of_amazon()
            )
        )
        new = pickings.filtered(lambda picking: not picking.fba_fulfillment_order_id)
        if new:
            model = self.env["fba.fulfillment.order"].sudo().with_context(**QUIET)
            orders = model.create(new._prepare_fulfillment_orders())
            for picking, order in zip(new, orders, strict=True):
                picking.fba_fulfillment_order_id = order
        orders = pickings.fba_fulfillment_order_id
        orders._choose_skus()
        return orders | orders.with_context(**QUIET)._split_too_large()

    def _fba_part(self):
        """New deliveries for goods that came into one at Amazon, which is closed, or into that of another sale."""
        parted = self.browse()
        for picking in self:
            loose = picking.move_ids._fba_open().filtered(lambda move: not move.fba_line_id)._fba_of_amazon()
            sale = picking.fba_fulfillment_order_id.sale_id or picking.sale_id
            for other, moves in loose.grouped(lambda move: move.sale_line_id.order_id).items():
                if picking.fba_is_at_amazon or (other and other != sale):
                    parted |= picking._fba_copy_empty()
                    moves._fba_put_in(parted[-1])
        return parted

    def _prepare_fulfillment_orders(self):
        Order = self.env["fba.fulfillment.order"]
        numbers = {sale: len(sale.fba_fulfillment_order_ids) for sale in self.sale_id}
        values = []
        for picking in self:
            warehouse, sale = picking.picking_type_id.warehouse_id, picking.sale_id
            numbers[sale] += 1
            account, market = warehouse.fba_account_id, warehouse.fba_marketplace_id
            values.append(
                {
                    "name": Order._new_name(sale, numbers[sale]),
                    "account_id": account.id,
                    "warehouse_id": warehouse.id,
                    "sale_id": sale.id,
                    **{name: account[name] for name in OPTIONS},
                    **{name: account[name] and market[f"has_{name}"] for name in FEATURES},
                    "shipping_speed": sale.carrier_id.fba_shipping_speed or account.shipping_speed,
                }
            )
        return values


def _value(record, name, vals):
    """What `vals` would write to `name`, as the record has it."""
    field = record._fields[name]
    return field.convert_to_record(field.convert_to_cache(vals[name], record), record)
