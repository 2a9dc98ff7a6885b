from . import fba_backfill_wizard
from . import fba_submit_wizard
from . import fba_sku_map_wizard
from . import fba_release_wizard
from . import fba_preview_wizard
from . import fba_resolve_wizard
from . import fba_source_wizard
from . import stock_return_picking
