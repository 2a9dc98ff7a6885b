"""Shared parts of all rooms: no process, no order.

guard                    refusal of values set by hand
groups                   access groups
ties                     records that need another one, in words
sentence                 stored sentences, in the reader's language
reader                   the person in charge, and that person's language
notification             words on the screen after a button
changes                  writing changed values only
caches                   what each process keeps in its memory
together                 many records of a request, none of which stops the others
fba_work_item            items of scheduled work
fba_stateful             the only way to change a state
fba_safe_export          exports without formulas
fba_empty_list           words in an empty list
fba_name_search          searches by the name of a related record
fba_money                sums of several currencies
fba_marketplace          Amazon's marketplaces
fba_carrier              Amazon's carriers
fba_parcel               parcels: carrier, tracking number, link
fba_fulfillment_options  options of a fulfillment order, and their defaults
fba_task_lock            one run per account and task
batch                    records of one batch: what is looked up once
batch_checks             ... what is checked together
batch_lookups            ... of Odoo's look-ups
batch_quants             ... quants that are locked and found once
res_currency             exchange rates that Odoo has
res_company              dates that the books accept
sale_order               activities and messages on a sale order
"""

from . import fba_work_item
from . import fba_stateful
from . import fba_safe_export
from . import fba_empty_list
from . import fba_name_search
from . import fba_money
from . import fba_marketplace
from . import fba_carrier
from . import fba_parcel
from . import fba_fulfillment_options
from . import fba_task_lock
from . import batch_checks
from . import batch_lookups
from . import batch_quants
from . import res_currency
from . import res_company
from . import sale_order
