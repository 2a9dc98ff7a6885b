"""An HTTP server that plays a script: one scripted answer per request, and remembers what it was asked."""

import json
import socket
import struct
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

HTML = b"<html><body>Service Unavailable</body></html>"


@dataclass
class Reply:
    """`drop` resets the connection once the request has been read; `delay_s` waits before answering.

    `drip_s` waits before each byte of the body.
    """

    status: int = 200
    body: object = field(default_factory=dict)
    headers: dict = field(default_factory=dict)
    drop: bool = False
    delay_s: float = 0.0
    content_length: int | None = None
    drip_s: float = 0.0

    def content(self):
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Seen:
    method: str
    path: str
    query: dict
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def form(self):
        return {key: values[0] for key, values in parse_qs(self.body.decode()).items()}


def error(status, code, message="no", **options):
    return Reply(status, {"errors": [{"code": code, "message": message}]}, **options)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that leaves before it has read all is what some tests are about."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Stub:
    """`api` and `lwa` are the scripts; the last entry repeats. `api` may be a function of what was `Seen`.

    Without an LWA script, tokens are handed out.
    """

    def __init__(self):
        self.api = [Reply()]
        self.lwa = []
        self.calls = []
        self.token_calls = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # headers and body go in two pieces; the second must not wait

            def handle_any(self):
                stub._answer(self)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any

            def log_message(self, *args):
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.lwa_url = f"{self.url}/auth/o2/token"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler):
        url = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("content-length") or 0))
        seen = Seen(handler.command, url.path, parse_qs(url.query, keep_blank_values=True), dict(handler.headers), body)
        if url.path == "/auth/o2/token":
            self.token_calls.append(seen)
            token = {"access_token": f"Atza|{len(self.token_calls)}", "token_type": "bearer", "expires_in": 3600}
            reply = self._next(self.lwa) if self.lwa else Reply(body=token)
        else:
            self.calls.append(seen)
            reply = self.api(seen) if callable(self.api) else self._next(self.api)
        self._send(handler, reply)

    @staticmethod
    def _next(script):
        return script.pop(0) if len(script) > 1 else script[0]

    @staticmethod
    def _send(handler, reply):
        time.sleep(reply.delay_s)
        if reply.drop:
            linger_zero = struct.pack("ii", 1, 0)  # close() sends a reset
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_zero)
            handler.close_connection = True
            handler.connection.close()
            return
        content = reply.content()
        try:
            handler.send_response(reply.status)
            for name, value in {"x-amzn-RequestId": "req-1", **reply.headers}.items():
                handler.send_header(name, value)
            handler.send_header("content-length", str(reply.content_length or len(content)))
            handler.end_headers()
            for piece in [content] if not reply.drip_s else [bytes([byte]) for byte in content]:
                time.sleep(reply.drip_s)
                handler.wfile.write(piece)
            handler.close_connection = reply.content_length is not None
        except OSError:
            handler.close_connection = True  # the client has left, as after a time-out
