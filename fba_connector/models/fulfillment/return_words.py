"""Amazon's codes for returned units, in words: why a customer sent a unit back, and how Amazon received it.

Source: reason codes of Amazon's report "FBA customer returns"; those of listReturnReasonCodes have "CR-" before them.
Conditions: Fulfillment Outbound 2020-07-01, ReturnItemDisposition. Amazon adds codes: an unknown one is shown as it is.
"""

from ...amazon.spelling import spelt

PREFIX = "CR-"


def reason_in_words(env, code):
    return _in_words(code.removeprefix(PREFIX), _reasons(env)) or code if code else False


def condition_in_words(env, code):
    return _in_words(code, _conditions(env)) or code if code else False


def _in_words(code, words):
    known = spelt(code, words)
    return known and words[known]


def _reasons(env):
    return {
        "ORDERED_WRONG_ITEM": env._("Ordered the wrong item"),
        "MISORDERED": env._("Ordered the wrong style, size or color"),
        "UNWANTED_ITEM": env._("No longer needed"),
        "FOUND_BETTER_PRICE": env._("Found a better price"),
        "NO_REASON_GIVEN": env._("No reason given"),
        "UNKNOWN_OTHER_REASON": env._("Other reason"),
        "UNAUTHORIZED_PURCHASE": env._("Purchase not authorized"),
        "DEFECTIVE": env._("Defective"),
        "QUALITY_UNACCEPTABLE": env._("Quality not good enough"),
        "NOT_AS_DESCRIBED": env._("Not as described"),
        "NOT_COMPATIBLE": env._("Not compatible"),
        "PART_NOT_COMPATIBLE": env._("Part not compatible"),
        "EXCESSIVE_INSTALLATION": env._("Installation too difficult"),
        "MISSING_PARTS": env._("Parts missing"),
        "EXTRA_ITEM": env._("More sent than ordered"),
        "SWITCHEROO": env._("Wrong item sent"),
        "WARRANTY": env._("Warranty"),
        "RECALL": env._("Recall"),
        "DAMAGED_BY_FC": env._("Damaged at Amazon"),
        "DAMAGED_BY_CARRIER": env._("Damaged in transit"),
        "MISSED_ESTIMATED_DELIVERY": env._("Arrived too late"),
        "NEVER_ARRIVED": env._("Never arrived"),
        "UNDELIVERABLE_REFUSED": env._("Undeliverable: refused"),
        "UNDELIVERABLE_UNCLAIMED": env._("Undeliverable: not picked up"),
        "UNDELIVERABLE_INSUFFICIENT_ADDRESS": env._("Undeliverable: address incomplete"),
        "UNDELIVERABLE_FAILED_DELIVERY_ATTEMPTS": env._("Undeliverable: nobody there"),
        "UNDELIVERABLE_CARRIER_MISS_SORTED": env._("Undeliverable: missorted by the carrier"),
        "UNDELIVERABLE_MISSING_LABEL": env._("Undeliverable: label missing"),
        "UNDELIVERABLE_UNKNOWN": env._("Undeliverable"),
        "APPAREL_TOO_SMALL": env._("Too small"),
        "APPAREL_TOO_LARGE": env._("Too large"),
        "APPAREL_STYLE": env._("Style not liked"),
        "POOR_FIT": env._("Does not fit"),
        "JEWELRY_TOO_SMALL": env._("Too small"),
        "JEWELRY_TOO_LARGE": env._("Too large"),
        "JEWELRY_BATTERY": env._("Battery empty"),
        "JEWELRY_NO_DOCS": env._("Manual or warranty missing"),
        "JEWELRY_BAD_CLASP": env._("Clasp broken"),
        "JEWELRY_LOOSE_STONE": env._("Stone loose or missing"),
        "JEWELRY_NO_CERT": env._("Certificate missing"),
    }


def _conditions(env):
    return {
        "Sellable": env._("Sellable"),
        "Defective": env._("Defective"),
        "CustomerDamaged": env._("Damaged by the customer"),
        "CarrierDamaged": env._("Damaged in transit"),
        "FulfillerDamaged": env._("Damaged at Amazon"),
    }
