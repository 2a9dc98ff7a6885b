"""What the shipping confirmation shows of a delivery: sender, goods with pictures, a link to the order."""

from odoo import models
from odoo.tools import formataddr


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _fba_sender(self):
        """Name and address of the salesperson, else of the company; empty where Odoo knows neither's address."""
        sale, company = self.sudo().sale_id, self.sudo().company_id
        person = sale.user_id
        if person.active and person.email_normalized:
            return person.email_formatted
        if not company.partner_id.email_normalized and company.default_from_email:
            return formataddr((company.name, company.default_from_email))
        return company.partner_id.email_normalized and company.partner_id.email_formatted or ""

    def _fba_shipped_part(self):
        """For the subject: what of the order this is."""
        return self.env._("your order") if self._fba_is_whole_order() else self.env._("a part of your order")

    def _fba_is_whole_order(self):
        """Whether it is all that the customer gets."""
        sale = self.sudo().sale_id
        done = sale.picking_ids.filtered(lambda it: it.state == "done" and it.picking_type_code == "outgoing")
        return sale.delivery_status == "full" and done <= self

    def _fba_pictured_goods(self):
        """[{quantity, name, image: link for anybody or False}] of the goods that have left."""
        goods = self._fba_shipped_products()
        products = self.env["product.product"].union(*(product for _quantity, product in goods))
        images = products._fba_image_links()
        return [
            {"quantity": quantity, "name": product.name, "image": images.get(product, False)}
            for quantity, product in goods
        ]

    def _fba_order_link(self):
        """The order's page in the customer portal, with its access token; False without an order, or where the goods go
        to somebody else, such as a gift: the page shows prices."""
        sale = self.sudo().sale_id
        is_buyers = self.partner_id.commercial_partner_id == sale.partner_id.commercial_partner_id
        return sale and is_buyers and f"{sale.get_base_url()}{sale.get_portal_url()}"
