"""Reasons of errors: a code with values, so that whoever shows one can put it into the reader's language.

`TEXTS` is the English of each code. The add-on says the same of each in its own table: tests/gateway/test_reasons.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union

QUOTE = "quote"
"""Amazon's own words, as Amazon wrote them: in no table of translations."""

TEXTS = {
    QUOTE: "%(words)s",
    # Amazon's answers to a call. `fault` is a failure of the network by its name, or HTTP with a status.
    "not_reached": "Amazon could not be reached (%(fault)s)",
    "no_answer": "Amazon did not answer (%(fault)s)",
    "broke_off": "The connection failed before Amazon answered (%(fault)s)",
    "answer_large": "Amazon's answer is too large",
    "answer_unreadable": "Amazon's answer cannot be read",
    "answer_ambiguous": "Amazon reported success and errors in one answer",
    "failed": "Amazon failed (%(fault)s)",
    "role_lacking": "%(code)s: the application lacks the role, or its authorization was withdrawn",
    "record_refused": "Amazon refuses access to this record (%(code)s)",
    "too_many": "Amazon received too many requests; wait %(time)s",
    "pace": "Amazon limits the pace; the next call is possible in %(time)s",
    "second": "1 second",
    "seconds": "%(number)s seconds",
    # Login with Amazon. `code` is its own.
    "login_unreadable": "The answer of Login with Amazon cannot be read",
    "login_failed": "Login with Amazon failed (%(fault)s)",
    "login_tokenless": "Login with Amazon answered without a usable access_token",
    "login_revoked": "%(code)s: the authorization was revoked or has expired",
    "login_wrong_client": "%(code)s: the client id or secret is wrong",
    "login_other_client": "%(code)s: the authorization belongs to another application",
    "login_refused": "%(code)s: Login with Amazon refuses the credentials",
    # Reports.
    "report_failed": "The report could not be downloaded (%(fault)s)",
    "report_slow": "The report took too long to download",
    "report_large": "The report is too large",
    "report_compression": "The report has an unknown compression",
    "report_damaged": "The report is cut off or damaged",
    # What an answer lacks, or has in an unusable form. `part` is a place in the JSON.
    "unusable": "Amazon's answer cannot be used: %(problem)s",
    "no_object": "%(part)s is not an object",
    "no_texts": "%(part)s is not a list of texts",
    "no_number": "%(part)s is not a number",
    "no_amount": "%(part)s is not a number that can be an amount",
    "no_timestamp": "%(part)s is not a timestamp",
    "no_store": "%(part)s is not one of Amazon's stores",
    "empty": "%(part)s is empty",
    "wrong_type": "%(part)s has the wrong type",
    "too_long": "%(part)s has %(length)s characters",
    "too_large": "%(part)s is too large",
    "negative": "%(part)s is negative",
    "differs": "%(part)s differs",
    "currencies": "%(part)s has several currencies",
    "endless": "Amazon's list never ends: %(part)s repeats",
    # What keeps a request from being sent. `field` is Amazon's name of a part, `part` one of the reasons below.
    "invalid": "%(order)s: %(complaints)s",
    "complaint": "%(complaint)s (%(field)s)",
    "missing": "%(part)s is missing",
    "over_limit": "%(part)s has %(length)s characters, the limit is %(limit)s",
    "unprintable": "%(part)s contains the character %(char)s, which cannot be printed",
    "not_one_of": "%(part)s must be one of %(known)s",
    "no_quantity": "%(part)s must be a whole number above zero",
    "country_code": "the country must be a code of two letters",
    "city_in_japan": "the city must be empty in Japan: it is part of the street",
    "order_id_characters": "the order id may contain only A-Z a-z 0-9 _ -",
    "order_number_characters": "the order number has characters outside ISO 8859-1 or two spaces in a row",
    "no_items": "there is nothing to fulfill",
    "many_lines": "the order has %(lines)s lines, the limit is %(limit)s",
    "many_units": "the order has %(units)s units, the limit is %(limit)s",
    "same_ids": "two lines have the same id",
    "marketplaces": "the report has %(count)s marketplaces, the limits are 1 and %(limit)s",
    "end_first": "the end is before the start",
    # Parts of a request, each the subject of a sentence above.
    "part_order_id": "the order id",
    "part_order_number": "the order number",
    "part_comment": "the comment",
    "part_speed": "the shipping speed",
    "part_policy": "the fulfillment policy",
    "part_feature": "the feature",
    "part_email": "an e-mail address",
    "part_name": "the name",
    "part_street": "the street",
    "part_street2": "the second line of the street",
    "part_street3": "the third line of the street",
    "part_postal_code": "the postal code",
    "part_city": "the city",
    "part_state": "the state",
    "part_country": "the country",
    "part_phone": "the phone number",
    "part_sku": "the seller SKU of line %(line)s",
    "part_line_id": "the id of a line",
    "part_quantity": "the quantity of line %(line)s",
}

SEVERAL = "; "
"""Between the reasons of a list."""

Value = Union[str, int, "Reason", "tuple[Reason, ...]"]


@dataclass(frozen=True)
class Reason:
    """One of `TEXTS` with the values that its text names; `str()` is its English, without a dot at the end.

    A value may be a reason, or several: they are joined with `SEVERAL`.
    """

    code: str
    values: Mapping[str, Value]

    def __str__(self) -> str:
        return TEXTS[self.code] % {name: _text(value) for name, value in self.values.items()}


def because(code: str, /, **values: Value) -> Reason:
    return Reason(code, values)


def _text(value: Value) -> str:
    return SEVERAL.join(str(reason) for reason in value) if isinstance(value, tuple) else str(value)


def span(seconds: float) -> Reason:
    """Whole seconds in words, one at least."""
    number = max(1, round(seconds))
    return because("second") if number == 1 else because("seconds", number=number)
