import { registry } from "@web/core/registry";

const count = (name) => `.o_fba_tabs [data-status=${name}] .o_fba_count`;

registry.category("web_tour.tours").add("fba_manager_uncounted", {
    steps: () => [
        { trigger: `${count("cancelled")}:contains(/^1\\+$/)` },
        { content: "The open ones are counted", trigger: `${count("open")}:contains(/^\\d+$/)` },
    ],
});
