"""STS: a web identity assumes a role only if the account knows its provider and the role trusts the token.

Signatures are not checked: the keys of the issuer are at its host, which is not reached from here.
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

from __future__ import annotations

import base64
import json
import time
from typing import Any, Callable, Dict

from moto.iam.models import iam_backends
from moto.sts.exceptions import STSClientError
from moto.sts.responses import TokenResponse
from moto.utilities.arns import parse_arn

from ..evaluator import EVALUATOR
from ..registry import replaces
from ..role_policies import role_of

ACTION = "sts:AssumeRoleWithWebIdentity"


def claims_of(token: str) -> Dict[str, Any]:
    try:
        payload = token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError) as error:
        raise STSClientError("InvalidIdentityToken", "The token is not a JSON Web Token.") from error


def check(role_arn: str, claims: Dict[str, Any]) -> None:
    issuer = str(claims.get("iss", "")).removeprefix("https://")
    account = parse_arn(role_arn).account
    providers = iam_backends[account]["aws"].open_id_providers.values()
    provider = next((one for one in providers if one.url == issuer), None)
    if provider is None:
        raise STSClientError(
            "InvalidIdentityToken", f"No OpenIDConnect provider found in your account for https://{issuer}"
        )
    if claims.get("aud") not in provider.client_id_list:
        raise STSClientError("InvalidIdentityToken", "Incorrect token audience")
    if float(claims.get("exp", 0)) < time.time():
        raise STSClientError("ExpiredTokenException", "Token must be within the time interval")
    role = role_of(role_arn)
    request = {
        "action": ACTION,
        "resource": role_arn,
        "principal": f"Federated:{provider.arn}",
        "context": {f"{issuer}:aud": claims["aud"], f"{issuer}:sub": claims.get("sub", "")},
    }
    policies = {} if role is None else {"resource": {"trust policy": role.assume_role_policy_document}}
    if role is None or EVALUATOR.denial(request, policies) is not None:
        raise STSClientError("AccessDenied", f"Not authorized to perform {ACTION}")


@replaces(
    TokenResponse,
    "assume_role_with_web_identity",
    "sts",
    "AssumeRoleWithWebIdentity",
    "assumes every role, also one that does not exist or does not trust the token",
)
def assume_role_with_web_identity(original: Callable, self: TokenResponse) -> Any:
    check(self._get_param("RoleArn"), claims_of(self._get_param("WebIdentityToken") or ""))
    return original(self)
