"""Mistakes that are easily made here: `make chaos ARGS=--bugs` plants one at a time and must find each."""

from __future__ import annotations

from typing import NamedTuple

MODELS = "fba_connector/models"


class Bug(NamedTuple):
    name: str
    path: str
    right: str  # stands in the file exactly once
    wrong: str


BUGS = [
    Bug(
        "an order is sent before its lease is committed",
        f"{MODELS}/fulfillment/fba_account.py",
        "lambda part: leases.update(part._lease(may_ask)),",
        "lambda part: gateway.create_fulfillment_orders([it.request for it in part._lease(may_ask).values() if it]),",
    ),
    Bug(
        "a sending without an answer counts as not sent",
        f"{MODELS}/fulfillment/fba_fulfillment_order_send.py",
        '        self.write({"error_message": message, "due_at": fields.Datetime.now()})\n',
        '        self._move_to("queued", error_message=message, at_amazon=False)\n',
    ),
    Bug(
        "the order of a worker that died is due to nobody",
        f"{MODELS}/fulfillment/fba_fulfillment_order_send.py",
        "due_at=now + LEASE,",
        "due_at=False,",
    ),
    Bug(
        "an order that was throttled is not tried again",
        f"{MODELS}/fulfillment/fba_fulfillment_order_send.py",
        'values["due_at"] = fields.Datetime.now() + delay',
        'values["due_at"] = False',
    ),
    Bug(
        "shipments are not told apart",
        f"{MODELS}/fulfillment/fba_fulfillment_order_book.py",
        "known[part.shipment_id]",
        "self.shipment_ids[:1]",
    ),
    Bug(
        "what Amazon cannot ship stays reserved",
        f"{MODELS}/fulfillment/fba_fulfillment_order_apply.py",
        "            if excess > 0:\n",
        "            if False:\n",
    ),
    Bug(
        "stock of a sent order is released",
        f"{MODELS}/fulfillment/stock_move.py",
        "        return sent or super()._fba_is_at_amazon()\n",
        "        return False\n",
    ),
    Bug(
        "a confirmation is not marked as sent",
        f"{MODELS}/fulfillment/fba_shipment_mail.py",
        '                self.write({"mail_stage": "written", "mail_note": False, "mail_message_id": message})\n',
        "",
    ),
    Bug(
        "the cursor moves before the page is in",
        f"{MODELS}/amazon_order/fba_account.py",
        "        for page in pages:\n",
        "        self.import_cursor = fields.Datetime.now()\n        self._commit()\n        for page in pages:\n",
    ),
    Bug(
        "our own orders are imported as sales",
        f"{MODELS}/amazon_order/fba_amazon_order_import.py",
        "not orders[row].is_sold_on_amazon",
        "False",
    ),
    Bug(
        "Complete is believed before its shipments are listed",
        "fba_connector/amazon/consistency.py",
        "order.status in NOTHING_SHIPS and all(it.status in CANCELLED_SHIPMENTS for it in order.shipments)",
        "order.status in ENDED",
    ),
    Bug(
        "an order is adopted by its ID alone",
        f"{MODELS}/fulfillment/fba_fulfillment_order_adopt.py",
        "        if differences := self._differences(snapshot):\n",
        "        if differences := []:\n",
    ),
    Bug(
        "one refusal is the account's",
        f"{MODELS}/account/fba_account_runs.py",
        "if gateway is None or self._is_refused(gateway, error):",
        "if True:",
    ),
    Bug(
        "a sighting is forgotten",
        f"{MODELS}/fulfillment/fba_sighting.py",
        "        ours._sighted(ours.filtered(lambda order: order.name in new))\n",
        "",
    ),
]
