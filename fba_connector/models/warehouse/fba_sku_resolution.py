"""What seller SKUs are: the only place that decides it. See resolution.py."""

import math
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.batch import once
from ..shared.sentence import SentenceField, in_words, say
from .resolution import GRADED_PREFIX, RESOLUTIONS, Resolution, graded_reference
from .sentences import SENTENCES


class FbaSku(models.Model):
    _inherit = "fba.sku"
    _sentences = SENTENCES

    pack_size = fields.Float(
        default=1.0, required=True, digits="Product Unit", help="Units of the product in one unit of the SKU."
    )
    uom_id = fields.Many2one(
        "uom.uom", "Unit", default=lambda self: self._default_unit(), help="The unit that the pack size counts."
    )
    confirmed_product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    part_ids = fields.One2many("fba.sku.part", "sku_id", "Confirmed Parts", readonly=True)
    is_confirmed = fields.Boolean("Confirmed", compute="_compute_resolution", store=True)
    resolution = fields.Selection(RESOLUTIONS, "Type", compute="_compute_resolution", store=True)
    resolution_note = SentenceField("Reason", compute="_compute_resolution", store=True)

    def _default_unit(self):
        # Not `ref`, which asks the database each time whether it is still there.
        return self.env["uom.uom"].browse(self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit"))

    @api.constrains("pack_size")
    def _check_pack_size(self):
        for row in self:
            if row.pack_size <= 0:
                raise ValidationError(self.env._("%s: the pack size must be above zero.", row.seller_sku))

    @api.depends(
        "seller_sku",
        "product_id",
        "pack_size",
        "uom_id",
        "confirmed_product_id",
        "is_uncounted",
        "part_ids.units",
        "part_ids.product_id.active",
        "part_ids.product_id.is_storable",
        "part_ids.product_id.uom_id",
        "product_id.active",
        "product_id.type",
        "product_id.is_storable",
        "product_id.uom_id",
        "product_id.company_id",
        "product_id.default_code",
    )
    def _compute_resolution(self):
        resolutions = self._resolve()
        for row in self:
            row.update(row._stored_resolution(resolutions[row]))

    def _refresh_resolutions(self):
        """Store what these SKUs are now: bills of materials and other products' references change unseen.

        Returns {row: Resolution}.
        """
        resolutions = self._resolve()
        for row, resolution in resolutions.items():
            values = row._stored_resolution(resolution)
            shown = {**values, "resolution_note": in_words(row, values["resolution_note"])}
            if any(row[name] != value for name, value in shown.items()):
                row.write(values)
        return resolutions

    def _stored_resolution(self, resolution):
        note = resolution.note
        if resolution.is_usable and self.is_uncounted:
            note = say("uncounted")
        elif resolution.is_usable and not self.part_ids:
            is_match = resolution.product.default_code == self.seller_sku
            note = say("suggested" if is_match else "chosen", product=resolution.product.display_name)
        return {"resolution": resolution.kind, "resolution_note": note or False, "is_confirmed": bool(self.part_ids)}

    # === RESOLVING === #

    def _resolve(self):
        """{row: Resolution}; a row without a product by its internal reference."""
        resolutions = {}
        for warehouse, rows in self.sudo().grouped("warehouse_id").items():
            known = rows.filtered("product_id")
            references = (rows - known).mapped("seller_sku")
            by_reference = self._resolve_references(warehouse, references) if references else {}
            kits = known.product_id._fba_kits(warehouse.company_id)
            for row in rows - known:
                resolutions[row] = by_reference[row.seller_sku]
            for row in known:
                resolution = _resolve_product(row.product_id, row.pack_size, row.uom_id, warehouse.company_id, kits)
                resolutions[row] = row._compare_with_confirmed(resolution)
        return {row: resolutions[row.sudo()] for row in self}

    @api.model
    def _resolve_skus(self, warehouse, seller_skus):
        """{seller SKU: Resolution} of all `seller_skus` in `warehouse`, with a row or without."""
        key = ("resolved", warehouse.id, *seller_skus)
        return dict(once(self, key, lambda: self._look_up_skus(warehouse, seller_skus)))

    def _look_up_skus(self, warehouse, seller_skus):
        rows = self.sudo().search([("warehouse_id", "=", warehouse.id), ("seller_sku", "in", list(seller_skus))])
        resolutions = {row.seller_sku: resolution for row, resolution in rows._resolve().items()}
        others = [sku for sku in seller_skus if sku not in resolutions]
        return resolutions | (self._resolve_references(warehouse, others) if others else {})

    @api.model
    def _resolve_asins(self, warehouse, asins):
        """{ASIN: {seller SKU: Resolution}} of the rows in `warehouse` that have one of `asins`."""
        found = {}
        if asins:
            rows = self.sudo().search([("warehouse_id", "=", warehouse.id), ("asin", "in", list(asins))])
            for row, resolution in rows._resolve().items():
                found.setdefault(row.asin, {})[row.seller_sku] = resolution
        return found

    @api.model
    def _resolve_references(self, warehouse, seller_skus):
        """{seller SKU: Resolution} by internal reference: that of the only product that can be counted."""
        pattern = warehouse.sudo().fba_account_id.graded_return_reference
        graded = {sku: reference for sku in seller_skus if (reference := graded_reference(sku, pattern))}
        found, nothing = (
            self._resolve_by_reference(warehouse, {*seller_skus, *graded.values()}),
            self.env["product.product"],
        )
        resolutions = {}
        for sku in seller_skus:
            resolution = found.get(sku)
            if not resolution and sku in graded and graded[sku] in found:
                resolution = replace(found[graded[sku]], by_rule=True)
            elif not resolution and sku.lower().startswith(GRADED_PREFIX):
                resolution = Resolution("graded", nothing, note=say("graded", sku=sku, reference=graded.get(sku)))
            resolutions[sku] = resolution or Resolution("unknown", nothing, note=say("unknown", sku=sku))
        return resolutions

    @api.model
    def _resolve_by_reference(self, warehouse, references):
        """{internal reference: Resolution} of those that products have."""
        company, Product = warehouse.company_id, self.env["product.product"].sudo().with_context(active_test=False)
        products = Product.search(
            [("default_code", "in", list(references)), *Product._check_company_domain(company)], order="active desc, id"
        )
        kits = products._fba_kits(company)
        unit = self._default_unit()
        found = {}
        for reference, same in products.grouped("default_code").items():
            each = [_resolve_product(product, 1.0, unit, company, kits) for product in same]
            usable = [it for it in each if it.is_usable]
            if len(usable) > 1:
                names = [f"{it.product.display_name} ({it.product.id})" for it in usable]
                note = say("ambiguous", sku=reference, products=names)
                found[reference] = Resolution(
                    "ambiguous", same.browse().union(*(it.product for it in usable)), note=note
                )
            else:
                resolution = (usable or each)[0]
                if not resolution.product.active:  # a reference that nobody uses any more is no match
                    resolution = Resolution(resolution.kind, same.browse(), note=resolution.note)
                found[reference] = resolution
        return found

    def _resolution_as(self, product, size):
        """Resolution of this SKU if a person says that it is `size` of `product`, in the product's unit."""
        company = self.sudo().warehouse_id.company_id
        return _resolve_product(product, size, product.uom_id, company, product._fba_kits(company))

    def _compare_with_confirmed(self, resolution):
        """`resolution` of this row, if it is what was confirmed; else what changed."""
        confirmed = self.part_ids
        if not confirmed:
            return resolution
        before = {part.product_id: part.units for part in confirmed}
        now, note = resolution.units, None
        if not resolution.is_usable:
            was_kit = before.keys() != {self.product_id}
            if self.confirmed_product_id == self.product_id and not (was_kit and resolution.kind == "untracked"):
                # Odoo archives a kit's bill of materials with it: nobody knows its parts any more.
                is_lost = was_kit and resolution.kind == "archived"
                return replace(resolution, product=self.product_id.browse()) if is_lost else resolution
            now = {self.product_id: resolution.size}
        if before.keys() != now.keys() or any(not math.isclose(before[it], now[it], rel_tol=1e-6) for it in now):
            goods = [[[it.display_name, units] for it, units in side.items()] for side in (before, now)]
            kind, note = "changed", say("changed", before=goods[0], now=goods[1])
        elif others := confirmed.filtered(lambda part: not _is_same_unit(part.uom_id, part.product_id.uom_id)):
            kind, note = "wrong_unit", _wrong_unit(others[0].product_id, others[0].uom_id)
        return Resolution(kind, resolution.product, resolution.size, note=note) if note else resolution

    # === CONFIRMING === #

    def _confirm(self):
        """From now on these SKUs are booked as what they are at present; those that are not usable stay as they are.

        Returns the confirmed ones.
        """
        rows = self.sudo()
        for row in rows.filtered("product_id"):
            row.write({"uom_id": row.product_id.uom_id.id, "confirmed_product_id": row.product_id.id})
        rows.part_ids.unlink()
        resolutions = {row: it for row, it in rows._resolve().items() if it.is_usable and row.product_id}
        self.env["fba.sku.part"].sudo().create(
            [
                {"sku_id": row.id, "product_id": product.id, "units": units, "uom_id": product.uom_id.id}
                for row, resolution in resolutions.items()
                for product, units in resolution.units.items()
            ]
        )
        confirmed = self.browse(row.id for row in resolutions)
        for account, here in confirmed.sudo().grouped(lambda row: row.warehouse_id.fba_account_id).items():
            account._end_requests(*map(self._mapping_request, here.mapped("seller_sku")))
        return confirmed


def _resolve_product(product, size, unit, company, kits):
    """Resolution of a SKU that holds `size` `unit` of `product`. `kits`: {product: bill of materials}."""

    def reason(kind, code=None, of=product, components=(), **values):
        note = say(code or kind, product=of.display_name, **values)
        return Resolution(kind, product, size, dict(components), note=note)

    if product.company_id and not product.filtered_domain(product._check_company_domain(company)):
        return reason("company", company=product.company_id.name)
    if not product.active:
        return reason("archived")
    if product.type in ("service", "combo"):
        return reason(product.type)
    if product in kits:
        return _resolve_kit(product, size, kits[product], reason)
    if not product.is_storable:
        return reason("untracked")
    if not _is_same_unit(product.uom_id, unit):
        return Resolution("wrong_unit", product, size, note=_wrong_unit(product, unit))
    return Resolution("product" if size == 1 else "pack", product, size, {(product, None): size})


def _resolve_kit(product, size, kit, reason):
    components = product._fba_components(size, kit, rounded=False)
    if product._fba_has_optional_components(kit):
        return reason("unclear_kit", "optional_parts", components=components)
    if archived := next((it for it, _line in components if not it.active), None):
        return reason("archived", of=archived, components=components)
    if not any(units and it.is_storable for (it, _line), units in components.items()):
        return reason("unclear_kit", "no_parts", components=components)
    return Resolution("kit", product, size, components)


def _is_same_unit(unit, other):
    return unit == other or (bool(other) and unit.factor == other.factor and unit._has_common_reference(other))


def _wrong_unit(product, unit):
    return say("wrong_unit", product=product.display_name, unit=product.uom_id.name, before=unit.name or "?")
