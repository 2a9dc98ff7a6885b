import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { managing } from "./fba_manager_controller";
import { FbaManagerModel } from "./fba_manager_model";

export class FbaManagerKanbanController extends managing(KanbanController) {
    static template = "fba_connector.ManagerKanbanView";
}

registry.category("views").add("fba_manager_kanban", {
    ...kanbanView,
    Controller: FbaManagerKanbanController,
    Model: FbaManagerModel,
});
