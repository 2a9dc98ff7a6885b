import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { managing } from "./fba_manager_controller";
import { FbaManagerModel } from "./fba_manager_model";

export class FbaManagerListController extends managing(ListController) {
    static template = "fba_connector.ManagerListView";
}

/** Columns with the option `hide_empty` take no width while no row has anything in them. */
export class FbaManagerListRenderer extends ListRenderer {
    getActiveColumns() {
        const { records } = this.props.list;
        return super
            .getActiveColumns()
            .filter(({ name, options }) => !options?.hide_empty || records.some(({ data }) => data[name]));
    }

    computeAggregates() {
        const aggregates = super.computeAggregates();
        for (const { name, options } of this.columns) {
            if (options?.hide_trailing_zeros && name in aggregates) {
                aggregates[name].value = this.formatWithoutZeros(aggregates[name].rawValue, name);
            }
        }
        return aggregates;
    }

    formatGroupAggregate(group, column) {
        const aggregate = super.formatGroupAggregate(group, column);
        if (column.options?.hide_trailing_zeros && aggregate.value) {
            aggregate.value = this.formatWithoutZeros(group.aggregates[column.name], column.name);
        }
        return aggregate;
    }

    formatWithoutZeros(value, name) {
        return formatFloat(value, { digits: this.fields[name].digits, trailingZeros: false });
    }
}

registry.category("views").add("fba_manager_list", {
    ...listView,
    Controller: FbaManagerListController,
    Renderer: FbaManagerListRenderer,
    Model: FbaManagerModel,
});
