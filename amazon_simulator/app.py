"""One HTTP request through the simulator: route, fault, token, handler, journal."""

import contextlib
import json
import socket
import threading
from typing import Any, NoReturn

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from . import control, lwa, routes
from .clock import dump_time
from .errors import ApiError, InvalidInput, LwaError, Unauthorized, error_body
from .faults import TOKEN_OPERATION, Fault
from .journal import Entry, masked
from .operations import Call, Operation
from .world import World

HTML_ERROR = "<html><head><title>Service Error</title></head><body><h1>Service Error</h1></body></html>"
RATE_LIMIT_STATUSES = (200, 400, 404)
"""Answers that carry x-amzn-RateLimit-Limit. Source: headers in the models of outbound and orders."""


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
        self.operation_id = "unknown"
        if request.path == lwa.PATH:
            self.operation_id = TOKEN_OPERATION
        elif found := routes.find(request.method, request.path):
            self.operation, self.arguments = found
            self.operation_id = self.operation.operation_id

    def answer(self) -> Response:
        """Meet a fault or do the work, and write the journal. Raises ConnectionDropped."""
        with self.world.lock:
            faults = self.world.faults
            fault = faults.take(self.operation_id)
            response = self._work() if fault is None or fault.after_effect else None
        if fault is not None and fault.kind == "slow":
            self.app.closing.wait(fault.seconds)
        with self.world.lock:
            if self.world.faults is not faults:  # the world was reset while this call waited: it belongs to the old one
                self._drop()
            if fault is not None and fault.kind == "slow":
                response = response or self._work()
            elif fault is not None:
                response = self._fail(fault)
            self._note(response)
        return response or self._drop()

    def _drop(self) -> NoReturn:
        with contextlib.suppress(OSError):  # the client may have left already
            self.request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionDropped

    def _work(self) -> Response:
        """The answer without a fault."""
        with self.world.lock:
            if self.operation_id == TOKEN_OPERATION:
                return self._grant_token()
            try:
                return self._json(200, self._call())
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
        seller, expired = self.world.seller_of(token)
        if seller is None:
            raise Unauthorized("The access token you provided is revoked, malformed or invalid.")
        if expired:
            raise Unauthorized("The access token you provided has expired.")
        if self.operation is None:
            raise ApiError(404, "NotFound", f"No such operation: {self.request.method} {self.request.path}")
        body = self._body()
        if self.operation.method != "GET" and body is None:
            raise InvalidInput("The request body is not valid JSON")
        return self.operation.handler(Call(self.world, seller, self.arguments, self.query, body))

    def _body(self) -> Any:
        """The body as JSON (a form for the token service); None when there is none or it cannot be read."""
        if self.operation_id == TOKEN_OPERATION:
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
            response.headers["x-amzn-RateLimit-Limit"] = str(self.operation.rate)
        return response

    def _fail(self, fault: Fault) -> Response | None:
        """The broken answer; None for a dropped connection."""
        if fault.kind.startswith("drop"):
            return None
        if fault.kind == "html":
            return Response(HTML_ERROR, fault.status, mimetype="text/html")
        if fault.kind == "empty":
            return Response("", fault.status)
        if self.operation_id == TOKEN_OPERATION:
            return json_response(fault.status, LwaError(fault.status, fault.code, fault.message).body())
        with self.world.lock:
            return self._json(fault.status, error_body(fault.code, fault.message))

    def _note(self, response: Response | None) -> None:
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
                )
            )


class App:
    """The WSGI application. `closing` ends slow answers when the server stops."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.closing = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self.closing.is_set():  # a connection from before, the server is gone
            raise ConnectionDropped
        request = Request(environ)
        request.get_data(parse_form_data=True, cache=True)  # all of it: the connection is used again
        if request.path.startswith(control.PREFIX):
            response = self._control(request)
        else:
            response = Exchange(self, request).answer()
        return response(environ, start_response)

    def _control(self, request: Request) -> Response:
        try:
            with self.world.lock:
                return json_response(200, control.handle(self.world, request))
        except HTTPException as error:
            return json_response(error.code or 500, {"error": f"{error.name}: {request.method} {request.path}"})
        except ValueError as error:
            return json_response(400, {"error": str(error)})


def json_response(status: int, body: Any) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")
