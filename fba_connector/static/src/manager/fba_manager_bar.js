import { Component } from "@odoo/owl";

// Filters of the search view, in the order of the process.
const STATUS_FILTERS = [
    "open",
    "waiting",
    "ready",
    "queued",
    "in_shipping",
    "exception",
    "cancel_requested",
    "shipped",
    "cancelled",
];
const ONLY_IF_ANY = ["cancel_requested"];

/** The status filters that the search view offers. */
function statusFilters(searchModel) {
    const place = (filter) => STATUS_FILTERS.indexOf(filter.name);
    return searchModel
        .getSearchItems((item) => item.type === "filter" && place(item) >= 0)
        .sort((left, right) => place(left) - place(right));
}

/** What the search asks for, whatever the status. */
export function domainOfAllStatuses(searchModel) {
    const groups = new Set(statusFilters(searchModel).map((filter) => filter.groupId));
    const query = searchModel.query;
    searchModel.query = query.filter(({ searchItemId }) => !groups.has(searchModel.searchItems[searchItemId].groupId));
    const domain = searchModel._getDomain();
    searchModel.query = query;
    return domain;
}

/** Above the rows: a tab with a count for each status, and how far the sending is. */
export class FbaManagerBar extends Component {
    static template = "fba_connector.ManagerBar";
    static props = {
        counts: Object,
        progress: Object,
        onDismissProgress: Function,
    };

    get tabs() {
        const { counts } = this.props;
        return statusFilters(this.env.searchModel).filter(
            ({ name, isActive }) => isActive || counts[name] || !ONLY_IF_ANY.includes(name)
        );
    }

    /** The number of orders; with a "+" where there are more, as in the pager. */
    countOf({ name }) {
        const { counts } = this.props;
        return `${counts[name]}${counts.uncounted.includes(name) ? "+" : ""}`;
    }

    get percent() {
        const { total, waiting } = this.props.progress;
        return total ? Math.round((100 * (total - waiting)) / total) : 0;
    }

    /** One status at a time; a click on the current one shows all orders. */
    onClick({ id, groupId, isActive }) {
        const { searchModel } = this.env;
        searchModel.blockNotification = true;
        searchModel.deactivateGroup(groupId);
        if (!isActive) {
            searchModel.toggleSearchItem(id);
        }
        searchModel.blockNotification = false;
        searchModel._notify();
    }
}
