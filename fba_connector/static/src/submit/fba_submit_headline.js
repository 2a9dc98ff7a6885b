import { Component, onMounted, useRef, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A dialog's main sentence. The dialog opens with its main button in focus, not with the first of its lists or boxes. */
export class FbaSubmitHeadline extends Component {
    static template = xml`<span t-ref="text" t-out="props.record.data[props.name]" />`;
    static props = { ...standardFieldProps };

    setup() {
        const text = useRef("text");
        onMounted(() => {
            // Odoo moves the buttons to the dialog's footer, and sets its own focus, once all is mounted.
            setTimeout(() => {
                text.el?.closest(".modal-content")?.querySelector(".modal-footer .btn-primary")?.focus();
            });
        });
    }
}

registry.category("fields").add("fba_submit_headline", { component: FbaSubmitHeadline, supportedTypes: ["char"] });
