"""What the manager shows of a fulfillment order, and counts."""

import contextlib
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import MissingError
from odoo.fields import Domain
from odoo.tools import SQL

from .states import CANCEL_REQUESTED, ENDED_STATES, OPEN_STATES, STATES

PICTURES = 3  # products of an order that the manager shows
COUNTED = 10_000  # ended orders; of more, the screen says so, as Odoo's lists do
NAMED_BY = {  # beside what Odoo's display names say that they depend on
    "res.partner": ("name", "is_company", "parent_id", "type", "company_name"),
}
# An exception needs a person: it stays visible while Amazon decides on a cancellation.
MAY_BE_REQUESTED = tuple(state for state in OPEN_STATES if state != "exception")


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    shown_state = fields.Selection(
        "_shown_states", "Status", compute="_compute_shown_state", search="_search_shown_state"
    )
    pictures = fields.Json(compute="_compute_pictures", exportable=False)
    sale_currency_id = fields.Many2one("res.currency", "Currency of the Order", compute="_compute_amount_total")
    amount_total = fields.Float("Order Value", compute="_compute_amount_total", aggregator=None)

    @api.model
    def _shown_states(self):
        *others, cancelled = self._fields["state"]._description_selection(self.env)
        return [*others, (CANCEL_REQUESTED, self.env._("Cancellation Requested")), cancelled]

    @api.depends("state", "cancel_requested_at")
    def _compute_shown_state(self):
        for order in self:
            requested = order.cancel_requested_at and order.state in MAY_BE_REQUESTED
            order.shown_state = CANCEL_REQUESTED if requested else order.state

    def _search_shown_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        requested = Domain("cancel_requested_at", "!=", False) & Domain("state", "in", MAY_BE_REQUESTED)
        found = Domain("state", "in", [state for state in value if state != CANCEL_REQUESTED]) & ~requested
        return found | requested if CANCEL_REQUESTED in value else found

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """A click on *Status* sorts in the order of the process."""
        if field_name != "shown_state":
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        state = self._field_to_sql(alias, "state", query)
        place = SQL("array_position(%s, %s::varchar)", [name for name, _label in STATES], state)
        return SQL("%s %s %s", place, direction, nulls)

    @api.depends("sale_id.amount_total", "sale_id.currency_id")
    def _compute_amount_total(self):
        self._fetch_sales()
        for order in self.sudo():
            sale = order.sale_id
            order.sale_currency_id, order.amount_total = sale.currency_id, sale.amount_total

    @api.depends("line_ids.product_id")
    def _compute_pictures(self):
        """[{id, name, unique}] of the first products, as far as they have a picture; `unique` changes with it."""
        goods = self._first_products()
        pictures = self._pictures_of({product_id for its in goods.values() for product_id in its})
        for order in self:
            its = goods.get(order._origin.id, ())
            order.pictures = [pictures[product_id] for product_id in its if product_id in pictures]

    def _first_products(self):
        """{order's ID: its first products' IDs}, in one query."""
        self.env["fba.fulfillment.order.line"].flush_model(["order_id", "product_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT order_id, (array_agg(product_id ORDER BY place))[:%s]
                     FROM (SELECT order_id, product_id, min(id) AS place
                             FROM fba_fulfillment_order_line
                            WHERE order_id IN %s
                            GROUP BY order_id, product_id) good
                    GROUP BY order_id""",
                PICTURES,
                tuple(self.ids) or (0,),
            )
        )
        return dict(rows)

    def _pictures_of(self, product_ids):
        """{product's ID: {id, name, checksum of its picture or its template's as `unique`}}, in one query."""
        self.env["product.template"].flush_model(["name"])
        self.env["ir.attachment"].flush_model(["res_model", "res_field", "res_id", "checksum"])
        rows = self.env.execute_query(
            SQL(
                """SELECT product.id, COALESCE(template.name->>%s, template.name->>'en_US'), picture.checksum
                     FROM product_product product
                     JOIN product_template template ON template.id = product.product_tmpl_id
                     JOIN LATERAL (SELECT checksum FROM ir_attachment
                                    WHERE (res_model, res_field, res_id)
                                          IN (('product.product', 'image_variant_128', product.id),
                                              ('product.template', 'image_128', template.id))
                                    ORDER BY res_model LIMIT 1) picture ON TRUE
                    WHERE product.id IN %s""",
                self.env.lang or "en_US",
                tuple(product_ids) or (0,),
            )
        )
        return {row[0]: dict(zip(("id", "name", "unique"), row, strict=True)) for row in rows}

    def web_read(self, specification):
        """Reads of related records what makes their names: Odoo reads all of their many columns."""
        with contextlib.suppress(MissingError):  # Odoo leaves out the records that are no longer there
            if "sale_id" in specification:
                self._fetch_sales()  # with what the columns show of them
            for name, wanted in specification.items():
                field = self._fields.get(name)
                if field and field.type == "many2one" and "display_name" in wanted.get("fields", ()):
                    self[name].sudo().fetch(["display_name", *NAMED_BY.get(field.comodel_name, ())])
        return super().web_read(specification)

    @api.model
    @api.readonly
    def get_status_counts(self, domain=(), shown=None):
        """Counts for the manager: {name of a status filter: orders of `domain`}, and `available`: the orders that
        *Fulfill All Available* offers while the list shows the domain `shown`. `reasons`: {ID of a ready order: why it
        is not among them}; here, as rows need not wait for it. `uncounted`: the filters that find more than their
        number says."""
        domain, states, requested = self._with_found(domain), Counter(), 0
        still_open = domain & Domain("state", "in", OPEN_STATES)  # few, and found by index
        for state, count, asked in self._read_group(still_open, ["state"], ["__count", "cancel_requested_at:count"]):
            states[state] = count
            requested += asked if state in MAY_BE_REQUESTED else 0
        uncounted = []
        for state in ENDED_STATES:
            count = self.search_count(domain & Domain("state", "=", state), limit=COUNTED + 1)
            states[state] = min(count, COUNTED)
            uncounted += [state] if count > COUNTED else []
        available, stay = self._count_available(shown)
        return {
            **{state: states[state] for state, _label in STATES},
            "open": sum(states[state] for state in OPEN_STATES),
            "queued": states["queued"] + states["submitting"],
            "cancel_requested": requested,
            "available": available,
            "reasons": {order.id: reason for order, reason in stay.items()},
            "uncounted": uncounted,
        }
