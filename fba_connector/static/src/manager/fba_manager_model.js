import { markRaw } from "@odoo/owl";
import { Domain } from "@web/core/domain";
import { RelationalModel } from "@web/model/relational_model/relational_model";

const NOT_YET_SENT = ["waiting", "ready", "exception"];

/** Whether somebody sent the order while it went from state `before` to state `now`. */
function wasSent(before, now) {
    return NOT_YET_SENT.includes(before) && !NOT_YET_SENT.includes(now);
}

class FbaManagerRecord extends RelationalModel.Record {
    _setData() {
        super._setData(...arguments);
        this.showReason();
    }

    /** A ready order that would not be sent has its reason from the count: rows do not wait for it. */
    showReason() {
        const reason = this.model.reasons[this.resId] || "";
        if (this.data.state === "ready" && "problem" in this.data) {
            this.data.problem = this._values.problem || reason;
        }
    }

    _toggleSelection() {
        super._toggleSelection(...arguments);
        this.model.keepTicks();
    }
}

class FbaManagerRecordList extends RelationalModel.DynamicRecordList {
    _createRecordDatapoint() {
        const record = super._createRecordDatapoint(...arguments);
        record.selected = this.model.isTicked(record);
        return record;
    }
}

/** Remembers ticked rows: through dialogs, reloads, sorting, paging, and the way to an order and back. */
export class FbaManagerModel extends RelationalModel {
    static Record = FbaManagerRecord;
    static DynamicRecordList = FbaManagerRecordList;

    setup(params) {
        super.setup(...arguments);
        this.reasons = markRaw({}); // {id: why a ready order would not be sent}
        this.ticks = markRaw(new Map(params.state?.ticks)); // {id: state in which it was ticked}
    }

    /** Shows the reasons of the last count. */
    setReasons(reasons) {
        this.reasons = markRaw(reasons);
        for (const record of this.root?.records || []) {
            record.showReason?.();
        }
        this.notify();
    }

    exportState() {
        return { ...super.exportState(), ticks: [...this.ticks] };
    }

    /** Of all shown rows: they are also ticked by "Select all", and stay so when one of them is unticked. */
    keepTicks() {
        for (const { resId, selected, data } of this.useSampleModel ? [] : this.root.records) {
            if (!selected) {
                this.ticks.delete(resId);
            } else if (!this.ticks.has(resId)) {
                this.ticks.set(resId, data.state);
            }
        }
    }

    /** Sent orders lose their tick, so that nobody sends or cancels them unawares. */
    isTicked(record) {
        if (wasSent(this.ticks.get(record.resId), record.data.state)) {
            this.ticks.delete(record.resId);
        }
        return !this.orm.isSample && this.ticks.has(record.resId);
    }

    /** A tick that nobody sees would surprise whoever sees it again. With `all` false, other pages keep theirs. */
    async forgetGone(all = false) {
        const { records, domain, resModel, context } = this.root;
        const shown = new Set(records.map((record) => record.resId));
        const unseen = [...this.ticks.keys()].filter((id) => !shown.has(id));
        let there = [];
        if (unseen.length && !all && !this.orm.isSample) {
            const those = Domain.and([domain, [["id", "in", unseen]]]).toList(context);
            there = await this.orm.silent.search(resModel, those, { context });
        }
        for (const id of unseen) {
            if (!there.includes(id)) {
                this.ticks.delete(id);
            }
        }
    }

    async load(params = {}) {
        const searchChanged =
            "domain" in params && JSON.stringify(params.domain) !== JSON.stringify(this.config.domain);
        const allSelected = this.root?.isDomainSelected && !("domain" in params);
        const before = new Map(allSelected ? this.root.records.map((it) => [it.resId, it.data.state]) : []);
        await super.load(params);
        await this.forgetGone(searchChanged);
        const { records } = this.root;
        if (allSelected && !records.some((it) => wasSent(before.get(it.resId), it.data.state))) {
            this.root._selectDomain(true);
        }
    }
}
