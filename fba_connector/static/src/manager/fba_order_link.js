import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A link to a sales order; with Ctrl or the middle button, the browser opens a tab of its own. */
export class FbaOrderLink extends Component {
    static template = "fba_connector.OrderLink";
    static props = { id: Number, name: String };

    setup() {
        this.action = useService("action");
    }

    onClick(ev) {
        if (ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        ev.preventDefault();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: this.props.id,
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

/** The same, of a field. */
export class FbaOrderLinkField extends Component {
    static template = "fba_connector.OrderLinkField";
    static components = { FbaOrderLink };
    static props = { ...standardFieldProps };

    get order() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("fba_order_link", { component: FbaOrderLinkField, supportedTypes: ["many2one"] });
