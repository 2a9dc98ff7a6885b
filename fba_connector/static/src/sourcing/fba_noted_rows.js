import { registry } from "@web/core/registry";
import { ListRenderer } from "@web/views/list/list_renderer";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

const NOTE_ROW = "o_fba_note_row";

/** Rows with the note of their field `note` below them, as wide as the list. */
export class FbaNotedListRenderer extends ListRenderer {
    static recordRowTemplate = "fba_connector.NotedRow";

    /** The arrow keys pass over notes. */
    findFocusFutureCell(cell, cellIsInGroupRow, direction) {
        const next = { up: "previousElementSibling", down: "nextElementSibling" }[direction];
        const note = next && cell.parentElement[next];
        if (!note?.classList.contains(NOTE_ROW)) {
            return super.findFocusFutureCell(...arguments);
        }
        const index = [...cell.parentElement.children].indexOf(cell);
        const row = note[next];
        return row?.classList.contains("o_data_row") ? row.children[index] : undefined;
    }
}

export class FbaNotedRows extends X2ManyField {
    static components = { ...X2ManyField.components, ListRenderer: FbaNotedListRenderer };
}

registry.category("fields").add("fba_noted_rows", { ...x2ManyField, component: FbaNotedRows });
