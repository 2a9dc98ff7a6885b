"""Orders of the inbox carry what they wait for, and why they are ignored; older rows say so in their sentence only.

Their `content_key` is made where Amazon shows an order again: it needs Python, and a database may have a million rows.
"""

SKU = (
    "UPDATE fba_amazon_order SET awaits = 'sku', awaited = missing_sku WHERE missing_sku IS NOT NULL AND awaits IS NULL"
)
STOCK = """
    UPDATE fba_amazon_order
       SET awaits = 'stock'
     WHERE awaited_units IS NOT NULL AND jsonb_typeof(awaited_units) = 'object' AND awaits IS NULL
"""
WAREHOUSE = """
    UPDATE fba_amazon_order
       SET awaits = CASE WHEN marketplace_id IS NULL THEN 'marketplace' ELSE 'warehouse' END,
           awaited = payload #>> '{salesChannel,marketplaceId}'
     WHERE state = 'error' AND awaits IS NULL AND error_message LIKE '{"say": "no_warehouse"%'
       AND payload #>> '{salesChannel,marketplaceId}' IS NOT NULL
"""
CURRENCY = """
    UPDATE fba_amazon_order
       SET awaits = 'currency', awaited = substring(error_message from '"currency": "([^"]+)"')
     WHERE state = 'error' AND awaits IS NULL AND error_message LIKE '{"say": "inactive_currency"%'
"""
OUTCOME = """
    UPDATE fba_amazon_order
       SET outcome = CASE code WHEN 'twin_elsewhere' THEN 'twin' ELSE code END
      FROM (SELECT id, substring(error_message from '^\\{"say": "(\\w+)"') AS code FROM fba_amazon_order
             WHERE state = 'ignored' AND outcome IS NULL) found
     WHERE found.id = fba_amazon_order.id
       AND code IN ('own_order', 'sold_elsewhere', 'not_fulfilled', 'too_early', 'cancelled', 'nothing_shipped', 'twin',
                    'twin_elsewhere')
"""


def migrate(cr, version):
    for statement in (SKU, STOCK, WAREHOUSE, CURRENCY, OUTCOME):
        cr.execute(statement)
