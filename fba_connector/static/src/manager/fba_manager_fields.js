import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { Many2OneField, buildM2OFieldDescription } from "@web/views/fields/many2one/many2one_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The SKUs, behind pictures of the first products. */
export class FbaItems extends Component {
    static template = "fba_connector.Items";
    static props = { ...standardFieldProps };

    get pictures() {
        const pictures = this.props.record.data.pictures || [];
        return pictures.map(({ id, name, unique }) => ({
            id,
            name,
            url: `/web/image/product.product/${id}/image_128?unique=${unique}`,
        }));
    }
}

/** Tracking numbers, each a link to its carrier's page. */
export class FbaTracking extends Component {
    static template = "fba_connector.Tracking";
    static props = { ...standardFieldProps };

    get parcels() {
        const links = this.props.record.data.tracking_links || [];
        return links.map(([number, url]) => ({ number, url }));
    }
}

/** Two lines of the reason; the title holds all of it. */
export class FbaReason extends Component {
    static template = "fba_connector.Reason";
    static props = { ...standardFieldProps };
}

const fields = registry.category("fields");
fields.add("fba_customer", { ...buildM2OFieldDescription(Many2OneField), listViewWidth: [110, 160] });
fields.add("fba_items", {
    component: FbaItems,
    supportedTypes: ["char"],
    listViewWidth: [170, 260],
    fieldDependencies: [{ name: "pictures", type: "json" }],
});
fields.add("fba_tracking", {
    component: FbaTracking,
    supportedTypes: ["char"],
    listViewWidth: [80, 160],
    fieldDependencies: [{ name: "tracking_links", type: "json" }],
});
fields.add("fba_reason", { component: FbaReason, supportedTypes: ["char"], listViewWidth: [90, 320] });
