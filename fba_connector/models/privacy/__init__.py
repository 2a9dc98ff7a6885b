from . import fba_account
from . import fba_amazon_order
from . import fba_fulfillment_order
from . import res_partner
