"""Amazon's carriers: the words Amazon has for them, tracking page and delivery method. Data."""

import re
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .batch import once

PLACEHOLDER = "<shipmenttrackingnumber>"  # as in Odoo's own delivery methods


def _plain(word):
    """`word` as it is compared: Amazon writes "AMZN_US", "Amazon Logistics" and "DHL-Paket"."""
    return re.sub(r"[\s_-]", "", word).casefold()


def _plain_parts(words):
    """Those of a list with commas."""
    return [plain for part in (words or "").split(",") if (plain := _plain(part))]


def _longest_start(word, starts):
    """The value of the longest of `starts`, {start: value}, that `word` begins with; None if there is none."""
    word = _plain(word)
    return next((starts[word[:end]] for end in range(len(word), 0, -1) if word[:end] in starts), None)


class FbaCarrier(models.Model):
    _name = "fba.carrier"
    _description = "Amazon Carrier"
    _order = "name, id"
    _rec_names_search = ["name", "code", "aliases"]

    name = fields.Char(required=True)
    code = fields.Char(
        required=True,
        help="Start of Amazon's code or name for the carrier, such as UPS. If several carriers match, the longest "
        "start applies. Upper and lower case, spaces, - and _ make no difference.",
    )
    aliases = fields.Char(
        help="Amazon's other codes and names for the carrier, or how they start, separated by commas. "
        "Example: Amazon, AMZL."
    )
    number_prefixes = fields.Char(
        "Tracking Numbers Start With",
        help="Separated by commas. Example: TBA, TBC. Odoo finds the carrier by the tracking number if Amazon names "
        "none, or one that is not in this list. A number that starts so always links to this carrier's page.",
    )
    tracking_url = fields.Char(
        "Tracking URL",
        help=f"Tracking page of the carrier. Odoo replaces {PLACEHOLDER} with the tracking number.",
    )
    delivery_carrier_id = fields.Many2one(
        "delivery.carrier",
        "Delivery Method",
        company_dependent=True,
        check_company=True,
        help="Odoo sets it on deliveries that Amazon ships with this carrier. If empty, they show Amazon's code only.",
    )

    _code_unique = models.Constraint("UNIQUE(code)", "This carrier already exists.")

    @api.constrains("tracking_url")
    def _check_tracking_url(self):
        for carrier in self.filtered("tracking_url"):
            if not carrier.tracking_url.startswith("https://") or PLACEHOLDER not in carrier.tracking_url:
                raise ValidationError(
                    self.env._(
                        "The tracking URL of %(carrier)s must start with https:// and contain %(placeholder)s.",
                        carrier=carrier.name,
                        placeholder=PLACEHOLDER,
                    )
                )

    @api.model
    def _all(self):
        names = ["name", "code", "aliases", "number_prefixes", "tracking_url"]
        return once(self, "all", lambda: self.search_fetch([], names))

    @api.model
    def _by_code(self, codes):
        """{code: carrier} for Amazon's `codes`, which may be names; an empty carrier for unknown ones.

        A carrier's own name counts where no code and no alias matches, and then as a whole: it is a person's word.
        """
        carriers = self or self._all()
        names = {_plain(carrier.name): carrier for carrier in reversed(carriers)}
        words = {word: carrier for carrier in reversed(carriers) for word in _plain_parts(carrier.aliases)}
        words |= {_plain(carrier.code): carrier for carrier in reversed(carriers)}
        return {code: _longest_start(code, words) or names.get(_plain(code)) or self.browse() for code in codes}

    @api.model
    def _by_number(self, numbers):
        """{tracking number: carrier} for `numbers`; an empty carrier for those that every carrier could have."""
        carriers = self or self._all()
        starts = {start: carrier for carrier in reversed(carriers) for start in _plain_parts(carrier.number_prefixes)}
        return {number: _longest_start(number, starts) or self.browse() for number in numbers}

    def _url_of(self, tracking_number):
        """The tracking page of the parcel with this number; False if unknown."""
        if not self.tracking_url or not tracking_number:
            return False
        return self.tracking_url.replace(PLACEHOLDER, quote(tracking_number, safe=""))
