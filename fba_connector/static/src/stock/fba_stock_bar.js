import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatUnits } from "./fba_units";

const PARTS = [
    { name: "fulfillable_quantity", label: _t("Fulfillable") },
    { name: "held_quantity", label: _t("Held") },
    { name: "unsellable_quantity", label: _t("Unsellable") },
    { name: "inbound_quantity", label: _t("Inbound") },
];

/**
 * The units at Amazon, and under the number a bar of what they are, inbound ones included. Each bar is as wide as its
 * cell: numbers compare the rows, and beside a row of thousands the parts of a small one could not be seen.
 */
export class FbaStockBar extends Component {
    static template = "fba_connector.StockBar";
    static props = { ...standardFieldProps };

    get number() {
        return this.format(this.props.name);
    }

    get segments() {
        const { data } = this.props.record;
        return PARTS.filter(({ name }) => data[name] > 0).map(({ name, label }) => ({
            name: name.replace("_quantity", ""),
            units: data[name],
            legend: `${label}: ${this.format(name)}`,
        }));
    }

    get legend() {
        return this.segments.map(({ legend }) => legend).join(", ") || _t("Nothing at Amazon");
    }

    format(name) {
        const { data, fields } = this.props.record;
        return formatUnits(data[name], { digits: fields[name].digits });
    }
}

export const fbaStockBar = {
    component: FbaStockBar,
    displayName: _t("Stock at Amazon"),
    supportedTypes: ["float"],
    fieldDependencies: PARTS.map(({ name }) => ({ name, type: "float" })),
};

registry.category("fields").add("fba_stock_bar", fbaStockBar);
