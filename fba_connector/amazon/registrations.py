"""Tax registrations that Amazon names of an order's parties. Source: SP-API Orders v2026-01-01."""

from __future__ import annotations

from dataclasses import dataclass, field

from .buyer_address import BuyerAddress

# Whose registration it is: only the buyer's matters here.
OF_BUYER = "BUYER"
ENTITIES = (OF_BUYER, "MERCHANT", "MARKETPLACE")

VAT = "VAT"
CPF = "CPF"  # of a person, in Brazil
KINDS = ("BUSINESS", VAT, "CST", CPF, "CNPJ")


@dataclass(frozen=True)
class TaxRegistration:
    """The buyer's. `kind` is one of KINDS, or None.

    Without personal data, `number` is the two letters of its country, and there is neither name nor address.
    """

    kind: str | None
    number: str | None = field(default=None, repr=False)
    legal_name: str | None = field(default=None, repr=False)
    address: BuyerAddress | None = field(default=None, repr=False)
