import { onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

/** AFN warehouses that could not be synchronized, with the reason in words. */
function useTroubledWarehouses() {
    const orm = useService("orm");
    const warehouses = useState([]);
    onWillStart(async () => {
        const troubled = [
            ["is_afn", "=", true],
            ["fba_sync_message", "!=", false],
        ];
        warehouses.push(...(await orm.searchRead("stock.warehouse", troubled, ["fba_sync_message"])));
    });
    return warehouses;
}

export class FbaStockListController extends ListController {
    static template = "fba_connector.StockListView";

    setup() {
        super.setup();
        this.troubledWarehouses = useTroubledWarehouses();
    }
}

export class FbaStockKanbanController extends KanbanController {
    static template = "fba_connector.StockKanbanView";

    setup() {
        super.setup();
        this.troubledWarehouses = useTroubledWarehouses();
    }
}

registry
    .category("views")
    .add("fba_stock_list", { ...listView, Controller: FbaStockListController })
    .add("fba_stock_kanban", { ...kanbanView, Controller: FbaStockKanbanController });
