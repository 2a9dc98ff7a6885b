"""New columns of fulfillment orders, filled where an order of the version before needs a value."""

COLUMNS = """
    ALTER TABLE fba_fulfillment_order
        ADD COLUMN IF NOT EXISTS waits_until timestamp,  -- of open orders: see post-fulfillment-orders.py
        ADD COLUMN IF NOT EXISTS cancel_due_at timestamp
"""
# A requested cancellation continues.
CANCELLATIONS = """
    UPDATE fba_fulfillment_order
       SET cancel_due_at = cancel_requested_at
     WHERE cancel_requested_at IS NOT NULL AND cancel_asked_at IS NULL AND cancel_due_at IS NULL
"""
# Amazon's list may have left out a change of an order that it had not begun.
UNLISTED = """
    UPDATE fba_fulfillment_order
       SET due_at = now() AT TIME ZONE 'UTC'
     WHERE state = 'in_shipping' AND due_at IS NULL
"""

# Until now Complete was believed before the shipments were listed: those orders are read once more.
BELIEVED = """
    UPDATE fba_fulfillment_order
       SET due_at = now() AT TIME ZONE 'UTC'
     WHERE state = 'exception' AND due_at IS NULL AND submitted_at IS NOT NULL
       AND amazon_status IN ('Complete', 'CompletePartialled')
"""


def migrate(cr, version):
    cr.execute(COLUMNS)
    cr.execute(CANCELLATIONS)
    cr.execute(UNLISTED)
    cr.execute(BELIEVED)
