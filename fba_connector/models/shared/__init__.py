from . import fba_work_item
from . import fba_safe_export
from . import fba_marketplace
from . import fba_carrier
from . import fba_parcel
from . import fba_fulfillment_options
from . import fba_task_lock
from . import sale_order
