"""Quants that a batch changes again and again are found and locked once, and written together when it ends.

Odoo adds up the changes of a quant in its cache, but asks PostgreSQL for it, and for its lock, before each of them.
Which quant of several is changed, its incoming date and all sums stay Odoo's own.
"""

from odoo import api, models

from .batch import batch_of

# In the data of the transaction: forgotten with what a savepoint rolls back, and when it ends.
LOCKED, FOUND = "fba_connector.locked_quants", "fba_connector.found_quants"
READ = "fba_connector.read_quants"
WHAT_IT_IS = {"product_id", "location_id", "lot_id", "package_id", "owner_id"}


def _unpacked_of(read):
    """The quants without a package of {kind: quants}, as Odoo reads them."""
    return [quants for (_product, _place, _lot, package, _owner), quants in read.items() if not package]


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def try_lock_for_update(self, *, allow_referencing=False, limit=None):
        """As in Odoo; within a batch those of all goods that Odoo is about to move are locked together, and each once.

        Not what lies in packages: that is all that customers ever got, too.
        """
        if limit != 1 or not batch_of(self):
            return super().try_lock_for_update(allow_referencing=allow_referencing, limit=limit)
        locked = self.env.cr.precommit.data.setdefault((LOCKED, allow_referencing), set())
        if not locked.issuperset(self._ids[:1]):  # the first is taken, and another only while that is locked elsewhere
            ids = {id_ for quants in self._unpacked() for id_ in quants._ids} | set(self._ids)
            rows = self.browse(sorted(ids - locked))
            locked.update(super(StockQuant, rows).try_lock_for_update(allow_referencing=allow_referencing)._ids)
        return self.browse(next(([id_] for id_ in self._ids if id_ in locked), ()))

    def _unpacked(self):
        """Quants of a kind without a package, of what Odoo has read for the lines that it is about to do."""
        return _unpacked_of(self.env.context.get("quants_cache") or {})

    @api.model
    def _get_quants_by_products_locations(self, product_ids, location_ids, extra_domain=False):
        """As in Odoo; within a batch it remembers those that it is about to change, to read them together."""
        found = super()._get_quants_by_products_locations(product_ids, location_ids, extra_domain)
        if batch_of(self):
            ids = {id_ for quants in _unpacked_of(found) for id_ in quants._ids}
            self.env.cr.precommit.data[READ] = tuple(sorted(ids))
        return found

    def _gather(self, product_id, location_id, lot_id=None, package_id=None, owner_id=None, strict=False, qty=0):
        """As in Odoo; within a batch the only quant of its kind, or that there is none, is searched for once."""

        def gather():
            return super(StockQuant, self)._gather(product_id, location_id, lot_id, package_id, owner_id, strict, qty)

        if not batch_of(self):
            return gather()
        data, context = self.env.cr.precommit.data, self.env.context
        found, read = data.setdefault(FOUND, {}), context.get("quants_cache") is not None
        key = (self.env.su, self.env.uid, context.get("with_expiration"), read, strict, product_id.id, location_id.id)
        key += tuple(bool(it) and it.id for it in (lot_id, package_id, owner_id))
        if key not in found:
            quants = gather()
            # The order of several depends on dates, which change; Odoo may have read others than these; of the fewest
            # packages, each quantity finds its own.
            strategy = self._get_removal_strategy(product_id, location_id)
            if len(quants) > 1 or (read and not quants) or strategy == "least_packages":
                return quants
            found[key] = quants._ids
        return self.browse(found[key]).with_prefetch(data.get(READ) if read else None)

    def _forget_found(self):
        self.env.cr.precommit.data.pop(FOUND, None)

    @api.model_create_multi
    def create(self, vals_list):
        self._forget_found()
        return super().create(vals_list)

    def write(self, vals):
        if WHAT_IT_IS & vals.keys():
            self._forget_found()
        return super().write(vals)

    def unlink(self):
        self._forget_found()
        return super().unlink()
