import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** A record with a note below its name: a column of its own would leave a long note a word per line. */
export class FbaNotedProduct extends Component {
    static template = "fba_connector.NotedProduct";
    static props = { ...standardFieldProps, noteField: String };

    get label() {
        return this.props.record.data[this.props.name]?.display_name || "";
    }

    get note() {
        return this.props.record.data[this.props.noteField] || "";
    }
}

registry.category("fields").add("fba_noted_product", {
    component: FbaNotedProduct,
    supportedTypes: ["many2one"],
    extractProps: ({ options }) => ({ noteField: options.note }),
});
