"""Sends invocations to the server that runs the functions, which may start after the overlay; moto would start containers."""

from __future__ import annotations

import http.client
from typing import Dict, Optional
from urllib.parse import urlsplit

from . import routes
from .registry import ENTRIES, Entry
from .rest import Reply

# Address of the server, such as 127.0.0.1:40001; it is not part of the saved state.
RUNNER: Dict[str, str] = {}
# Headers that belong to one connection.
OF_CONNECTION = ("host", "connection", "content-length", "transfer-encoding", "keep-alive")

ENTRIES.append(Entry("lambda", "Invoke", "runs functions in Docker"))


def run_by(url: Optional[str]) -> Dict[str, str]:
    """Sends later invocations to a server; None for no server."""
    if url is None:
        RUNNER.clear()
    else:
        RUNNER["address"] = urlsplit(url).netloc
    return RUNNER


@routes.service("lambda", r"/2015-03-31/functions/[^/]+/invocations")
def invoke(environ: dict, body: bytes) -> Reply:
    address = RUNNER.get("address")
    if address is None:
        return not_run("no server for functions is started")
    headers = {
        name[5:].replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("HTTP_") and name[5:].replace("_", "-").lower() not in OF_CONNECTION
    }
    # A function may take 15 minutes: no timeout.
    connection = http.client.HTTPConnection(address)
    try:
        # The raw path, in which an ARN is encoded.
        path = environ.get("REQUEST_URI") or environ["PATH_INFO"]
        connection.request(environ["REQUEST_METHOD"], path, body, headers)
        answered = connection.getresponse()
        content = answered.read()
    except (OSError, http.client.HTTPException) as error:
        return not_run(f"the server for functions at {address} does not answer: {error}")
    finally:
        connection.close()
    kept = [(name, value) for name, value in answered.getheaders() if name.lower() not in (*OF_CONNECTION, "date")]
    return answered.status, content, kept


def not_run(why: str) -> Reply:
    """SDKs do not retry 501."""
    code = "NotImplementedException"
    message = f"lambda Invoke can't run in this embedded AWS: {why}"
    return 501, {"__type": code, "message": message, "Message": message}, [("x-amzn-errortype", code)]
