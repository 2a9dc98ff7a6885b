"""Stock at Amazon: why a row's two counts differ, in words."""

from dataclasses import dataclass, field

from odoo import fields, models
from odoo.tools import format_date, format_time, formatLang

from ..models.inventory.inbox import Inbox
from ..models.warehouse.resolution import USABLE


@dataclass
class Story:
    """`sentences` in the reader's language, and the units of the difference that none of them explains."""

    sentences: list = field(default_factory=list)
    unexplained: float = 0.0


class FbaStock(models.Model):
    _inherit = "fba.stock"

    why = fields.Text(compute="_compute_why", help="Why Odoo's count is not Amazon's.")
    unexplained_quantity = fields.Float(
        "Not Explained", digits="Product Unit", compute="_compute_why", help="Units that nothing explains."
    )

    def _compute_why(self):
        """A fixed number of queries for each warehouse, whatever the number of rows."""
        different = self.filtered(lambda row: row.product_id and not row.sku_id and row._units(row.difference_quantity))
        doubts = different._doubts()
        inboxes = {
            warehouse: Inbox(warehouse.sudo().with_company(warehouse.company_id))
            for warehouse in different.warehouse_id
        }
        for row in self:
            if row.sku_id:
                story = Story([row.sku_id.resolution_note])
            else:
                waiting = inboxes[row.warehouse_id].shipped[row.product_id] if row in different else 0.0
                story = row._story(doubts.get((row.warehouse_id, row.product_id)), waiting)
            row.why = "\n".join(filter(None, story.sentences)) or False
            row.unexplained_quantity = story.unexplained

    def _units(self, quantity):
        """`quantity` as a number of units, exact to the product's unit."""
        return self.product_id.uom_id.round(quantity)

    def _doubts(self):
        """{(warehouse, product): SKUs that nobody has confirmed, or that cannot be counted, and may hold units of it}:
        Odoo leaves those products alone. See inventory/holdings.py."""
        products, doubts = self.product_id, {}
        if not products:
            return doubts
        rows = (
            self.env["fba.sku"]
            .sudo()
            .search(
                [
                    ("warehouse_id", "in", self.warehouse_id.ids),
                    "|",
                    ("is_confirmed", "=", False),
                    ("resolution", "not in", USABLE),
                    "|",
                    "|",
                    "|",
                    ("product_id", "in", products.ids),
                    ("part_ids.product_id", "in", products.ids),
                    ("seller_sku", "in", [it for it in products.mapped("default_code") if it]),
                    (
                        "resolution",
                        "in",
                        ("kit", "changed", "unclear_kit", "archived"),
                    ),  # of which any product may be a part
                ]
            )
        )
        for row, resolution in rows._resolve().items():
            for product in row._may_hold(resolution):
                doubts.setdefault((row.warehouse_id, product), []).append(row.seller_sku)
        return doubts

    # === SENTENCES === #

    def _story(self, doubts, waiting):
        """Story of a product. `doubts`: SKUs that keep Odoo from comparing it; `waiting`: units that Amazon sold and
        shipped, and Odoo has not imported."""
        story = Story()
        tell = story.sentences.append
        difference = self._units(self.difference_quantity)
        if self.failure_message:
            tell(self.env._("Failed: %s", self.failure_message))
        if doubts:
            tell(self.env._("Not compared until %s is resolved: see its row.", ", ".join(doubts)))
            return story
        if self.missing_sku:
            tell(
                self.env._(
                    "Amazon has not listed %(skus)s since %(moment)s: Odoo counts 0.",
                    skus=self.missing_sku,
                    moment=self._moment(self.missing_since),
                )
            )
        if not difference:
            return story
        account = self.warehouse_id.sudo().fba_account_id
        if not self.seller_sku:
            tell(self.env._("Amazon lists no SKU for this product."))
        if not self.warehouse_id.sudo()._fba_is_synchronized():
            tell(self.env._("Not compared: account %s is not synchronized yet.", account.name))
        elif not self.observed_at:
            tell(self.env._("Not compared: Amazon has not counted it yet."))
        else:
            self._tell_difference(story, difference, waiting)
        return story

    def _tell_difference(self, story, difference, waiting):
        """What left, arrived and was sold explains `difference`; then the units that wait for a later count."""
        tell, count = story.sentences.append, self._moment(self.observed_at)
        pending = self._units(self.pending_quantity)
        left, waiting, arrived = self._explaining(difference - pending, waiting)
        if left:
            tell(
                self.env._(
                    "%(units)s shipped since the last count at %(moment)s.", units=self._number(left), moment=count
                )
            )
        if arrived:
            tell(
                self.env._(
                    "%(units)s received since the last count at %(moment)s.", units=self._number(arrived), moment=count
                )
            )
        if waiting:
            tell(self.env._("%s sold on Amazon, waiting to be imported.", self._number(waiting)))
        rest = self._units(difference - pending - waiting - arrived + left)
        unseen = min(max(-pending, 0), self._units(self.left_before_quantity))
        if unseen:
            tell(
                self.env._(
                    "%(units)s shipped shortly before the count at %(moment)s, which may not show them yet.",
                    units=self._number(unseen),
                    moment=count,
                )
            )
        if still := self._units(abs(pending) - unseen):
            tell(
                self.env._(
                    "%(units)s not explained since %(moment)s: booked when a later count agrees.",
                    units=self._number(still),
                    moment=self._moment(self.difference_since),
                )
            )
        if rest:
            tell(self.env._("%s not explained: the next count compares them.", self._number(abs(rest))))
        story.unexplained = still + abs(rest)

    def _explaining(self, difference, waiting):
        """(left, waiting, arrived): units that explain `difference` = waiting + arrived - left.

        All of them where that is exact. Else as many as the difference needs: Amazon counts some before Odoo's date.
        """
        left, arrived = self._units(self.left_quantity), self._units(self.arrived_quantity)
        waiting = self._units(waiting)
        if self._units(difference - waiting - arrived + left):
            left = min(left, max(-difference, 0))
            waiting = min(waiting, max(difference, 0))
            arrived = min(arrived, max(difference - waiting, 0))
        return left, waiting, arrived

    def _number(self, units):
        """As people write it in the reader's language: 1,400, not 1400.00."""
        decimals = f"{units:.10g}".partition(".")[2]
        return formatLang(self.env, units, digits=len(decimals))

    def _moment(self, moment):
        """A time of today, or a day and its time, in the reader's time zone and language."""
        zone = self.env.context.get("tz") or self.env.user.tz or "UTC"
        time = format_time(self.env, moment, zone, "short")
        here = fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).date()
        if here == fields.Date.context_today(self.with_context(tz=zone)):
            return time
        return f"{format_date(self.env, here)} {time}"
