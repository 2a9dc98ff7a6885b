"""The HTTP server: a thread, a port, and connections that stay open."""

import sys
import threading
import traceback
from types import TracebackType

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

from ..api import lwa
from ..control.controlled_world import ControlledWorld
from .app import App

CLOSE_POLL_S = 0.02
"""How long `close` may wait for the listening thread, in seconds."""


class KeepAliveHandler(WSGIRequestHandler):
    """HTTP/1.1 with connections that are used again, as Amazon's are; Werkzeug's own handler closes each.

    It can, because the application reads every request to its end and every answer has a Content-Length.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        self.environ = self.make_environ()
        try:
            response = Response.from_app(self.server.app, self.environ, buffered=True)
        except ConnectionError:  # dropped, by the client or by a fault
            self.close_connection = True
            return
        except Exception:
            traceback.print_exc()
            response = Response("The simulator has a bug, see its stderr.", 500)
            self.close_connection = True
        body = response.get_data()
        self.send_response(response.status_code)
        for name, value in response.headers.items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Silent; VerboseHandler speaks."""


class VerboseHandler(KeepAliveHandler):
    """Logs a line for each request on stderr."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        print(f"{self.command} {self.path} -> {int(code)}", file=sys.stderr, flush=True)


class SimulatorServer:
    """A running simulator; it answers as soon as the constructor returns.

    `port` 0 takes a free one. `world` is the state; take `world.lock` to touch it while clients call.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, verbose: bool = False) -> None:
        self.world = ControlledWorld()
        self._app = App(self.world)
        handler = VerboseHandler if verbose else KeepAliveHandler
        self._server = make_server(host, port, self._app, threaded=True, request_handler=handler)
        self.url = f"http://{host}:{self._server.server_port}"
        self.lwa_url = f"{self.url}{lwa.PATH}"
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": CLOSE_POLL_S},
            name="amazon-simulator",
            daemon=True,
        )
        self._thread.start()

    def attend(self) -> None:
        """The world was changed by another way than a call, as by loading it: its subscriptions are served."""
        with self.world.lock:
            self._app.told()

    def close(self) -> None:
        """Stop listening and end slow answers. Closing twice does nothing."""
        self._app.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._app.publisher.close()
        self._server.server_close()

    def __enter__(self) -> "SimulatorServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
