import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";
import { Component } from "@odoo/owl";

/** A record with a note below its name: a column of its own would leave a long note a word per line. */
export class FbaNotedProduct extends Component {
    static template = "fba_connector.NotedProduct";
    static props = { ...standardFieldProps, noteField: String, isShownBelow: { type: Boolean, optional: true } };

    get label() {
        return this.props.record.data[this.props.name]?.display_name || "";
    }

    get note() {
        return this.props.record.data[this.props.noteField] || "";
    }
}

/** The same of a badge. */
export class FbaNotedBadge extends BadgeField {
    static template = "fba_connector.NotedBadge";
    static props = { ...BadgeField.props, noteField: String };

    get note() {
        return this.props.record.data[this.props.noteField] || "";
    }
}

registry.category("fields").add("fba_noted_badge", {
    ...badgeField,
    component: FbaNotedBadge,
    extractProps: (info) => ({ ...badgeField.extractProps(info), noteField: info.options.note }),
});
registry.category("fields").add("fba_noted_product", {
    component: FbaNotedProduct,
    supportedTypes: ["many2one"],
    extractProps: ({ options }) => ({ noteField: options.note, isShownBelow: Boolean(options.shown_below) }),
});
