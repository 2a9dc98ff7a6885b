import { registry } from "@web/core/registry";
import { push, work } from "./fba_server";

const ROW = "tr.o_data_row:contains(TOUR-1)";
const MANAGER = {
    trigger: ".o_menu_sections [data-menu-xmlid='fba_connector.fba_fulfillment_order_menu']",
    run: "click",
};
const tours = registry.category("web_tour.tours");

tours.add("fba_send_order", {
    steps: () => [
        { trigger: "button[name=action_confirm]", run: "click" },
        { trigger: ".o_notebook_headers a:contains(Sourcing)", run: "click" },
        { trigger: "button[name=action_fulfill_by_amazon]:not([disabled])", run: "click" },
        { content: "Sourced from Amazon", trigger: "div[name=fba_sourcing_ids] td:contains(Test FBA)" },
        { content: "Nothing left to press", trigger: "button[name=action_fulfill_by_amazon][disabled]" },
        { trigger: ".o_navbar_apps_menu button", run: "click" },
        { trigger: ".o_app[data-menu-xmlid='fba_connector.fba_root_menu']", run: "click" },
        { content: "The app opens on its dashboard", trigger: ".o_fba_dashboard .o_kanban_record:contains(Test store)" },
        MANAGER,
        { trigger: `${ROW} .badge:contains(Ready to Process)` },
        { trigger: `${ROW} .o_list_record_selector input`, run: "click" },
        { trigger: "button[name=action_open_submit_wizard]", run: "click" },
        { trigger: ".modal p:contains(order):contains(2 units)" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: ".o_notification:contains(1 order is being sent to Amazon)" },
        { trigger: `${ROW} .badge:contains(Queued)` },
    ],
});

const SOURCING = "div[name=fba_sourcing_ids]";

tours.add("fba_source_by_hand", {
    steps: () => [
        { trigger: "button[name=action_confirm]", run: "click" },
        { trigger: ".o_notebook_headers a:contains(Sourcing)", run: "click" },
        { content: "Reserved elsewhere: the button is off, and says why", trigger: "button[name=action_fulfill_by_amazon][disabled]" },
        { trigger: "div[name=fba_reason_not_sourced]:contains(is reserved by)" },
        { trigger: `${SOURCING} tr.o_data_row:contains(Reserved) button[name=action_release]`, run: "click" },
        { trigger: ".modal p:contains(can be sourced elsewhere)" },
        { trigger: ".modal button[name=action_confirm]:contains(Release)", run: "click" },
        { content: "Without source", trigger: `${SOURCING} tr.o_data_row:contains(Not Sourced):contains(10 free at Test FBA)` },
        { trigger: "button[name=action_fulfill_by_amazon]:not([disabled])", run: "click" },
        { trigger: `${SOURCING} tr.o_data_row:contains(Test FBA):contains(Reserved)` },
        { trigger: ".o_navbar_apps_menu button", run: "click" },
        { trigger: ".o_app[data-menu-xmlid='fba_connector.fba_root_menu']", run: "click" },
        { content: "The app opens on its dashboard", trigger: ".o_fba_dashboard .o_kanban_record:contains(Test store)" },
        MANAGER,
        { content: "The manager shows it", trigger: `${ROW} .badge:contains(Ready to Process)` },
    ],
});

tours.add("fba_release_and_drop", {
    steps: () => [
        { trigger: ".o_notebook_headers a:contains(Sourcing)", run: "click" },
        { trigger: `${SOURCING} tr.o_data_row:contains(Test FBA) button[name=action_release]`, run: "click" },
        { trigger: ".modal button[name=action_confirm]:contains(Release)", run: "click" },
        { trigger: `${SOURCING} tr.o_data_row:contains(Not Sourced)` },
        { trigger: ".o_notebook_headers a:contains(Order Lines)", run: "click" },
        { trigger: "div[name=order_line] td[name=product_uom_qty]", run: "click" },
        { trigger: "div[name=order_line] td[name=product_uom_qty] input", run: "edit 0" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_notebook_headers a:contains(Sourcing)", run: "click" },
        { content: "Nothing is left without a source", trigger: ".o_form_saved p:contains(are on their way)" },
    ],
});

const row = (order) => `tr.o_data_row:contains(${order})`;
const select = (order) => ({ trigger: `${row(order)} .o_list_record_selector input`, run: "click" });
const status = (order, label) => ({ trigger: `${row(order)} .badge:contains(${label})` });

const synchronizeFirst = (text) => ({
    content: "How far the job is",
    trigger: `.modal .o_fba_first_sync_progress:contains(${text})`,
    run: () => work("first_sync"),
});

tours.add("fba_send_two_of_three", {
    steps: () => [
        status("TOUR-1", "Ready to Process"),
        select("TOUR-1"),
        select("TOUR-2"),
        { trigger: "button[name=action_open_submit_wizard]", run: "click" },
        { trigger: ".modal p:contains(From the selected orders)" },
        { trigger: ".modal p:contains(2 orders):contains(3 units):contains(2 SKUs)" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: ".o_notification:contains(2 orders are being sent to Amazon)" },
        status("TOUR-2", "Queued"),
        { content: "How far it is", trigger: ".o_fba_progress:contains(0 of 2 sent)", run: push },
        { content: "Without a reload", ...status("TOUR-1", "In Shipping") },
        status("TOUR-2", "In Shipping"),
        { trigger: ".o_fba_progress:contains(2 of 2 sent)" },
        status("TOUR-3", "Ready to Process"),
    ],
});

tours.add("fba_send_all_available", {
    steps: () => [
        status("TOUR-3", "Ready to Process"),
        { trigger: "button[name=action_fulfill_all_available]", run: "click" },
        { trigger: ".modal p:contains(Ready to Process)" },
        { trigger: ".modal p:contains(1 order)" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: ".o_notification:contains(1 order is being sent)" },
        status("TOUR-3", "Queued"),
    ],
});

tours.add("fba_preview_and_detail", {
    steps: () => [
        { trigger: `${row("TOUR-1")} button[name=action_detail]`, run: "click" },
        { trigger: ".modal .modal-title:contains(Fulfillment Detail)" },
        { trigger: ".modal tr.o_data_row:contains(Product A) td[name=free_quantity]:contains(8)" },
        { trigger: ".modal footer button:contains(Close)", run: "click" },
        { trigger: `${row("TOUR-1")} button[name=action_preview]`, run: "click" },
        { trigger: ".modal td[data-speed=Standard] button[aria-pressed=true]:contains(Cheapest):contains(In use)" },
        {
            content: "The total is the sum of all parts",
            trigger: ".modal td[data-speed=Priority] button",
            run({ anchor }) {
                const amounts = [...anchor.innerText.matchAll(/\$\s*([\d.]+)/g)].map((found) => parseFloat(found[1]));
                const total = amounts.shift();
                const sum = amounts.reduce((left, right) => left + right, 0);
                if (amounts.length < 2 || Math.abs(total - sum) > 0.001) {
                    throw new Error(`${amounts} do not add up to ${total}`);
                }
            },
        },
        { trigger: ".modal td[data-speed=Priority] button[name=action_choose]", run: "click" },
        { trigger: ".modal td[data-speed=Priority] button[aria-pressed=true]:contains(In use)" },
        { trigger: ".modal footer button:contains(Close)", run: "click" },
        { content: "Speed and fee stand in the list", trigger: `${row("TOUR-1")}:contains(Priority) td[name=estimated_fee]:contains($)` },
        { trigger: `${row("TOUR-1")} td[name=sale_id] a`, run: "click" },
        { trigger: ".o_form_view h1:contains(TOUR-1)" },
    ],
});

tours.add("fba_resolve_exception", {
    steps: () => [
        { trigger: ".alert-danger:contains(Amazon cannot fulfill 3 of 4)" },
        { trigger: ".alert-danger button[name=action_fba_resolve]", run: "click" },
        { trigger: ".modal tr.o_data_row:contains(Product A) td[name=choice]", run: "click" },
        { trigger: ".modal td[name=choice] input, .modal td[name=choice] select", run: "click" },
        { trigger: ".o_select_menu_item:contains(Drop from the order)", run: "click" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { content: "The exception is over", trigger: "body:not(:has(.modal)) .o_form_view:not(:has(.alert-danger))" },
    ],
});

tours.add("fba_no_buttons_without_rights", {
    steps: () => [
        { trigger: "button[name=action_view_fba_fulfillment_orders]", run: "click" },
        { trigger: ".o_form_view .o_statusbar_status button:contains(Ready to Process)" },
        {
            trigger: ".o_form_view",
            run() {
                const names = ["action_open_submit_wizard", "action_preview", "action_request_cancel", "action_refresh"];
                const seen = names.filter((name) => document.querySelector(`button[name=${name}]`));
                if (seen.length) {
                    throw new Error(`a salesperson sees ${seen}`);
                }
            },
        },
    ],
});

tours.add("fba_order_in_shipping", {
    steps: () => [{ trigger: `${ROW} .badge:contains(In Shipping)` }],
});

tours.add("fba_order_shipped", {
    steps: () => [
        { trigger: ".o_notebook_headers a:contains(FBA)", run: "click" },
        { trigger: "div[name=fba_shown_order_ids] .badge:contains(Shipped)" },
        { trigger: "div[name=fba_package_ids] td:contains(1ZTOUR)" },
    ],
});

const FBA_TAB = { trigger: ".o_notebook_headers a:contains(FBA)", run: "click" };
const REFRESH = { trigger: "div[name=fba_shown_order_ids] button[name=action_refresh]", run: "click" };
const packageOf = (number) => `div[name=fba_package_ids] tr.o_data_row:contains(${number})`;
const fulfillmentOrder = (label) => ({ trigger: `div[name=fba_shown_order_ids] .badge:contains(${label})` });

tours.add("fba_shipped_in_parts", {
    steps: () => [
        FBA_TAB,
        fulfillmentOrder("In Shipping"),
        { content: "Booked as it ships", trigger: `${packageOf("1ZPART1")}:contains(OUT)` },
        { trigger: `body:not(:has(${packageOf("1ZPART2")}))` },
        REFRESH,
        { trigger: `${packageOf("1ZPART2")}:contains(OUT)` },
        { trigger: "div[name=fba_line_ids] tr.o_data_row:contains(A) td[name=shipped_quantity]:contains(3)" },
        fulfillmentOrder("In Shipping"),
        { trigger: "div[name=fba_shown_order_ids] button[name=action_request_cancel]", run: "click" },
        { trigger: ".modal button:contains(Request cancellation)", run: "click" },
        { content: "Why it goes on", trigger: ".alert-warning:contains(can no longer be cancelled)" },
        fulfillmentOrder("In Shipping"),
    ],
});

tours.add("fba_cancel_sent_order", {
    steps: () => [
        { trigger: "button[name=action_cancel]", run: "click" },
        { trigger: ".modal button.btn-primary", run: "click" },
        { trigger: ".alert-warning:contains(Cancellation Requested)" },
        { content: "Not before Amazon agreed", trigger: "button.o_arrow_button_current:contains(Sales Order)" },
        { trigger: ".o_form_view", run: push },
        FBA_TAB,
        REFRESH,
        { trigger: "button.o_arrow_button_current:contains(Cancelled)" },
        fulfillmentOrder("Cancelled"),
    ],
});

tours.add("fba_map_unknown_sku", {
    steps: () => [
        { trigger: "tr.o_data_row:contains(MYSTERY) button[name=action_map]", run: "click" },
        { trigger: ".modal tr.o_data_row:contains(Arc Lamp) button[name=action_choose]", run: "click" },
        { content: "Mapped, and its stock is there", trigger: "tr.o_data_row:contains(MYSTERY):contains(Arc Lamp)" },
        { trigger: "tr.o_data_row:contains(MYSTERY) td[name=odoo_quantity]:contains(6)" },
    ],
});

tours.add("fba_stock_is_told", {
    steps: () => [
        { content: "What is at Amazon, as a bar", trigger: ".o_data_row:contains(A) .o_fba_bar[aria-label='Fulfillable: 10']" },
        { content: "Why it differs", trigger: "tr.o_data_row:contains(Product A) td[name=why]:contains(Amazon has not counted it yet)" },
        { trigger: ".alert-warning[role=alert]:contains(Test FBA could not be synchronized: No answer.)" },
        { content: "A clerk maps nothing", trigger: "tr.o_data_row:contains(MYSTERY):not(:has(button))" },
        { trigger: ".o_control_panel button[name=action_synchronize]", run: "click" },
        { trigger: ".o_notification:contains(Odoo is synchronizing the stock of Test store)" },
    ],
});

tours.add("fba_confirm_selected_skus", {
    steps: () => [
        { trigger: "tr.o_data_row:contains(NEW-1) .o_list_record_selector input", run: "click" },
        { trigger: "tr.o_data_row:contains(MYSTERY) .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel button[name=action_confirm_matches]", run: "click" },
        { trigger: ".o_notification:contains(1 SKU confirmed):contains(MYSTERY: No product)" },
        { trigger: "tr.o_data_row:contains(NEW-1) td[name=is_confirmed] input:checked" },
        { trigger: "tr.o_data_row:contains(MYSTERY) button[name=action_map]:contains(Map)" },
    ],
});

const IN_ERROR = "tr.o_data_row:contains(Error)";

tours.add("fba_map_sku_of_order", {
    steps: () => [
        { content: "Two wait for it", trigger: ".o_data_row:contains(Error):nth-child(2)" },
        { trigger: `${IN_ERROR} td:contains('Seller SKU "MYSTERY" cannot be used yet')`, run: "click" },
        { trigger: ".alert-danger:contains(Press Map)" },
        { trigger: "button[name=action_map]", run: "click" },
        { trigger: ".modal tr.o_data_row:contains(Arc Lamp) button[name=action_choose]", run: "click" },
        { content: "Imported", trigger: ".o_arrow_button_current:contains(Imported)" },
        { trigger: "button.oe_stat_button[name=action_open_sale]", run: "click" },
        { trigger: "div[name=order_line] tr.o_data_row:contains(Arc Lamp)" },
        { trigger: "div[name=fba_status]:contains(Shipped)" },
        { trigger: ".o_notebook_headers a:contains(FBA)", run: "click" },
        { trigger: ".o_form_view p:contains(Sold on Amazon and shipped)" },
    ],
});

tours.add("fba_replay_order", {
    steps: () => [
        { trigger: `${IN_ERROR}:contains(Activate the currency EUR) button[name=action_replay]`, run: "click" },
        { trigger: "tr.o_data_row:contains(Imported) button[name=action_open_sale]", run: "click" },
        { trigger: "div[name=fba_status]:contains(Shipped)" },
    ],
});

tours.add("fba_create_product_of_order", {
    steps: () => [
        { trigger: `${IN_ERROR}:contains(NEW-THING) button[name=action_map]`, run: "click" },
        { trigger: ".modal button[name=action_create_product]", run: "click" },
        { trigger: "tr.o_data_row:contains(Imported):eq(1)" },
    ],
});

tours.add("fba_first_synchronization", {
    steps: () => [
        { trigger: "button[name=action_first_sync]", run: "click" },
        synchronizeFirst("Waiting to start"),
        { trigger: ".modal tr.o_data_row:contains(Product A) td[name=difference]:contains(5)" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        synchronizeFirst("Booking 0 of 1"),
        { trigger: ".modal button[name=action_open_stock]", run: "click" },
        { trigger: "tr.o_data_row:contains(Product A) td[name=odoo_quantity]:contains(15)" },
    ],
});

tours.add("fba_wrong_refresh_token", {
    steps: () => [
        { trigger: "button[name=action_test_connection]", run: "click" },
        { trigger: ".o_notification:contains(invalid_grant)" },
        { trigger: ".alert-danger:contains(Amazon refused the keys of account)" },
    ],
});

const done = (step) => ({ content: `${step} is done`, trigger: `.o_fba_guide div:has(> h3:contains(${step})) .fa-check-circle` });
const press = (button) => ({ trigger: `.o_fba_guide button[name=${button}]`, run: "click" });

tours.add("fba_guide", {
    steps: () => [
        { content: "Only the first step is open", trigger: ".o_fba_guide:not(:has(button[name=action_go_live]))" },
        press("action_test_connection"),
        done("1. Keys"),
        { content: "Amazon's marketplaces", trigger: "div[name=marketplace_ids] .o_tag:contains(Amazon.com)" },
        press("action_make_warehouses"),
        done("3. Warehouses"),
        press("action_match_skus"),
        synchronizeFirst("Waiting to start"),
        { trigger: ".modal p:contains(2):contains(seller SKUs in stock)" },
        { trigger: ".modal footer button:contains(Close)", run: "click" },
        done("4. Seller SKUs"),
        { trigger: ".o_fba_guide p:contains(2 seller SKUs)" },
        press("action_first_sync"),
        synchronizeFirst("Waiting to start"),
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        synchronizeFirst("Booking 0 of 2"),
        { trigger: ".modal button[name=action_open_stock]", run: "click" },
        { content: "What was booked", trigger: ".o_breadcrumb:contains(Stock at Amazon)" },
        { trigger: ".o_breadcrumb .breadcrumb-item a, .o_back_button", run: "click" },
        done("5. Stock"),
        press("action_decide_import"),
        done("6. Orders sold on Amazon"),
        press("action_decide_automation"),
        done("7. Automation"),
        press("action_test_order"),
        done("8. A test order"),
        press("action_go_live"),
        { trigger: ".o_fba_guide .ribbon:contains(Live)" },
    ],
});

tours.add("fba_german", {
    steps: () => [
        { trigger: "tr.o_data_row:contains(TOUR-1) .badge:contains(Versandbereit)" },
        { trigger: "tr.o_data_row:contains(TOUR-1) .o_list_record_selector input", run: "click" },
        { trigger: "button[name=action_open_submit_wizard]:contains(Ausgewählte versenden)", run: "click" },
        { trigger: ".modal-title:contains(An Amazon senden)" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: ".o_notification:contains(1 Auftrag wird an Amazon gesendet)" },
        { trigger: "tr.o_data_row:contains(TOUR-1) .badge:contains(Eingereiht)" },
        { trigger: "tr.o_data_row:contains(TOUR-1) td[name=sale_id] a", run: "click" },
        { trigger: ".o_notebook_headers a:contains(Beschaffung)", run: "click" },
        { trigger: `${SOURCING} tr.o_data_row:contains(Test FBA)` },
    ],
});
