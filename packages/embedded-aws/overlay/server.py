"""Serves moto with the overlay, on one port, until SIGTERM or SIGINT."""

from __future__ import annotations

import io
import json
import signal
import sys
from pathlib import Path
from typing import Any, Callable, Iterable, Optional

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from . import (
    calls,
    cors,
    creations,
    existing,
    functions,
    location,
    presigned,
    refusals,
    role_calls,
    routes,
    schedules,
    service_models,
    state,
    unsupported,
)

Environ = dict


def application_of(service: Optional[str]) -> Callable:
    """The application of a service of moto, or the one that refuses services that moto lacks."""
    return unsupported.application if service is None else create_backend_app(service)


class Application:
    """The overlay's routes first, then moto's."""

    def __init__(self, state_file: Optional[Path]) -> None:
        self.moto = DomainDispatcherApplication(application_of)
        self.state_file = state_file

    def __call__(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/moto-api/overlay/checkpoint" and environ["REQUEST_METHOD"] == "POST":
            return self.checkpoint(start_response)
        if path == "/moto-api/overlay/calls":
            return answer(start_response, 200, calls.recent())
        if path == "/moto-api/overlay/role-calls":
            _, _, number = environ.get("QUERY_STRING", "").partition("after=")
            return answer(start_response, 200, role_calls.after(int(number or 0)))
        if path == "/moto-api/overlay/creations":
            return answer(start_response, 200, creations.recent())
        if path == "/moto-api/overlay/refusals":
            return answer(start_response, 200, refusals.report())
        if path == "/moto-api/overlay/origins" and environ["REQUEST_METHOD"] == "PUT":
            return answer(start_response, 200, cors.known_as(json.loads(read_body(environ))))
        if path == "/moto-api/overlay/existing" and environ["REQUEST_METHOD"] == "PUT":
            return answer(start_response, 200, existing.add(json.loads(read_body(environ))))
        if path == "/moto-api/overlay/functions" and environ["REQUEST_METHOD"] == "PUT":
            return answer(start_response, 200, functions.run_by(json.loads(read_body(environ))["url"]))
        bucket = cors.bucket_of(environ)
        if bucket is not None and environ["REQUEST_METHOD"] == "OPTIONS":
            return answer(start_response, *cors.preflight(environ, bucket))
        if bucket is not None:
            start_response = cors.with_cors(environ, bucket, start_response)
        unsigned = presigned.refusal_of(environ)
        if unsigned is not None:
            read_body(environ)
            status, document = unsigned
            return answer(start_response, status, "" if environ["REQUEST_METHOD"] == "HEAD" else document)
        calls.note(environ)
        request = environ[unsupported.REQUEST] = service_models.check(environ, read_body)
        refusal = refusals.refusal_of(environ, request)
        if refusal is not None:
            return answer(start_response, *refusal)
        role_calls.note(environ, request)
        creations.note(request)
        found = routes.find(environ)
        if found is None:
            return unsupported.routed(self.moto, environ, start_response)
        body = read_body(environ)
        status, reply, headers = found(environ, body)
        return answer(start_response, status, reply, headers)

    def checkpoint(self, start_response: Callable) -> Iterable[bytes]:
        if self.state_file is None:
            return answer(start_response, 409, {"message": "started without --state-file"})
        return answer(start_response, 200, {"bytes": state.save(self.state_file)})


def read_body(environ: Environ) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def answer(start_response: Callable, status: int, body: Any, headers: Optional[list] = None) -> Iterable[bytes]:
    if isinstance(body, bytes):
        content, content_type = body, "application/octet-stream"
    elif isinstance(body, str):
        content, content_type = body.encode(), "text/xml"
    else:
        content, content_type = json.dumps(body).encode(), "application/json"
    own = headers or []
    if not any(name.lower() == "content-type" for name, _ in own):
        own = [("Content-Type", content_type), *own]
    start_response(f"{status} {'OK' if status < 400 else 'Error'}", [*own, ("Content-Length", str(len(content)))])
    return [content]


class Handler(WSGIRequestHandler):
    """Sends responses in one write, and logs disconnected clients."""

    # Terraform's provider sometimes lost responses sent in two writes, and retried.
    wbufsize = -1

    def run_wsgi(self) -> None:
        self.wfile.flush()  # a client may wait for 100 Continue
        super().run_wsgi()

    def connection_dropped(self, error: BaseException, environ: Optional[Environ] = None) -> None:
        call = calls.described(environ or getattr(self, "environ", {}))
        self.log_error("client disconnected: %s, request %s", error, call)


def serve(host: str, port: int, state_file: Optional[Path]) -> None:
    """Runs until a signal; then saves the state, if there is a file for it."""
    if state_file is not None:
        message = state.load(state_file)
        if message:
            print(message, flush=True)
    server = make_server(host, port, Application(state_file), threaded=True, request_handler=Handler)

    def stop(_signal: int, _frame: Any) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    location.base_url = f"http://{host}:{server.port}"
    clock = schedules.Clock()
    print(f"listening on {location.base_url}", flush=True)
    try:
        server.serve_forever()
    except SystemExit:
        pass
    finally:
        clock.stop()
        if state_file is not None:
            state.save(state_file)
    sys.exit(0)
