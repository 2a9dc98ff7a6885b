import { registry } from "@web/core/registry";

const ROW = "tr.o_data_row:contains(TOUR-1)";
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
        { trigger: ".o_form_saved, .o_form_button_save:not(:visible)" },
        { trigger: ".o_notebook_headers a:contains(Sourcing)", run: "click" },
        { content: "Nothing is left without a source", trigger: ".o_form_view p:contains(Nothing of this order)" },
    ],
});

tours.add("fba_order_in_shipping", {
    steps: () => [{ trigger: `${ROW} .badge:contains(In Shipping)` }],
});

tours.add("fba_order_shipped", {
    steps: () => [
        { trigger: ".o_notebook_headers a:contains(FBA)", run: "click" },
        { trigger: "div[name=fba_fulfillment_order_ids] .badge:contains(Shipped)" },
        { trigger: "div[name=fba_package_ids] td:contains(1ZTOUR)" },
    ],
});

tours.add("fba_map_unknown_sku", {
    steps: () => [
        { trigger: "tr.o_data_row:contains(MYSTERY) button[name=action_map]", run: "click" },
        { trigger: ".modal tr.o_data_row:contains(Arc Lamp) button[name=action_choose]", run: "click" },
        { content: "Mapped, and its stock is there", trigger: "tr.o_data_row:contains(MYSTERY):contains(Arc Lamp)" },
        { trigger: "tr.o_data_row:contains(MYSTERY) td[name=stock_quantity]:contains(6)" },
    ],
});

tours.add("fba_first_synchronization", {
    steps: () => [
        { trigger: "button[name=action_first_sync]", run: "click" },
        { trigger: ".modal tr.o_data_row:contains(Product A) td[name=difference]:contains(5)" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: "tr.o_data_row:contains(Product A) td[name=stock_quantity]:contains(15)" },
    ],
});

tours.add("fba_wrong_refresh_token", {
    steps: () => [
        { trigger: "button[name=action_test_connection]", run: "click" },
        { trigger: ".o_notification:contains(invalid_grant)" },
        { trigger: ".alert-danger:contains(Amazon refused the keys of account)" },
    ],
});
