"""How long open orders may wait; ended ones, by far the most, wait for nothing."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["fba.fulfillment.order"].search([("state", "not in", ("shipped", "cancelled"))])._compute_waits_until()
