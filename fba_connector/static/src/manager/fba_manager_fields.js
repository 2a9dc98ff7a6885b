import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Many2OneField, buildM2OFieldDescription } from "@web/views/fields/many2one/many2one_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A link to the sales order; with Ctrl or the middle button, the browser opens a tab of its own. */
export class FbaOrderLink extends Component {
    static template = "fba_connector.OrderLink";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get order() {
        return this.props.record.data[this.props.name];
    }

    onClick(ev) {
        if (ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        ev.preventDefault();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: this.order.id,
            views: [[false, "form"]],
        });
    }

    /** Enter follows the link; in the list it would open the row. */
    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.stopPropagation();
        }
    }
}

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
fields.add("fba_customer", { ...buildM2OFieldDescription(Many2OneField), listViewWidth: [80, 160] });
fields.add("fba_order_link", { component: FbaOrderLink, supportedTypes: ["many2one"] });
fields.add("fba_items", {
    component: FbaItems,
    supportedTypes: ["char"],
    listViewWidth: [110, 400],
    fieldDependencies: [{ name: "pictures", type: "json" }],
});
fields.add("fba_tracking", {
    component: FbaTracking,
    supportedTypes: ["char"],
    listViewWidth: [90, 240],
    fieldDependencies: [{ name: "tracking_links", type: "json" }],
});
fields.add("fba_reason", { component: FbaReason, supportedTypes: ["char"], listViewWidth: [130, 600] });
