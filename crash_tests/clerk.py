"""Clerks: processes that click on the orders others work on, as the server lets people click."""

import json
import os
from pathlib import Path
from random import Random
from typing import NamedTuple

import psycopg2
from odoo.exceptions import UserError
from odoo.service.model import retrying

from .worker import Action

BUTTONS = ("source", "submit", "submit", "release", "cancel", "ask", "refresh")


class Click(NamedTuple):
    """What a clerk did, and what the answer was: done, refused, or too many others were in the way."""

    button: str
    sale: int
    answer: str


class Clerks:
    """Three people at the same orders; what they were told is in `clicks()` once their processes have ended."""

    def __init__(self, user, sales, diary: Path) -> None:
        self.user, self.sales, self.diary = user.id, sales.ids, diary
        diary.touch()

    def actions(self, chance: Random, count: int) -> list[Action]:
        """`count` clicks of one of them."""
        return [self._click(chance.choice(BUTTONS), chance.choice(self.sales)) for _number in range(count)]

    def clicks(self) -> list[Click]:
        return [Click(*json.loads(line)) for line in self.diary.read_text(encoding="utf-8").splitlines()]

    def _click(self, button: str, sale: int) -> Action:
        def click(env) -> None:
            env = env(user=self.user)
            answer = "done"
            try:
                retrying(lambda: press(env["sale.order"].browse(sale), button), env)
            except UserError as refusal:
                env.cr.rollback()
                assert str(refusal).strip(), f"{button} was refused without a word"
                answer = "refused"
            except psycopg2.errors.SerializationFailure:  # after five tries, as the server does
                env.cr.rollback()
                answer = "in the way"
            self._write(Click(button, sale, answer))

        return click

    def _write(self, click: Click) -> None:
        """One write a line: several processes append to the same file."""
        handle = os.open(self.diary, os.O_WRONLY | os.O_APPEND)
        os.write(handle, f"{json.dumps(click)}\n".encode())
        os.close(handle)


def press(sale, button: str) -> None:
    orders = sale.fba_fulfillment_order_ids
    if button == "source":
        sale.action_fulfill_by_amazon()
    elif button == "submit":
        orders.filtered(lambda order: order.state == "ready").action_submit()
    elif button == "release":
        orders.line_ids._open_moves().action_fba_release()
    elif button == "cancel":
        sale.with_context(disable_cancel_warning=True).action_cancel()
    elif button == "ask":
        orders.action_request_cancel()
    else:
        orders.filtered("submitted_at").action_refresh()
