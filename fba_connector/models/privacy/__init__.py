"""Deletion of personal data after its use.

fba_account            scheduled work
fba_amazon_order       buyers on Amazon
fba_fulfillment_order  confirmations and comments of customers
res_partner            on a person's request
"""

from . import fba_account
from . import fba_amazon_order
from . import fba_fulfillment_order
from . import res_partner
