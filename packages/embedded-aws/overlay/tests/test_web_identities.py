"""Roles that web identities may assume or not."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

from botocore.exceptions import ClientError

from .test_overlay import ACCOUNT, WithServer

ISSUER = "app.terraform.io"
SUBJECT = "organization:acme:project:video:workspace:network:run_phase"


def token(**claims: Any) -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    now = int(time.time())
    defaults = {"iss": f"https://{ISSUER}", "aud": "aws.workload.identity", "sub": f"{SUBJECT}:plan", "exp": now + 60}
    return f"{part({'alg': 'RS256'})}.{part({**defaults, **claims})}.signature"


class WebIdentities(WithServer):
    def setUp(self) -> None:
        iam = self.server.client("iam")
        providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        if not providers:
            iam.create_open_id_connect_provider(Url=f"https://{ISSUER}", ClientIDList=["aws.workload.identity"])
            trust = {
                "Effect": "Allow",
                "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {f"{ISSUER}:sub": f"{SUBJECT}:plan"}},
            }
            document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
            iam.create_role(RoleName="plan", AssumeRolePolicyDocument=document)

    def assume(self, role: str = "plan", **claims: Any) -> str:
        arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
        sts = self.server.client("sts")
        try:
            sts.assume_role_with_web_identity(RoleArn=arn, RoleSessionName="run", WebIdentityToken=token(**claims))
        except ClientError as error:
            return error.response["Error"]["Code"]
        return "assumed"

    def test_a_token_that_the_role_trusts(self) -> None:
        self.assertEqual(self.assume(), "assumed")

    def test_a_subject_that_the_role_does_not_trust(self) -> None:
        self.assertEqual(self.assume(sub=f"{SUBJECT}:apply"), "AccessDenied")

    def test_a_role_that_does_not_exist(self) -> None:
        self.assertEqual(self.assume("none"), "AccessDenied")

    def test_another_audience(self) -> None:
        self.assertEqual(self.assume(aud="sts.amazonaws.com"), "InvalidIdentityToken")

    def test_an_issuer_that_the_account_does_not_know(self) -> None:
        self.assertEqual(self.assume(iss="https://token.actions.githubusercontent.com"), "InvalidIdentityToken")

    def test_a_token_that_expired(self) -> None:
        self.assertEqual(self.assume(exp=int(time.time()) - 1), "ExpiredTokenException")
