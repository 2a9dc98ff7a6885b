"""The gateway's reasons in the reader's language: each code of amazon/reasons.py, and the same English.

Amazon's own words stay as Amazon wrote them.
"""

from ... import amazon
from ..shared.sentence import Sentence

_PREFIX = "amazon_"  # a code of the gateway is no code of the account's own sentences

_TEXTS = {
    "quote": lambda _env, words: words,
    # Amazon's answers to a call
    "not_reached": lambda env, **values: env._("Amazon could not be reached (%(fault)s)", **values),
    "no_answer": lambda env, **values: env._("Amazon did not answer (%(fault)s)", **values),
    "broke_off": lambda env, **values: env._("The connection failed before Amazon answered (%(fault)s)", **values),
    "answer_large": lambda env: env._("Amazon's answer is too large"),
    "answer_unreadable": lambda env: env._("Amazon's answer cannot be read"),
    "answer_ambiguous": lambda env: env._("Amazon reported success and errors in one answer"),
    "failed": lambda env, **values: env._("Amazon failed (%(fault)s)", **values),
    "role_lacking": lambda env, **values: env._(
        "%(code)s: the application lacks the role, or its authorization was withdrawn", **values
    ),
    "record_refused": lambda env, **values: env._("Amazon refuses access to this record (%(code)s)", **values),
    "too_many": lambda env, **values: env._("Amazon received too many requests; wait %(time)s", **values),
    "pace": lambda env, **values: env._("Amazon limits the pace; the next call is possible in %(time)s", **values),
    "second": lambda env: env._("1 second"),
    "seconds": lambda env, **values: env._("%(number)s seconds", **values),
    # Login with Amazon
    "login_unreadable": lambda env: env._("The answer of Login with Amazon cannot be read"),
    "login_failed": lambda env, **values: env._("Login with Amazon failed (%(fault)s)", **values),
    "login_tokenless": lambda env: env._("Login with Amazon answered without a usable access_token"),
    "login_revoked": lambda env, **values: env._("%(code)s: the authorization was revoked or has expired", **values),
    "login_wrong_client": lambda env, **values: env._("%(code)s: the client id or secret is wrong", **values),
    "login_other_client": lambda env, **values: env._(
        "%(code)s: the authorization belongs to another application", **values
    ),
    "login_refused": lambda env, **values: env._("%(code)s: Login with Amazon refuses the credentials", **values),
    # Reports
    "report_failed": lambda env, **values: env._("The report could not be downloaded (%(fault)s)", **values),
    "report_slow": lambda env: env._("The report took too long to download"),
    "report_large": lambda env: env._("The report is too large"),
    "report_compression": lambda env: env._("The report has an unknown compression"),
    "report_damaged": lambda env: env._("The report is cut off or damaged"),
    # What an answer lacks, or has in an unusable form
    "unusable": lambda env, **values: env._("Amazon's answer cannot be used: %(problem)s", **values),
    "no_object": lambda env, **values: env._("%(part)s is not an object", **values),
    "no_texts": lambda env, **values: env._("%(part)s is not a list of texts", **values),
    "no_number": lambda env, **values: env._("%(part)s is not a number", **values),
    "no_amount": lambda env, **values: env._("%(part)s is not a number that can be an amount", **values),
    "no_timestamp": lambda env, **values: env._("%(part)s is not a timestamp", **values),
    "no_store": lambda env, **values: env._("%(part)s is not one of Amazon's stores", **values),
    "empty": lambda env, **values: env._("%(part)s is empty", **values),
    "wrong_type": lambda env, **values: env._("%(part)s has the wrong type", **values),
    "too_long": lambda env, **values: env._("%(part)s has %(length)s characters", **values),
    "too_large": lambda env, **values: env._("%(part)s is too large", **values),
    "negative": lambda env, **values: env._("%(part)s is negative", **values),
    "differs": lambda env, **values: env._("%(part)s differs", **values),
    "currencies": lambda env, **values: env._("%(part)s has several currencies", **values),
    "endless": lambda env, **values: env._("Amazon's list never ends: %(part)s repeats", **values),
    # What keeps a request from being sent
    "invalid": lambda _env, order, complaints: f"{order}: {complaints}",
    "complaint": lambda _env, complaint, field: f"{complaint} ({field})",
    "missing": lambda env, **values: env._("%(part)s is missing", **values),
    "over_limit": lambda env, **values: env._("%(part)s has %(length)s characters, the limit is %(limit)s", **values),
    "unprintable": lambda env, **values: env._(
        "%(part)s contains the character %(char)s, which cannot be printed", **values
    ),
    "not_one_of": lambda env, **values: env._("%(part)s must be one of %(known)s", **values),
    "no_quantity": lambda env, **values: env._("%(part)s must be a whole number above zero", **values),
    "country_code": lambda env: env._("the country must be a code of two letters"),
    "city_in_japan": lambda env: env._("the city must be empty in Japan: it is part of the street"),
    "order_id_characters": lambda env: env._("the order id may contain only A-Z a-z 0-9 _ -"),
    "order_number_characters": lambda env: env._(
        "the order number has characters outside ISO 8859-1 or two spaces in a row"
    ),
    "no_items": lambda env: env._("there is nothing to fulfill"),
    "many_lines": lambda env, **values: env._("the order has %(lines)s lines, the limit is %(limit)s", **values),
    "many_units": lambda env, **values: env._("the order has %(units)s units, the limit is %(limit)s", **values),
    "same_ids": lambda env: env._("two lines have the same id"),
    "marketplaces": lambda env, **values: env._(
        "the report has %(count)s marketplaces, the limits are 1 and %(limit)s", **values
    ),
    "end_first": lambda env: env._("the end is before the start"),
    # Parts of a request, each the subject of a sentence above
    "part_order_id": lambda env: env._("the order id"),
    "part_order_number": lambda env: env._("the order number"),
    "part_comment": lambda env: env._("the comment"),
    "part_speed": lambda env: env._("the shipping speed"),
    "part_policy": lambda env: env._("the fulfillment policy"),
    "part_feature": lambda env: env._("the feature"),
    "part_email": lambda env: env._("an e-mail address"),
    "part_name": lambda env: env._("the name"),
    "part_street": lambda env: env._("the street"),
    "part_street2": lambda env: env._("the second line of the street"),
    "part_street3": lambda env: env._("the third line of the street"),
    "part_postal_code": lambda env: env._("the postal code"),
    "part_city": lambda env: env._("the city"),
    "part_state": lambda env: env._("the state"),
    "part_country": lambda env: env._("the country"),
    "part_phone": lambda env: env._("the phone number"),
    "part_sku": lambda env, **values: env._("the seller SKU of line %(line)s", **values),
    "part_line_id": lambda env: env._("the id of a line"),
    "part_quantity": lambda env, **values: env._("the quantity of line %(line)s", **values),
}


def _told(text):
    """`text` as a sentence: reasons of a list become one text."""

    def sentence(env, **values):
        return text(env, **{name: _joined(value) for name, value in values.items()})

    return sentence


def _joined(value):
    return amazon.SEVERAL.join(value) if isinstance(value, list) else value


SENTENCES = {_PREFIX + code: _told(text) for code, text in _TEXTS.items()}
"""Of fba.account: {code: function(env, **values) -> text}. See shared/sentence.py."""


def sentence_of(reason):
    """The Sentence of an amazon.Reason: it may be stored, or quoted in another sentence."""
    values = {name: _with_sentences(value) for name, value in reason.values.items()}
    return Sentence(_PREFIX + reason.code, values, by="fba.account")


def _with_sentences(value):
    if isinstance(value, tuple):
        return [sentence_of(reason) for reason in value]
    return sentence_of(value) if isinstance(value, amazon.Reason) else value
