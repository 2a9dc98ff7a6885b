"""Sources of a sale order line: the warehouses of its units.

sentences                 sentences of sale order lines
fba_account               automation settings
delivery_carrier          delivery methods and Amazon's speeds
product                   units that Amazon's packs cannot make
fba_sku                   hook for units of unsent orders; units in packs and kits
shelf                     free units of seller SKUs
tally                     free units minus those promised in the same call
stock_warehouse           AFN warehouses as sources; arriving stock
sale_order                the button, automation, waiting orders
sale_order_line           fields; the step before Odoo procures
sale_order_line_sourcing  finding, choosing and changing sources
sale_order_line_changes   new, raised and lowered lines
stock_move                releasing an assignment
stock_picking             own deliveries that became empty
"""

from . import fba_account
from . import delivery_carrier
from . import product
from . import fba_sku
from . import stock_warehouse
from . import sale_order
from . import sale_order_line
from . import sale_order_line_sourcing
from . import sale_order_line_changes
from . import stock_move
from . import stock_picking
