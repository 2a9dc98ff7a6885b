"""The job of a first synchronization: reads shipments and orders, counts, and books after the confirmation."""

from functools import reduce

from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command

from ... import amazon
from ..account.fba_account_runs import reason_of
from ..account.fba_step_job import AccountPaused
from ..shared.reader import post
from ..shared.sentence import say
from ..warehouse.resolution import USABLE
from .fba_account import _patience_s
from .holdings import Holdings

AT_ONCE = 200  # products in one transaction: some seconds
CONFIRMED_AT_ONCE = 1000
TOLD_EACH = 200  # SKUs: two seconds of Amazon's pace

STEPS = {
    "requested": "_begin",
    "pulling": "_pull_shipments",
    "importing": "_read_sales",
    "counting": "_count_stock",
    "confirmed": "_book_lines",
}
NEXT = {"requested": "pulling", "pulling": "importing", "importing": "counting", "counting": "ready"}


class FbaFirstSync(models.Model):
    _inherit = "fba.first.sync"

    def _work_on(self, state):
        return getattr(self, STEPS[state])()

    def _next_state(self):
        if self.only_skus:
            return "counting" if self.state == "requested" else "done"
        return NEXT[self.state]

    def _reason(self, error):
        """`error` as a sentence that says what to do."""
        if isinstance(error, WarehousesFailed):
            told = [
                say("warehouse", warehouse=warehouse.name, reason=self._reason(its))
                for warehouse, its in error.args[0].items()
            ]
            return reduce(lambda first, second: say("both", first=first, second=second), told)
        if isinstance(error, AccountPaused):
            return say("paused", account=self.account_id.name)
        if isinstance(error, amazon.AuthenticationFailed):
            return say("refused", account=self.account_id.name, reason=reason_of(error))
        if isinstance(error, amazon.Rejected):
            return say("rejected", reason=reason_of(error))
        if isinstance(error, amazon.AmazonError):
            return say("amazon", reason=reason_of(error))
        if isinstance(error, UserError):
            return reason_of(error)
        return say("internal", reason=str(error))

    # === STEPS === #

    def _begin(self):
        self.line_ids.unlink()
        counts = dict.fromkeys(("sku_count", "unknown_count", "product_count"), 0)
        self.write({"matches": False, "counted_at": False, "counted_warehouse_ids": [Command.clear()], **counts})

    def _pull_shipments(self):
        error = self._run_locked("pull", type(self.account_id)._pull_changed_orders)
        if error is None and self._has_unread_orders():
            error = LockError("Some orders were busy, or time was up.")
        return error

    def _has_unread_orders(self):
        """Whether orders that were due when this step began have not been read since."""
        due = [*self.account_id._followed(), ("due_at", "<=", self.state_since)]
        return bool(self.env["fba.fulfillment.order"].search_count(due, limit=1))

    def _read_sales(self):
        """Orders sold on Amazon; where nobody has decided about their import yet, only into the inbox."""

        def read(account, gateway):
            parts = [account._stage_changed_orders] + [account._book_due_orders] * account._may_book_sales()
            account._run_parts(gateway, *parts)

        return self._run_locked("import", read) if self.account_id.import_orders else None

    def _count_stock(self):
        """Each AFN warehouse for itself: those that are counted stay so if another one fails or has to wait."""
        errors = {}

        def count(account, gateway):
            self.sku_count = self._seller_skus(self.counted_warehouse_ids)
            left = account._afn_warehouses() - self.counted_warehouse_ids
            counted = account._for_each(
                "first_sync",
                left,
                lambda warehouse: self._count_warehouse(account, _Telling(gateway, self._tell_count), warehouse),
                note=lambda warehouse, error: errors.update({warehouse: error}),
                to_the_end=True,
                gateway=gateway,
            )
            if errors:
                raise next(iter(errors.values()))
            if counted != left:
                raise LockError("Some warehouses were busy.")

        error = self._run_locked("inventory", count, patience_s=_patience_s("limit_time_real_cron"))
        if error is not None:
            return WarehousesFailed(errors) if error in errors.values() else error
        self.sku_count = self._seller_skus(self.counted_warehouse_ids)
        self.account_id._skus_were_read()
        return None

    def _seller_skus(self, warehouses):
        return self.env["fba.sku"].search_count([("warehouse_id", "in", warehouses.ids)])

    def _count_warehouse(self, account, gateway, warehouse):
        asked_at = fields.Datetime.now()
        asked = warehouse._fba_read_counts(gateway, full=True)
        account._set_connection("ok", False, "inventory")
        if not self.only_skus:
            self._add_lines(warehouse, asked)
        skus = self.env["fba.sku"]._read_group([("warehouse_id", "=", warehouse.id)], ["product_id"], ["__count"])
        self.write(
            {
                "counted_at": self.counted_at or asked_at,
                "counted_warehouse_ids": [Command.link(warehouse.id)],
                "unknown_count": self.unknown_count + sum(count for product, count in skus if not product),
                "product_count": self.product_count + len([product for product, _count in skus if product]),
            }
        )

    def _tell_count(self, units):
        self.sku_count += units
        self.account_id._commit()

    def _add_lines(self, warehouse, asked):
        """A line for each product to book, or to divide between the locations. `asked`: see Holdings."""
        values = []
        for product, seller_skus, odoo, amazons, difference, open_question in self._figures(warehouse, asked):
            compare = product.uom_id.compare
            if (
                compare(difference, 0)
                or compare(odoo["stock"], amazons["fulfillable"] + amazons["sent"])
                or compare(odoo["unsellable"], amazons["unsellable"])
            ):
                total = sum(amazons[name] for name in ("fulfillable", "held", "unsellable"))
                values.append(
                    {
                        "first_sync_id": self.id,
                        "warehouse_id": warehouse.id,
                        "product_id": product.id,
                        "seller_skus": seller_skus,
                        "odoo_quantity": total - difference,
                        "amazon_quantity": total,
                        "difference": difference if compare(difference, 0) else 0,
                        "value": 0 if open_question else difference * product.standard_price,
                        **{f"{name}_quantity": units for name, units in amazons.items()},
                        **{f"odoo_{name}": odoo[name] for name in ("stock", "held", "unsellable")},
                        **({"outcome": "left", "note": say(open_question)} if open_question else {}),
                    }
                )
        self.env["fba.first.sync.line"].create(values)
        rows = self.env["fba.sku"].search([("warehouse_id", "=", warehouse.id), ("is_confirmed", "=", False)])
        self.matches = {
            **(self.matches or {}),
            **{str(row.id): _parts_of(resolution) for row, resolution in rows._resolve().items()},
        }

    def _figures(self, warehouse, asked):
        """Yield (product, seller SKUs, {"stock", "held", "unsellable": units in Odoo}, {"fulfillable", "held",
        "unsellable", and "sent" of own orders: units at Amazon}, units to book, why not or None) of each
        product that `warehouse` has, by confirmed SKUs and those that match by internal reference."""
        holdings = Holdings(warehouse.sudo(), suggested=True, asked=asked)
        balance = warehouse._fba_weigh(holdings=holdings)
        behind = balance._behind()
        for product in balance.products:
            counts = balance.counts[product]
            yield (
                product,
                ", ".join(row.seller_sku for row, _units in holdings.skus(product)),
                balance.stock[product],
                {**counts, "sent": balance.for_sale[product] - counts["fulfillable"]},
                -balance.differences[product],
                "behind" if product in behind else "missing" if holdings.missing_since(product) else None,
            )

    def _book_lines(self):
        """In transactions of bounded length; the ordinary synchronization begins after the last one."""

        def book(account, _gateway):
            sync = self.with_env(account.env)
            sync._confirm_matches(account)
            lines = sync.line_ids.filtered(lambda line: not line.outcome)
            account._for_each("first_sync", lines, sync._book_part, at_once=AT_ONCE)
            if sync.state == "confirmed":
                if lines.search_count([("id", "in", lines.ids), ("outcome", "=", False)], limit=1):
                    raise LockError("Some products were busy, or time was up.")
                sync._end_booking()

        return self._run_locked("inventory", book)

    def _confirm_matches(self, account):
        """The person who confirms the differences has seen the SKUs that match by internal reference, if they are still
        what they were."""
        matched = self.env["fba.sku"].search(
            [
                ("warehouse_id", "in", self.counted_warehouse_ids.ids),
                ("product_id", "!=", False),
                ("is_confirmed", "=", False),
                ("resolution", "in", USABLE),
            ]
        )
        shown, resolutions = self.matches or {}, matched._resolve()
        matched = matched.filtered(lambda row: shown.get(str(row.id)) == _parts_of(resolutions[row]))
        for at in range(0, len(matched), CONFIRMED_AT_ONCE):
            matched[at : at + CONFIRMED_AT_ONCE]._confirm()
            account._commit()

    def _book_part(self, lines):
        if self.state == "confirmed":
            lines._book_as_shown()

    def _end_booking(self):
        self.account_id.write(
            {
                "first_sync_confirmed": True,
                "inventory_cursor": self.counted_at,
                "inventory_full_at": self.counted_at,
            }
        )
        self._move_to("done")
        post(
            self.account_id,
            self.confirmed_by_id,
            lambda env: env._(
                "First synchronization, confirmed by %(user)s: %(booked)s products booked, %(left)s left out, "
                "%(failed)s failed.",
                user=self.confirmed_by_id.name,
                booked=self.booked_count,
                left=self.left_count,
                failed=self.failed_count,
            ),
        )


def _parts_of(resolution):
    """[[product's id, units]], as JSON keeps it."""
    return sorted([product.id, units] for product, units in resolution.units.items())


class WarehousesFailed(Exception):
    """Its argument: {warehouse: error}."""


class _Telling:
    """A gateway that calls `tell(SKUs since the last call)` while it reads a list of stock."""

    def __init__(self, gateway, tell):
        self._gateway, self._tell = gateway, tell

    def __getattr__(self, name):
        return getattr(self._gateway, name)

    def get_inventory(self, *args, seller_skus=(), **options):
        untold = 0
        for summary in self._gateway.get_inventory(*args, seller_skus=seller_skus, **options):
            yield summary
            untold += not seller_skus
            if untold == TOLD_EACH:
                self._tell(untold)
                untold = 0
        if untold:
            self._tell(untold)
