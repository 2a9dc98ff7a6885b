"""Carriers of the version before get the words and numbers by which Amazon's parcels are recognized.

The data file leaves existing carriers alone. What a person entered stays: links, and carriers made for such a word.
"""

from odoo import SUPERUSER_ID, api

# {external id: (words, tracking numbers)}
KNOWN = {
    "carrier_amazon": ("Amazon", "TBA, TBC, TBM, AFTN"),
    "carrier_ups": ("United Parcel Service", "1Z"),
    "carrier_usps": ("United States Postal Service", ""),
    "carrier_fedex": ("Federal Express, AFL/Fedex", ""),
    "carrier_dhl_ecommerce": ("DHL Global Mail", ""),
    "carrier_ontrac": ("LaserShip", ""),
}
OLD_AMAZON_URL = "https://track.amazon.com/tracking/<shipmenttrackingnumber>"
AMAZON_URL = "https://www.swiship.com/track?id=<shipmenttrackingnumber>"


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, (words, numbers) in KNOWN.items():
        carrier = env.ref(f"fba_connector.{name}", raise_if_not_found=False)
        if carrier and not carrier.aliases and not _is_taken(env, [carrier.name, *words.split(",")]):
            carrier.write({"aliases": words, "number_prefixes": numbers or False})
    amazon = env.ref("fba_connector.carrier_amazon", raise_if_not_found=False)
    if amazon and amazon.tracking_url == OLD_AMAZON_URL:
        amazon.tracking_url = AMAZON_URL


def _is_taken(env, words):
    """Whether one of the `words` already means a carrier that did not come with the add-on."""
    carriers = env["fba.carrier"].union(*env["fba.carrier"]._by_code(words).values())
    return any(not name.startswith("fba_connector.") for name in carriers.get_external_id().values())
