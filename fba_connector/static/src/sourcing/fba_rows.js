import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** Rows that open under their own name; Odoo names the field: "Open: Without Source". */
export class FbaRows extends X2ManyField {
    static props = { ...X2ManyField.props, titleField: String };

    setup() {
        super.setup();
        const open = this._openRecord;
        this._openRecord = ({ record, ...others }) => {
            const title = record?.data[this.props.titleField];
            return open({ title: title?.display_name || title, record, ...others });
        };
    }
}

registry.category("fields").add("fba_rows", {
    ...x2ManyField,
    component: FbaRows,
    extractProps: (info, dynamicInfo) => ({
        ...x2ManyField.extractProps(info, dynamicInfo),
        titleField: info.options.title,
    }),
});
