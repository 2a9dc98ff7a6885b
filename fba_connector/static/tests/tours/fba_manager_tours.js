import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const row = (order) => `tr.o_data_row:contains(${order})`;
const ticked = (order) => ({ trigger: `${row(order)} .o_list_record_selector input:checked` });
const unticked = (order) => ({ trigger: `${row(order)} .o_list_record_selector input:not(:checked)` });
const tick = (order) => ({ trigger: `${row(order)} .o_list_record_selector input`, run: "click" });
const tab = (name) => `.o_fba_tabs [data-status=${name}]`;
const NO_DIALOG = { trigger: "body:not(:has(.modal))" };
const CLOSE = { trigger: ".modal footer button:contains(Close)", run: "click" };
const BOTH_TICKED = [NO_DIALOG, ticked("TOUR-1"), ticked("TOUR-2"), unticked("TOUR-3")];

tours.add("fba_manager_link", {
    steps: () => [
        {
            content: "The browser knows where it leads",
            trigger: `${row("TOUR-1")} td[name=sale_id] a[href*='/odoo/sale.order/']`,
            run: "click",
        },
        { trigger: ".o_form_view div[name=order_line]" },
        { trigger: ".o_breadcrumb:contains(TOUR-1)" },
        { trigger: ".o_breadcrumb .breadcrumb-item a:contains(Fulfillment by Amazon), .o_back_button", run: "click" },
        {
            content: "By keyboard",
            trigger: `${row("TOUR-1")} td[name=sale_id] a`,
            async run(helpers) {
                helpers.anchor.focus();
                await helpers.press("Enter");
            },
        },
        { trigger: ".o_form_view div[name=order_line]" },
        { trigger: ".o_breadcrumb .breadcrumb-item a:contains(Fulfillment by Amazon), .o_back_button", run: "click" },
        { content: "Elsewhere in the row", trigger: `${row("TOUR-1")} td[name=ship_to]`, run: "click" },
        { trigger: ".o_form_view .o_statusbar_status" },
        { trigger: ".o_form_view h1:contains(TOUR-1-1-)" },
    ],
});

tours.add("fba_manager_reason", {
    steps: () => [
        { trigger: `${row("TOUR-2")} .o_fba_reason:contains(postal code)` },
        { trigger: `.o_list_view:not(:has(${row("TOUR-1")} .o_fba_reason:contains(postal code)))` },
        { content: "No word where there is none", trigger: `${row("TOUR-1")}:has(.o_fba_reason:empty)` },
        { content: "Without the one that stays", trigger: "button[name=action_fulfill_all_available]:contains(/\\(2\\)/)" },
        { content: "Also after rows are read again", trigger: "th[data-name=shown_state]", run: "click" },
        { trigger: "th[data-name=shown_state] .fa-sort-asc" },
        { trigger: `${row("TOUR-2")} .o_fba_reason:contains(postal code)` },
    ],
});

tours.add("fba_manager_tabs", {
    steps: () => [
        { trigger: `${tab("open")}[aria-pressed=true]` },
        { trigger: `${row("TOUR-2")} .badge:contains(Ready to Process)` },
        { trigger: "button[name=action_fulfill_all_available].btn-primary:contains(/^Fulfill All Available \\(2\\)$/)" },
        { trigger: `.o_list_view:not(:has(${row("TOUR-3")}))` },
        { trigger: `${tab("cancelled")}:contains(Cancelled)`, run: "click" },
        { trigger: row("TOUR-3") },
        { trigger: `.o_list_view:not(:has(${row("TOUR-1")}))` },
        { trigger: ".o_searchview .o_facet_values:contains(Cancelled):not(:contains(Open))" },
        { content: "Nothing to send here", trigger: "button[name=action_fulfill_all_available][disabled]:contains(/\\(0\\)/)" },
        { trigger: `${tab("ready")} .o_fba_count:contains(2)` },
        { content: "Where the count is 0, no tab for what is rare", trigger: `.o_fba_tabs:not(:has([data-status=cancel_requested]))` },
        { trigger: tab("ready"), run: "click" },
        { trigger: row("TOUR-1") },
        { trigger: `.o_list_view:not(:has(${row("TOUR-3")}))` },
        { content: "The current tab, once more: all orders", trigger: `${tab("ready")}[aria-pressed=true]`, run: "click" },
        { trigger: row("TOUR-3") },
        { trigger: row("TOUR-1") },
        { trigger: `.o_fba_tabs:not(:has([aria-pressed=true]))` },
        { content: "A sum without decimals", trigger: "tfoot td:contains(/^\\d+$/)" },
    ],
});

tours.add("fba_manager_ticks", {
    steps: () => [
        tick("TOUR-1"),
        tick("TOUR-2"),
        ...BOTH_TICKED,
        { trigger: `${row("TOUR-3")} button[name=action_detail]`, run: "click" },
        { trigger: ".modal tr.o_data_row" },
        CLOSE,
        ...BOTH_TICKED,
        { trigger: ".o_control_panel button[name=action_preview]", run: "click" },
        { trigger: ".modal footer" },
        CLOSE,
        ...BOTH_TICKED,
        { trigger: "button[name=action_open_submit_wizard]", run: "click" },
        { trigger: ".modal p:contains(2 orders)" },
        { trigger: ".modal footer button:contains(Cancel)", run: "click" },
        ...BOTH_TICKED,
        { content: "Sorted", trigger: "th[data-name=shown_state]", run: "click" },
        { trigger: "th[data-name=shown_state] .fa-sort-asc" },
        ...BOTH_TICKED,
        { content: "To an order and back", trigger: `${row("TOUR-3")} td[name=sale_id] a`, run: "click" },
        { trigger: ".o_breadcrumb:contains(TOUR-3)" },
        { trigger: ".o_breadcrumb .breadcrumb-item a:contains(Fulfillment by Amazon), .o_back_button", run: "click" },
        ...BOTH_TICKED,
        { trigger: "button[name=action_open_submit_wizard]", run: "click" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: `${row("TOUR-1")} .badge:contains(Queued)` },
        NO_DIALOG,
        unticked("TOUR-1"),
        unticked("TOUR-2"),
    ],
});

tours.add("fba_manager_cancel", {
    steps: () => [
        { trigger: ".o_notebook_headers a:contains(FBA)", run: "click" },
        { trigger: "div[name=fba_shown_order_ids] .badge:contains(In Shipping)" },
        { trigger: "div[name=fba_shown_order_ids] button[name=action_request_cancel]", run: "click" },
        { trigger: ".modal button:contains(Request cancellation)", run: "click" },
        { trigger: ".o_notification:contains(Amazon was asked to cancel TOUR-1)" },
        { trigger: "div[name=fba_shown_order_ids] .badge:contains(Cancellation Requested)" },
        { trigger: ".o_navbar_apps_menu button", run: "click" },
        { trigger: ".o_app[data-menu-xmlid='fba_connector.fba_root_menu']", run: "click" },
        { trigger: ".o_menu_sections [data-menu-xmlid='fba_connector.fba_fulfillment_order_menu']", run: "click" },
        { trigger: `${row("TOUR-1")} .badge:contains(Cancellation Requested)` },
        { trigger: `${tab("cancel_requested")}:contains(1)`, run: "click" },
        { trigger: `.o_list_view:has(${row("TOUR-1")}):not(:has(${row("TOUR-2")}))` },
    ],
});

const card = (order) => `.o_kanban_record:contains(${order})`;

tours.add("fba_manager_cards", {
    steps: () => [
        { trigger: `${card("TOUR-1")}:contains(Qty):contains($) .badge:contains(Ready to Process)` },
        { trigger: `${card("TOUR-1")} button[name=action_detail]`, run: "click" },
        { trigger: ".modal .o_form_view" },
        { trigger: ".modal button:contains(Close)", run: "click" },
        NO_DIALOG,
        { trigger: `${card("TOUR-1")} button[name=action_open_submit_wizard]`, run: "click" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: `${card("TOUR-1")} .badge:contains(Queued)` },
        { content: "What was sent cannot be sent", trigger: `${card("TOUR-1")}:not(:has(button[name=action_open_submit_wizard]))` },
        { trigger: "button[name=action_fulfill_all_available]:contains(/\\(1\\)/)", run: "click" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: `${card("TOUR-2")} .badge:contains(Queued)` },
        { trigger: `${tab("queued")}:contains(2)`, run: "click" },
        { trigger: `${tab("queued")}[aria-pressed=true]` },
        { trigger: card("TOUR-2") },
    ],
});
