"""CORS rules of buckets, which moto ignores: it allows every origin."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

from moto.s3.models import FakeBucket, s3_backends

Headers = List[Tuple[str, str]]

# Public origins by local origin: {"http://localhost:4000": "https://video.example"}.
PUBLIC: Dict[str, str] = {}

REFUSED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessForbidden</Code>'
    "<Message>CORSResponse: This CORS request is not allowed.</Message></Error>"
)


def bucket_of(environ: dict) -> Optional[FakeBucket]:
    """Bucket of a browser's request, which has an Origin and no signature header."""
    if "HTTP_ORIGIN" not in environ or "HTTP_AUTHORIZATION" in environ:
        return None
    name = environ.get("PATH_INFO", "").split("/")[1:2]
    account = os.environ.get("MOTO_ACCOUNT_ID", "123456789012")
    return s3_backends[account]["aws"].buckets.get(name[0]) if name else None


def preflight(environ: dict, bucket: FakeBucket) -> Tuple[int, str, Headers]:
    """Handles a preflight request with the first rule that allows all of it."""
    method = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD", "")
    requested = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
    names = [name.strip().lower() for name in requested.split(",") if name.strip()]
    headers = granted(bucket, environ["HTTP_ORIGIN"], method, names)
    if not headers:
        return 403, REFUSED, []
    return 200, "", headers + ([("Access-Control-Allow-Headers", ", ".join(names))] if names else [])


def with_cors(environ: dict, bucket: FakeBucket, start_response: Callable) -> Callable:
    """Sets CORS headers if a rule matches, and removes moto's."""
    headers = granted(bucket, environ["HTTP_ORIGIN"], environ["REQUEST_METHOD"], [])

    def start(status: str, sent: Headers, *rest: Any) -> Any:
        own = [one for one in sent if not one[0].lower().startswith("access-control-")]
        return start_response(status, own + headers, *rest)

    return start


def granted(bucket: FakeBucket, origin: str, method: str, names: Iterable[str]) -> Headers:
    """Headers from the first rule that allows origin, method and headers; empty if none does."""
    public = PUBLIC.get(origin, origin)
    for rule in bucket.cors:
        allowed = next((one for one in rule.allowed_origins or [] if covers(one, public)), None)
        if allowed is None or method not in (rule.allowed_methods or []):
            continue
        if not all(any(covers(one.lower(), name) for one in rule.allowed_headers or []) for name in names):
            continue
        said = {
            "Access-Control-Allow-Origin": "*" if allowed == "*" else origin,
            "Access-Control-Allow-Methods": ", ".join(rule.allowed_methods),
            "Access-Control-Expose-Headers": ", ".join(rule.exposed_headers or []),
            "Access-Control-Max-Age": str(rule.max_age_seconds or ""),
            "Access-Control-Allow-Credentials": "" if allowed == "*" else "true",
        }
        return [one for one in said.items() if one[1]] + [("Vary", "Origin")]
    return []


def covers(pattern: str, text: str) -> bool:
    """Whether a pattern matches; S3 allows one `*` in an origin or header name."""
    before, star, after = pattern.partition("*")
    if not star:
        return pattern == text
    return len(text) >= len(before) + len(after) and text.startswith(before) and text.endswith(after)


def known_as(body: Dict[str, str]) -> Dict[str, str]:
    """Replaces the map of origins."""
    PUBLIC.clear()
    PUBLIC.update(body)
    return dict(PUBLIC)
