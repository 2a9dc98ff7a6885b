import { registry } from "@web/core/registry";
import { push } from "./fba_server";

const tours = registry.category("web_tour.tours");
const row = (order) => `.o_action_manager tr.o_data_row:contains(${order})`;
const tick = (order) => ({ trigger: `${row(order)} .o_list_record_selector input`, run: "click" });
const entry = (name) => [
    { trigger: ".o_cp_action_menus button:contains(Actions)", run: "click" },
    { trigger: `.o-dropdown--menu .o_menu_item:contains(${name})`, run: "click" },
];
const tab = (name, count) => ({ trigger: `.o_fba_tabs [data-status=${name}] .o_fba_count:contains(/^${count}$/)` });
const selected = (count) => ({ trigger: `.o_selection_box b:contains(/^${count}$/)` });
const NO_DIALOG = { trigger: "body:not(:has(.modal))" };
const ORDER_FORM = { trigger: ".o_form_view div[name=order_line]" };

tours.add("fba_inbox_link", {
    steps: () => [
        { trigger: "tr.o_data_row:contains(Imported) td[name=sale_id] a[href*='/odoo/sale.order/']", run: "click" },
        ORDER_FORM,
        { trigger: "div[name=fba_status]:contains(Shipped)" },
    ],
});

tours.add("fba_inbox_link_phone", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Imported) [name=sale_id] a[href*='/odoo/sale.order/']", run: "click" },
        ORDER_FORM,
    ],
});

tours.add("fba_matrix_link", {
    steps: () => [
        tick("TOUR-2"),
        { trigger: ".o_control_panel button[name=action_preview]", run: "click" },
        { trigger: ".modal tr[data-order=TOUR-2] th a[href*='/odoo/sale.order/']:contains(TOUR-2)", run: "click" },
        ORDER_FORM,
        { trigger: ".o_breadcrumb:contains(TOUR-2)" },
        NO_DIALOG,
        { trigger: ".o_breadcrumb .breadcrumb-item a:contains(Fulfillment by Amazon), .o_back_button", run: "click" },
        { content: "The tick waits", trigger: `${row("TOUR-2")} .o_list_record_selector input:checked` },
    ],
});

tours.add("fba_proposal_counts", {
    steps: () => [
        tab("exception", 1),
        tab("ready", 2),
        tick("TOUR-1"),
        tick("TOUR-2"),
        tick("TOUR-3"),
        selected(3),
        ...entry("Take the Proposal"),
        { trigger: ".modal tr.o_data_row:contains(TOUR-1):contains(From)" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: ".modal p:contains(1 order resolved, 2 not.)" },
        { trigger: ".modal tr.o_data_row:contains(TOUR-2) .badge:contains(Not Done)" },
        { trigger: ".modal footer button:contains(Close)", run: "click" },
        NO_DIALOG,
        { content: "Nothing was reloaded by hand", ...tab("exception", 0) },
        { content: "The tick of the row that has gone is forgotten", ...selected(2) },
        { trigger: `${row("TOUR-2")} .o_list_record_selector input:checked` },
        { trigger: `${row("TOUR-3")} .o_list_record_selector input:checked` },
        {
            content: "The box unticks the rows that are shown",
            trigger: ".o_selection_box .o_unselect_all",
            run: "click",
        },
        { trigger: `${row("TOUR-2")} .o_list_record_selector input:not(:checked)` },
        { trigger: "[data-status=cancelled]", run: "click" },
        { trigger: `${row("TOUR-1")} .o_list_record_selector input:not(:checked)` },
    ],
});

tours.add("fba_sales_list_follows", {
    steps: () => [
        tick("TOUR-1"),
        ...entry("Fulfillment by Amazon"),
        { trigger: ".modal button[name=action_send_now]", run: "click" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        NO_DIALOG,
        { trigger: `${row("TOUR-1")} td[name=fba_status] .badge:contains(/^Queued$/)` },
        { ...tick("TOUR-2"), content: "A tick that is not lost" },
        { trigger: `${row("TOUR-2")} .o_list_record_selector input:checked`, run: push },
        { content: "Without a click", trigger: `${row("TOUR-1")} td[name=fba_status] .badge:contains(In Shipping)` },
        { trigger: `${row("TOUR-2")} .o_list_record_selector input:checked` },
    ],
});

const TITLE = ".modal .modal-title";

tours.add("fba_request_is_seen_everywhere", {
    steps: () => [
        { trigger: "div[name=fba_status] .badge:contains(In Shipping)" },
        { trigger: ".o_notebook_headers a:contains(FBA)", run: "click" },
        { trigger: "div[name=fba_shown_order_ids] button[name=action_request_cancel]", run: "click" },
        { trigger: ".modal button:contains(Request cancellation)", run: "click" },
        { trigger: "div[name=fba_status] .badge:contains(Cancellation Requested)" },
        { trigger: "div[name=fba_shown_order_ids] td[name=name]", run: "click" },
        { content: "The window is named after the row", trigger: `${TITLE}:contains(/^TOUR-1-1-/)` },
        { trigger: ".modal .btn-close, .modal footer button", run: "click" },
        NO_DIALOG,
        { trigger: ".o_notebook_headers a:contains(Sourcing)", run: "click" },
        { trigger: "div[name=fba_sourcing_ids] .badge:contains(Cancellation Requested)" },
    ],
});

tours.add("fba_failed_mail_is_readable", {
    steps: () => [
        { trigger: ".o_notebook_headers a:contains(FBA)", run: "click" },
        {
            trigger: "div[name=fba_shipment_ids] td[name=mail_state]:has(.badge) .o_fba_note:contains(No such user)",
            run({ anchor }) {
                if (anchor.getBoundingClientRect().width < 90) {
                    throw new Error(`${anchor.getBoundingClientRect().width} px for a sentence`);
                }
            },
        },
    ],
});

tours.add("fba_resolve_phone", {
    steps: () => [
        { trigger: ".alert button[name=action_fba_resolve]", run: "click" },
        { content: "No advice to press what was pressed", trigger: ".modal p:contains(Amazon cannot fulfill):not(:contains(Press Resolve))" },
        { trigger: ".modal .o_kanban_record a:contains(Change)", run: "click" },
        { trigger: `${TITLE}:contains(Product A):not(:contains(Open))` },
    ],
});

tours.add("fba_map_phone", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(MYSTERY):contains(No product has the internal reference MYSTERY. Press Map)" },
        { trigger: ".o_kanban_record:contains(MYSTERY) button[name=action_map]", run: "click" },
        { trigger: ".modal .alert:contains(No product has):not(:contains(Administrator))" },
        {
            trigger: ".modal .o_kanban_record:contains(Arc Lamp):contains(Barcode B0SIM00003) button[name=action_choose]",
            run: "click",
        },
        { trigger: ".o_kanban_record:contains(Imported)" },
    ],
});

tours.add("fba_backfill_begins_readable", {
    steps: () => [
        { trigger: "button[name=action_import_earlier]", run: "click" },
        {
            content: "No calendar lies over the dialog",
            trigger: ".modal button[name=action_dry_run]",
            run() {
                if (document.activeElement.closest("[name=ordered_from]") || document.querySelector(".o_datetime_picker")) {
                    throw new Error("the first date has the focus");
                }
            },
        },
    ],
});
