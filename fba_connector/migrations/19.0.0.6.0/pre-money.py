"""Columns of the inbox whose values Odoo would compute for each row, of perhaps a million: they are known."""

COLUMNS = """
    ALTER TABLE fba_amazon_order
     ADD COLUMN IF NOT EXISTS rate_is_old boolean,
     ADD COLUMN IF NOT EXISTS invoice_state varchar DEFAULT 'none'
"""
NO_DEFAULT = "ALTER TABLE fba_amazon_order ALTER COLUMN invoice_state DROP DEFAULT"


def migrate(cr, version):
    cr.execute(COLUMNS)
    cr.execute(NO_DEFAULT)
