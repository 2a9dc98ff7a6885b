"""Rooms of the connector, extended.

fba_account_keys         keys of AWS, where the account's others are
fba_subscription         one type of notifications: what came of it, whether it can be relied on
fba_notice               what is to be looked at, until it was
fba_queue_state          what came of reading the queue
fba_account_queue        the queue: settings, set-up, what is wrong with it
fba_account_receive      messages become notices
fba_account_polling      polling slows down while notifications are fresh
fba_account_notices      tasks look at what notices name
stock_warehouse          Amazon's counts of the SKUs that notices name
"""

from . import fba_account_keys
from . import fba_subscription
from . import fba_notice
from . import fba_queue_state
from . import fba_account_queue
from . import fba_account_receive
from . import fba_account_polling
from . import fba_account_notices
from . import stock_warehouse
