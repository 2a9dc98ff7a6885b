"""Health of the accounts for monitoring: one address, opened with a user's API key."""

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from ..models.shared.groups import USER


class Health(http.Controller):
    @http.route("/fba_connector/health", type="http", auth="bearer", methods=["GET"], readonly=True, save_session=False)
    def health(self):
        """JSON of `fba.account._health()` for the user's companies; 403 for users who are not FBA Users."""
        user = request.env.user
        if not user.has_group(USER):
            raise AccessError(request.env._("Only FBA Users may see the health of accounts."))
        accounts = request.env["fba.account"].with_context(allowed_company_ids=user.company_ids.ids)
        _scheme, _blank, api_key = request.httprequest.headers.get("Authorization", "").partition(" ")
        return request.make_json_response(accounts._health(api_key.strip()))
