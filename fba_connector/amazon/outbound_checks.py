"""Checks our outbound requests against the limits of a version, before anything is sent.

What is checked is the same in every version; a complaint names the part as the version calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .checks import Checks, check_address
from .errors import SPLIT_ORDER
from .limits import OutboundLimits
from .operation import Operation
from .outbound import CreateItem, CreateOrder, PreviewOrder, UpdateOrder
from .reasons import because


@dataclass(frozen=True)
class Places:
    """A version's names of the parts of a request; the last three are of an item."""

    order_id: str
    order_number: str
    comment: str
    speed: str
    policy: str
    feature: str
    email: str
    address: str
    items: str
    sku: str
    item_id: str
    quantity: str


def check_order(order: CreateOrder, operation: Operation, limits: OutboundLimits, at: Places) -> None:
    """Raises InvalidRequest."""
    checks = Checks(operation.name, order.order_id)
    checks.text(at.order_id, because("part_order_id"), order.order_id, limits.order_id_length)
    checks.matches(at.order_id, order.order_id, limits.order_id_pattern, because("order_id_characters"))
    number = order.displayable_order_id
    checks.text(at.order_number, because("part_order_number"), number, limits.displayable_id_length)
    checks.matches(at.order_number, number, limits.displayable_id_pattern, because("order_number_characters"))
    _check_comment(checks, order.comment, limits, at)
    _check_choices(checks, order.shipping_speed, order.policy, limits, at)
    _check_features(checks, order.features, limits, at)
    for email in order.notification_emails:
        checks.text(at.email, because("part_email"), email, limits.email_length)
    check_address(checks, order.address, at.address, limits)
    _check_items(checks, order.items, limits, at)
    checks.done()


def check_update(order: UpdateOrder, operation: Operation, limits: OutboundLimits, at: Places) -> None:
    """Raises InvalidRequest."""
    checks = Checks(operation.name, order.order_id)
    if order.comment is not None:
        _check_comment(checks, order.comment, limits, at)
    _check_choices(checks, order.shipping_speed, order.policy, limits, at)
    if order.address:
        check_address(checks, order.address, at.address, limits)
    if order.items:
        _check_items(checks, order.items, limits, at)
    checks.done()


def check_preview(order: PreviewOrder, operation: Operation, limits: OutboundLimits, at: Places) -> None:
    """Raises InvalidRequest."""
    checks = Checks(operation.name, order.order_id)
    _check_features(checks, order.features, limits, at)
    check_address(checks, order.address, at.address, limits)
    _check_items(checks, order.items, limits, at)
    checks.done()


def _check_comment(checks: Checks, comment: str, limits: OutboundLimits, at: Places) -> None:
    part = because("part_comment")
    checks.require(bool(comment.strip()), at.comment, because("missing", part=part))
    checks.optional_text(at.comment, part, comment, limits.comment_length, lines=True)


def _check_choices(checks: Checks, speed: str | None, policy: str | None, limits: OutboundLimits, at: Places) -> None:
    if speed is not None:
        checks.choice(at.speed, because("part_speed"), speed, limits.speeds)
    if policy is not None:
        checks.choice(at.policy, because("part_policy"), policy, limits.policies)


def _check_features(checks: Checks, features: Sequence[str], limits: OutboundLimits, at: Places) -> None:
    for feature in features:
        checks.choice(at.feature, because("part_feature"), feature, limits.features)


def _check_items(checks: Checks, items: Sequence[CreateItem], limits: OutboundLimits, at: Places) -> None:
    checks.require(bool(items), at.items, because("no_items"))
    lines = because("many_lines", lines=len(items), limit=limits.lines)
    checks.require(len(items) <= limits.lines, at.items, lines, SPLIT_ORDER)
    units = 0
    for number, item in enumerate(items):
        place = f"{at.items}[{number}]"
        checks.text(f"{place}.{at.sku}", because("part_sku", line=number + 1), item.seller_sku, limits.sku_length)
        checks.text(f"{place}.{at.item_id}", because("part_line_id"), item.item_id, limits.item_id_length)
        if checks.quantity(f"{place}.{at.quantity}", because("part_quantity", line=number + 1), item.quantity):
            units += item.quantity
    total = because("many_units", units=units, limit=limits.units)
    checks.require(units <= limits.units, at.items, total, SPLIT_ORDER)
    distinct = len({item.item_id for item in items})
    checks.require(distinct == len(items), at.items, because("same_ids"))
