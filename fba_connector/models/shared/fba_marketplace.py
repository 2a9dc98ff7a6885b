"""Amazon's marketplaces: data, the same for every company."""

from odoo import api, fields, models

TAX_ADDED = ("US", "CA")  # where prices are shown without the tax of the buyer's state

# Countries that a marketplace's stock reaches beside its own. Sources: Seller Central help 200332450, "Multi-Channel
# Fulfillment": "non-contiguous US states and territories"; no exports from Europe and Japan, and from North America of
# media only. The small neighbors of the European marketplaces are named nowhere: they share those countries' postal
# codes.
TERRITORIES = {
    "US": ["PR", "VI", "GU", "AS", "MP"],
    "GB": ["IM", "JE", "GG"],
    "FR": ["MC"],
    "IT": ["SM", "VA"],
}

REGIONS = [("na", "North America"), ("eu", "Europe"), ("fe", "Far East")]


class FbaMarketplace(models.Model):
    _name = "fba.marketplace"
    _description = "Amazon Marketplace"
    _order = "region, name"
    _rec_names_search = ["name", "code", "marketplace_id"]

    name = fields.Char(required=True)
    code = fields.Char("Country Code", required=True, help="ISO 3166 code of the marketplace's country.")
    marketplace_id = fields.Char("Marketplace ID", required=True, help="Amazon's own identifier.")
    region = fields.Selection(REGIONS, required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    served_country_ids = fields.Many2many(
        "res.country",
        "fba_marketplace_served_country_rel",
        string="Delivers To",
        compute="_compute_served_country_ids",
        store=True,
        readonly=False,
        help="Countries to which Amazon delivers orders of other sales channels from this marketplace's stock.",
    )
    # Source: SP-API Fulfillment Outbound, FeatureSettings, which has signatures in the United States only.
    has_blank_box = fields.Boolean(
        "Blank Boxes", help="Amazon can ship this marketplace's orders in boxes without its brand."
    )
    has_block_amzl = fields.Boolean(
        "Other Carriers", help="Amazon can ship this marketplace's orders with carriers other than its own."
    )
    has_signature_confirmation = fields.Boolean(
        "Signatures", help="Amazon can require the recipient's signature for this marketplace's orders."
    )
    tax_included = fields.Boolean(
        "Prices Include Tax",
        compute="_compute_tax_included",
        store=True,
        readonly=False,
        help="For orders without a tax from Amazon. On: Odoo's taxes are included in the prices. Off: there is no tax.",
    )
    source_id = fields.Many2one(
        "utm.source", "Source of Orders", help="Source of the imported orders in the sales analysis."
    )
    customer_id = fields.Many2one(
        "res.partner",
        "Customer for Amazon Orders",
        readonly=True,
        help="Odoo books orders sold on this marketplace to this contact, created with the first order.",
    )

    _marketplace_id_unique = models.Constraint("UNIQUE(marketplace_id)", "This marketplace already exists.")

    @api.depends("code")
    def _compute_tax_included(self):
        for marketplace in self:
            marketplace.tax_included = marketplace.code not in TAX_ADDED

    @api.depends("code")
    def _compute_served_country_ids(self):
        for marketplace in self:
            codes = [marketplace.code, *TERRITORIES.get(marketplace.code, ())]
            marketplace.served_country_ids = self.env["res.country"].search([("code", "in", codes)])

    @api.depends("name", "code")
    def _compute_display_name(self):
        for marketplace in self:
            marketplace.display_name = f"{marketplace.name} ({marketplace.code})"

    def _get_source(self):
        """The source of this marketplace's orders in the sales analysis; created with the first order."""
        if self and not self.source_id:
            Source = self.env["utm.source"].sudo()
            self.sudo().source_id = Source.search([("name", "=", self.name)]) or Source.create({"name": self.name})
        return self.source_id

    def _get_customer(self):
        """The contact for this marketplace's buyers: without an e-mail address, so Odoo never mails to it."""
        self.ensure_one()
        if not self.customer_id:
            country = self.env["res.country"].search([("code", "=", self.code)], limit=1)
            self.sudo().customer_id = self.env["res.partner"].create(
                {"name": self.env._("%s customer", self.name), "country_id": country.id, "company_id": False}
            )
        return self.customer_id
