import { patch } from "@web/core/utils/patch";
import { SaleOrderLineListRenderer } from "@sale/js/sale_order_line_field/sale_order_line_field";

patch(SaleOrderLineListRenderer.prototype, {
    /** No bin where Odoo refuses to delete: lines of a confirmed order that Amazon has to do with. */
    displayDeleteIcon(record) {
        return super.displayDeleteIcon(record) && !record.data.fba_is_kept;
    },
});
