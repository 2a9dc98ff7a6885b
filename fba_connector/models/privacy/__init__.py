from . import fba_fulfillment_order
from . import res_partner
