"""Indexes that others have replaced: Odoo leaves them where they are."""

REPLACED = (
    "fba_amazon_order__account_id_index",
    "fba_fulfillment_order__account_id_index",
    "fba_fulfillment_order__state_index",
    "fba_package__shipment_id_index",
    "fba_shipment__fulfillment_order_id_index",
)


def migrate(cr, version):
    for name in REPLACED:
        cr.execute(f"DROP INDEX IF EXISTS {name}")
