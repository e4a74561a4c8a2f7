"""Presigned URLs that S3 would accept or refuse; boto3 signs them."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from datetime import timedelta
from typing import Any, Optional
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from moto.core.utils import utcnow
from moto.sts.models import sts_backends

from ..presigned import refusal_of
from ..role_calls import account
from .test_overlay import ACCOUNT, LAMBDA_TRUST, WithServer


def part_of(status: int, body: str) -> str:
    """The status, or the code of S3's error."""
    return str(status) if status < 400 else body.partition("<Code>")[2].partition("</Code>")[0]


class Presigned(WithServer):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.server.client("s3").create_bucket(Bucket="uploads")
        cls.server.client("iam").create_role(RoleName="signer", AssumeRolePolicyDocument=LAMBDA_TRUST)

    def session(self) -> Any:
        arn = f"arn:aws:iam::{ACCOUNT}:role/signer"
        return self.server.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]

    def s3(self, **changed: str) -> Any:
        """A client with the credentials of a role."""
        session = {**self.session(), **changed}
        return boto3.client(
            "s3",
            endpoint_url=self.server.endpoint,
            region_name="us-east-1",
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
            aws_access_key_id=session["AccessKeyId"],
            aws_secret_access_key=session["SecretAccessKey"],
            aws_session_token=session["SessionToken"],
        )

    def url(self, s3: Optional[Any] = None, seconds: int = 60, **more: Any) -> str:
        s3 = s3 or self.s3()
        upload = s3.create_multipart_upload(Bucket="uploads", Key="a/b c")["UploadId"]
        parameters = {"Bucket": "uploads", "Key": "a/b c", "UploadId": upload, "PartNumber": 1, **more}
        return s3.generate_presigned_url("upload_part", Params=parameters, ExpiresIn=seconds)

    def put(self, url: str, body: bytes = b"12345", method: str = "PUT") -> str:
        request = urllib.request.Request(url, body, {"Content-Type": "video/mp4"}, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return part_of(answer.status, "")
        except urllib.error.HTTPError as error:
            with error:
                return part_of(error.code, error.read().decode())

    def test_a_role_signs_the_upload_of_a_part(self) -> None:
        self.assertEqual(self.put(self.url()), "200")
        self.assertEqual(self.put(self.url(ContentLength=5)), "200")

    def test_only_for_that_part_method_key_and_length(self) -> None:
        self.assertEqual(self.put(self.url().replace("partNumber=1", "partNumber=2")), "SignatureDoesNotMatch")
        self.assertEqual(self.put(self.url(), method="POST"), "SignatureDoesNotMatch")
        self.assertEqual(self.put(self.url().replace("/a/", "/b/")), "SignatureDoesNotMatch")
        for body in (b"123456", b"1234"):
            self.assertEqual(self.put(self.url(ContentLength=5), body), "SignatureDoesNotMatch")

    def test_only_with_the_secret_and_the_token_of_the_key(self) -> None:
        self.assertEqual(self.put(self.url(self.s3(SecretAccessKey="another"))), "SignatureDoesNotMatch")
        self.assertEqual(self.put(self.url(self.s3(SessionToken="another"))), "InvalidToken")

    def test_only_until_it_expires(self) -> None:
        url = self.url(seconds=1)
        deadline = time.monotonic() + 30
        while self.put(url) == "200":
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.2)
        self.assertEqual(self.put(url), "AccessDenied")
        self.assertEqual(self.put(self.url(seconds=604_801)), "AuthorizationQueryParametersError")
        for wrong in (("X-Amz-Date", "X-Date"), ("SignedHeaders=host", "SignedHeaders=date"), ("Date=2", "Date=3")):
            self.assertEqual(self.put(self.url().replace(*wrong)), "AuthorizationQueryParametersError")

    def test_only_until_its_session_expires_however_long_the_url_lasts(self) -> None:
        # https://repost.aws/knowledge-center/presigned-url-s3-bucket-expiration
        # In this process: no session of the server is short enough for a test.
        arn = f"arn:aws:iam::{account()}:role/signer"
        session = sts_backends[account()]["aws"].assume_role("us-east-1", "test", arn, None, 900, None)
        keys = {
            "AccessKeyId": session.access_key_id,
            "SecretAccessKey": session.secret_access_key,
            "SessionToken": session.session_token,
        }
        parameters = {"Bucket": "uploads", "Key": "a", "UploadId": "u", "PartNumber": 1}
        url = urlsplit(self.s3(**keys).generate_presigned_url("upload_part", Params=parameters, ExpiresIn=3_600))
        request = {
            "REQUEST_METHOD": "PUT",
            "RAW_URI": f"{url.path}?{url.query}",
            "QUERY_STRING": url.query,
            "HTTP_HOST": url.netloc,
        }
        self.assertIsNone(refusal_of(request))
        session.expiration = utcnow() - timedelta(seconds=1)
        status, body = refusal_of(request)
        self.assertEqual((status, part_of(status, body)), (400, "ExpiredToken"))

    def test_a_user_signs_too(self) -> None:
        iam = self.server.client("iam")
        iam.create_user(UserName="person")
        key = iam.create_access_key(UserName="person")["AccessKey"]
        for secret, expected in ((key["SecretAccessKey"], "200"), ("another", "SignatureDoesNotMatch")):
            s3 = self.s3(AccessKeyId=key["AccessKeyId"], SecretAccessKey=secret, SessionToken=None)
            self.assertEqual(self.put(self.url(s3)), expected)
