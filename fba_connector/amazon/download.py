"""Downloads a report's document to a temporary file, whatever its size.

With `requests`: the address is a storage service's, not the Selling Partner API's, and neither the token nor the pool
of the account's calls belongs there.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from typing import IO

import requests
import urllib3

from .errors import Malformed, Unavailable
from .fields import unusable
from .operation import Operation
from .reasons import because
from .regions import is_document_url
from .wire import CONNECT_LIMIT_S, READ_LIMIT_S

# Not an operation of Amazon's, and without a plan.
DOWNLOAD = Operation("reportDocument", rate=1, burst=1)

LIMIT_S = 900.0  # for the whole of it
MOST_BYTES = 1 << 30  # as it comes, packed or not: more than any report of ours, less than a disk
_CHUNK_BYTES = 1 << 16
_PACKINGS = ("", "identity", "gzip")
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError)


def fetch(url: str, *, api_endpoint: str, timeout_s: float) -> tuple[IO[bytes], str | None]:
    """The document and the charset its Content-Type names; closing the file deletes it. Raises Unavailable, Malformed.

    What is packed stays packed. `timeout_s` limits each wait for the network.
    """
    if not is_document_url(url, api_endpoint):
        raise unusable(DOWNLOAD.name, "url", "no_store")
    with ExitStack() as unfinished:
        file = unfinished.enter_context(tempfile.TemporaryFile(prefix="fba-report-"))
        charset = _stream(url, file, timeout_s)
        file.seek(0)
        unfinished.pop_all()
    return file, charset


def _stream(url: str, file: IO[bytes], timeout_s: float) -> str | None:
    end = time.monotonic() + LIMIT_S
    timeout = (min(timeout_s, CONNECT_LIMIT_S), min(timeout_s, READ_LIMIT_S))
    try:
        with requests.Session() as session:
            session.trust_env = False  # no proxy and no .netrc: the signature is all it takes
            session.verify = True
            plain = {"accept-encoding": "identity"}
            with session.get(url, stream=True, timeout=timeout, allow_redirects=False, headers=plain) as response:
                if response.status_code != 200:
                    # A storage service's refusal (an expired signature is 403) says nothing of the account.
                    raise Unavailable(
                        because("report_failed", fault=f"HTTP {response.status_code}"),
                        operation=DOWNLOAD.name,
                        http_status=response.status_code,
                    )
                if response.headers.get("content-encoding", "").strip().lower() not in _PACKINGS:
                    raise Malformed(
                        because("report_compression"),
                        operation=DOWNLOAD.name,
                        code="content-encoding",
                    )
                # Not unpacked on the way: a piece of it could become very large.
                for chunk in response.raw.stream(_CHUNK_BYTES, decode_content=False):
                    file.write(chunk)
                    if file.tell() > MOST_BYTES:
                        raise Malformed(because("report_large"), operation=DOWNLOAD.name, code="TooLarge")
                    if time.monotonic() > end:
                        raise Unavailable(because("report_slow"), operation=DOWNLOAD.name, code="ReadTimeout")
                return _charset(response.headers.get("content-type", ""))
    except _FAILURES as error:
        # "from None": the cause holds the signed address.
        name = type(error).__name__
        raise Unavailable(because("report_failed", fault=name), operation=DOWNLOAD.name, code=name) from None


def _charset(content_type: str) -> str | None:
    """The charset that the header names, None if it names none; requests itself would guess ISO 8859-1."""
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \"'") or None
    return None
