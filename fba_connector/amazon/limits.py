"""Limits of an outbound order: one value of `OutboundLimits` for each API version."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OutboundLimits:
    """The largest order that a version of Fulfillment Outbound accepts, and its choices.

    Lengths are in characters; a pattern matches the whole id, and is for `re.fullmatch`. Source: the version's model,
    unless a field says otherwise.
    """

    lines: int
    """Items of one order."""
    units: int
    """Units of all items of one order together. Source: SP-API documentation, createFulfillmentOrder."""
    order_id_length: int
    order_id_pattern: str
    """Our id of an order. Source: the field; Amazon accepts other characters, and then cannot find the order."""
    displayable_id_length: int
    displayable_id_pattern: str
    """The order number on the packing slip. Source: the field's description."""
    item_id_length: int
    """Our id of a line."""
    sku_length: int
    """A seller SKU."""
    comment_length: int
    """The comment on the packing slip."""
    email_length: int
    """An e-mail address that Amazon notifies."""
    address_name_length: int
    """The recipient's name. Source of all lengths of an address: Amazon MWS FBA Outbound, datatype Address.

    The models of SP-API limit none. Where published sources differ, the longest counts: too long is Amazon's to say.
    """
    address_line_length: int
    """Each of the three lines of the street."""
    city_length: int
    state_length: int
    postal_code_length: int
    phone_length: int
    speeds: tuple[str, ...]
    """Shipping speeds that can be asked for, the slowest first."""
    policies: tuple[str, ...]
    """Choices for the case that Amazon cannot fulfill every line."""
    features: tuple[str, ...]
    """Requirements on packing and shipping; a marketplace may lack some."""
    hold_days: int
    """Days after which Amazon cancels an order on hold. Source: the description of fulfillmentAction."""
