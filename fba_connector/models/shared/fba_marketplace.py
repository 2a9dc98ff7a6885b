"""Amazon's marketplaces: data, the same for every company."""

from odoo import api, fields, models

TAX_ADDED = ("US", "CA")  # where prices are shown without the tax of the buyer's state

REGIONS = [("na", "North America"), ("eu", "Europe"), ("fe", "Far East")]


class FbaMarketplace(models.Model):
    _name = "fba.marketplace"
    _description = "Amazon Marketplace"
    _order = "region, name"
    _rec_names_search = ["name", "code", "marketplace_id"]

    name = fields.Char(required=True)
    code = fields.Char("Country Code", required=True, help="ISO 3166 code of the country the marketplace sells to.")
    marketplace_id = fields.Char("Marketplace ID", required=True, help="Amazon's own identifier.")
    region = fields.Selection(REGIONS, required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    # Source: SP-API Fulfillment Outbound, FeatureSettings, which has signatures in the United States only.
    has_blank_box = fields.Boolean("Blank Boxes", help="Amazon can ship without its brand on the box here.")
    has_block_amzl = fields.Boolean("Other Carriers", help="Amazon can be told not to use its own carrier here.")
    has_signature_confirmation = fields.Boolean("Signatures", help="Amazon can have the recipient sign here.")
    tax_included = fields.Boolean(
        "Prices Include Tax",
        compute="_compute_tax_included",
        store=True,
        readonly=False,
        help="Decides where Amazon names no tax of an order: whether Odoo's taxes are in its prices, or it has none.",
    )
    source_id = fields.Many2one("utm.source", "Source of Orders", help="Of the imported orders, in the sales analysis.")
    customer_id = fields.Many2one(
        "res.partner",
        "Customer of Amazon's Orders",
        readonly=True,
        help="Orders sold on this marketplace are booked to this contact; made with the first of them.",
    )

    _marketplace_id_unique = models.Constraint("UNIQUE(marketplace_id)", "This marketplace exists already.")

    @api.depends("code")
    def _compute_tax_included(self):
        for marketplace in self:
            marketplace.tax_included = marketplace.code not in TAX_ADDED

    @api.depends("name", "code")
    def _compute_display_name(self):
        for marketplace in self:
            marketplace.display_name = f"{marketplace.name} ({marketplace.code})"

    def _get_source(self):
        """The source by which sales are told apart; made with the first order."""
        if self and not self.source_id:
            Source = self.env["utm.source"].sudo()
            self.sudo().source_id = Source.search([("name", "=", self.name)]) or Source.create({"name": self.name})
        return self.source_id

    def _get_customer(self):
        """The contact that stands for this marketplace's buyers: no e-mail address, so nothing is ever mailed to it."""
        self.ensure_one()
        if not self.customer_id:
            country = self.env["res.country"].search([("code", "=", self.code)], limit=1)
            self.sudo().customer_id = self.env["res.partner"].create(
                {"name": self.env._("%s customer", self.name), "country_id": country.id, "company_id": False}
            )
        return self.customer_id
