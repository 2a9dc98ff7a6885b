"""The web page at `/`: a person plays Amazon with it. All it shows and does goes through the control API."""

from pathlib import Path

from werkzeug.wrappers import Request, Response

PATH = "/"
_HTML = Path(__file__).with_name("page.html").read_bytes()
_HEADERS = {
    "Cache-Control": "no-cache",
    # Names and addresses come from outside: whatever they contain, the page loads and runs nothing but itself.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}


def serve(request: Request) -> Response:
    """The page; it changes nothing, so other methods than GET and HEAD are refused."""
    if request.method not in ("GET", "HEAD"):
        return Response("Only GET is supported", 405, headers={"Allow": "GET, HEAD"})
    return Response(_HTML, mimetype="text/html", headers=_HEADERS)
