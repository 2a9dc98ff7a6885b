"""One HTTP request through the simulator: route, fault, token, habits, handler, journal."""

import contextlib
import json
import socket
import threading
from functools import partial
from typing import Any, NoReturn

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from ..api import download, lwa
from ..api.errors import ApiError, InvalidInput, LwaError, QuotaExceeded, Unauthorized, error_body
from ..api.operations import Call, Operation
from ..control import calls
from ..control.controlled_world import ControlledWorld
from ..control.faults import Fault
from ..control.journal import Entry, masked
from ..world.clock import dump_time
from ..world.sellers import Application
from . import page, routes
from .publisher import Publisher

HTML_ERROR = "<html><head><title>Service Error</title></head><body><h1>Service Error</h1></body></html>"
TRUNCATED = b'{"payload": {'
"""The remainder of a cut answer, when the call did no work."""

RATE_LIMIT_STATUSES = (200, 202, 400, 404)
"""Answers that carry x-amzn-RateLimit-Limit. Source: headers in the models of outbound, orders and reports."""


class ConnectionDropped(ConnectionAbortedError):
    """The connection was closed on purpose; the server sends nothing more."""


class Exchange:
    """One SP-API or token call: what came in, and what goes out."""

    def __init__(self, app: "App", request: Request) -> None:
        self.app = app
        self.world = app.world
        self.request = request
        self.query: dict[str, Any] = {
            key: values[0] if len(values) == 1 else values for key, values in request.args.lists()
        }
        self.operation: Operation | None = None
        self.arguments: dict[str, str] = {}
        self.habits: list[str] = []
        self.operation_id = "unknown"
        if request.path == lwa.PATH:
            self.operation_id = lwa.OPERATION
        elif request.path.startswith(download.PREFIX):
            self.operation_id = download.OPERATION
        elif found := routes.find(request.method, request.path):
            self.operation, self.arguments = found
            self.operation_id = self.operation.operation_id

    def answer(self) -> Response:
        """Meet a fault or do the work, and write the journal. Raises ConnectionDropped."""
        with self.world.lock:
            faults = self.world.faults
            fault = faults.take(self.operation_id)
            response = self._work() if fault is None or fault.after_effect else None
            delay = self.world.settings.latency_seconds
        if fault is not None and fault.kind == "slow":
            delay += fault.seconds
        if delay:  # outside the lock: calls wait side by side
            self.app.closing.wait(min(delay, threading.TIMEOUT_MAX))
        with self.world.lock:
            if self.world.faults is not faults:  # the world was reset while this call waited: it belongs to the old one
                self._drop()
            if fault is not None and fault.kind == "slow":
                response = response or self._work()
            elif fault is not None:
                response = self._fail(fault, response)
            self._note(response, fault)
        return response or self._drop()

    def _drop(self) -> NoReturn:
        with contextlib.suppress(OSError):  # the client may have left already
            self.request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionDropped

    def _work(self) -> Response:
        """The answer without a fault."""
        with self.world.lock:
            if self.operation_id == lwa.OPERATION:
                return self._grant_token()
            if self.operation_id == download.OPERATION:
                rewritten = partial(self.world.habits.rewritten, met=self.habits)
                return download.serve(self.world, self.request, rewritten)
            try:
                answer = self._call()
                self.app.told()
                return self._json(self.operation.status if self.operation else 200, answer)
            except ApiError as error:
                return self._json(error.status, error.body())

    def _grant_token(self) -> Response:
        if self.request.method != "POST":
            return json_response(405, LwaError(405, "invalid_request", "Only POST is supported").body())
        try:
            return json_response(200, lwa.grant_token(self.world, self.request.form.to_dict()))
        except LwaError as error:
            return json_response(error.status, error.body())

    def _call(self) -> dict[str, Any]:
        token = self.request.headers.get("x-amz-access-token")
        if not token:
            raise Unauthorized("Access token is missing in the request header.")
        caller, expired = self.world.caller_of(token)
        if caller is None:
            raise Unauthorized("The access token you provided is revoked, malformed or invalid.")
        if expired:
            raise Unauthorized("The access token you provided has expired.")
        if self.operation is None:
            raise ApiError(404, "NotFound", f"No such operation: {self.request.method} {self.request.path}")
        operation, factor = self.operation, self.world.settings.plan_factor
        if operation.grantless != isinstance(caller, Application):
            raise Unauthorized("")
        plan = (operation.rate * factor, operation.burst * factor)
        owner = caller.client_id if isinstance(caller, Application) else caller.refresh_token
        if not self.world.throttle.take(owner, operation.operation_id, *plan):
            raise QuotaExceeded
        body = self._body()
        if operation.method != "GET" and operation.has_body and body is None:
            raise InvalidInput("The request body is not valid JSON")
        call = Call(self.world, caller, self.arguments, self.query, body, self.request.host_url)
        return self.world.habits.answer(operation, call, self.habits)

    def _body(self) -> Any:
        """The body as JSON (a form for the token service); None when there is none or it cannot be read."""
        if self.operation_id == lwa.OPERATION:
            return masked(self.request.form.to_dict())
        try:
            return json.loads(self.request.get_data())
        except ValueError:
            return None

    def _json(self, status: int, body: dict[str, Any]) -> Response:
        """An SP-API answer with Amazon's headers."""
        response = json_response(status, body)
        response.headers["x-amzn-RequestId"] = self.world.new_request_id()
        if self.operation is not None and status in RATE_LIMIT_STATUSES:
            rate = self.operation.rate * self.world.settings.plan_factor
            response.headers["x-amzn-RateLimit-Limit"] = str(round(rate, 6))
        return response

    def _fail(self, fault: Fault, done: Response | None) -> Response | None:
        """The broken answer; None for a dropped connection. `done` = the true answer, when the work is done."""
        if fault.kind.startswith("drop"):
            return None
        if fault.kind == "truncated":
            if self.operation_id == download.OPERATION:
                done = done or self._work()  # reading changes nothing
            return self._truncated(done)
        if fault.kind == "html":
            return Response(HTML_ERROR, fault.status, mimetype="text/html")
        if fault.kind == "empty":
            return Response("", fault.status)
        if self.operation_id == download.OPERATION:
            return download.refusal(fault.status, fault.code, fault.message)
        if self.operation_id == lwa.OPERATION:
            return json_response(fault.status, LwaError(fault.status, fault.code, fault.message).body())
        with self.world.lock:
            return self._json(fault.status, error_body(fault.code, fault.message))

    def _truncated(self, done: Response | None) -> Response:
        """Half an answer under headers that know nothing of it, as a proxy in between leaves it."""
        if done is None:
            return Response(TRUNCATED, 200, mimetype="application/json")
        whole = done.get_data()
        done.set_data(whole[: len(whole) // 2])
        return done

    def _note(self, response: Response | None, fault: Fault | None) -> None:
        with self.world.lock:
            self.world.journal.add(
                Entry(
                    operation=self.operation_id,
                    method=self.request.method,
                    path=self.request.path,
                    query=self.query,
                    body=self._body(),
                    status=response.status_code if response is not None else None,
                    at=dump_time(self.world.clock.now),
                    fault=fault.kind if fault is not None else None,
                    habit=", ".join(self.habits) or None,
                )
            )


class App:
    """The WSGI application. `closing` ends slow answers when the server stops."""

    def __init__(self, world: ControlledWorld) -> None:
        self.world = world
        self.closing = threading.Event()
        self.publisher = Publisher(world)

    def told(self) -> None:
        """After a call that may have changed the world, whose lock is held: sellers are told."""
        self.world.tell()
        self.publisher.attend()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self.closing.is_set():  # a connection from before, the server is gone
            raise ConnectionDropped
        request = Request(environ)
        # All of it: the connection is used again. Kept as it came, also where curl calls JSON a form.
        request.get_data(cache=True)
        if request.path == page.PATH:
            response = page.serve(request)
        elif request.path.startswith(calls.PREFIX):
            response = self._control(request)
        else:
            response = Exchange(self, request).answer()
        return response(environ, start_response)

    def _control(self, request: Request) -> Response:
        try:
            with self.world.lock:
                answer = calls.handle(self.world, request)
                self.told()
                return json_response(200, answer)
        except HTTPException as error:
            return json_response(error.code or 500, {"error": f"{error.name}: {request.method} {request.path}"})
        except ValueError as error:
            return json_response(400, {"error": str(error)})


def json_response(status: int, body: Any) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")
