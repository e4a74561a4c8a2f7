"""Presigned URLs of S3: key, expiry and signature, checked with botocore's signer. moto accepts any.

The signature covers method, path, query (part number and upload) and signed headers (a part's length).
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta, timezone
from typing import Optional, Tuple
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from botocore.auth import SIGV4_TIMESTAMP, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.core.utils import utcnow
from moto.iam.models import iam_backends
from moto.sts.models import AssumedRole, sts_backends

from .role_calls import account

SIGNATURE = "X-Amz-Signature"
LONGEST = 7 * 24 * 3600
CLOCK_SKEW = timedelta(minutes=15)

Refusal = Tuple[int, str]


def refusal_of(environ: dict) -> Optional[Refusal]:
    """The error response to a request by a presigned URL that S3 would refuse; None for other requests."""
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    if SIGNATURE not in query:
        return None
    try:
        key, date, region, service, _ = query["X-Amz-Credential"].split("/")
        signed_at = datetime.strptime(query["X-Amz-Date"], SIGV4_TIMESTAMP).replace(tzinfo=timezone.utc)
        seconds = int(query["X-Amz-Expires"])
        names = query["X-Amz-SignedHeaders"].split(";")
        if "host" not in names or not query["X-Amz-Date"].startswith(f"{date}T"):
            raise ValueError(query["X-Amz-SignedHeaders"])
    except (KeyError, ValueError):
        return error(400, "AuthorizationQueryParametersError", "A parameter of the signature is missing or malformed")
    if service != "s3":
        return None
    if not 0 < seconds <= LONGEST:
        message = f"X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than {LONGEST} seconds"
        return error(400, "AuthorizationQueryParametersError", message)
    if signed_at > datetime.now(timezone.utc) + CLOCK_SKEW:
        return error(403, "AccessDenied", "Request is not yet valid")
    if datetime.now(timezone.utc) > signed_at + timedelta(seconds=seconds):
        return error(403, "AccessDenied", "Request has expired")
    session = sts_backends[account()]["aws"].get_assumed_role_from_access_key(key)
    if session is not None and session.expiration < utcnow():
        return error(400, "ExpiredToken", "The provided token has expired.")
    credentials = credentials_of(session) if session is not None else credentials_of_user(key)
    if credentials is None:
        # An operator's dummy key: this server accepts any.
        return None
    if credentials.token is not None and query.get("X-Amz-Security-Token") != credentials.token:
        return error(400, "InvalidToken", "The provided token is malformed or otherwise invalid.")
    request = AWSRequest(method=environ["REQUEST_METHOD"], url=unsigned_url(environ), headers=headers_of(environ, names))
    request.context["timestamp"] = query["X-Amz-Date"]
    signer = S3SigV4QueryAuth(credentials, service, region)
    expected = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    if hmac.compare_digest(expected, query[SIGNATURE]):
        return None
    message = "The request signature we calculated does not match the signature you provided. Check your key and signing method."
    return error(403, "SignatureDoesNotMatch", message)


def credentials_of(session: AssumedRole) -> Credentials:
    return Credentials(session.access_key_id, session.secret_access_key, session.session_token)


def credentials_of_user(key: str) -> Optional[Credentials]:
    """The credentials of the user with an access key; None for another key."""
    for user in list(iam_backends[account()]["aws"].users.values()):
        for one in user.access_keys:
            if one.access_key_id == key:
                return Credentials(one.access_key_id, one.secret_access_key)
    return None


def unsigned_url(environ: dict) -> str:
    """The URL as it was sent, without its signature."""
    sent = urlsplit(environ.get("RAW_URI") or environ["REQUEST_URI"])
    pairs = [pair for pair in sent.query.split("&") if not pair.startswith(f"{SIGNATURE}=")]
    return f"http://{environ['HTTP_HOST']}{sent.path}?{'&'.join(pairs)}"


def headers_of(environ: dict, names: list) -> dict:
    """The signed headers; one that was not sent is missing, so that the signature differs."""
    found = {}
    for name in names:
        variable = name.upper().replace("-", "_")
        value = environ.get(variable) if variable in ("CONTENT_LENGTH", "CONTENT_TYPE") else environ.get(f"HTTP_{variable}")
        if value is not None:
            found[name] = value
    return found


def error(status: int, code: str, message: str) -> Refusal:
    document = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return status, f'<?xml version="1.0" encoding="UTF-8"?>\n{document}'
