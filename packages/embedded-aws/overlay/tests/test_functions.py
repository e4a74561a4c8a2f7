"""Invocations, which a server beside the overlay runs."""

from __future__ import annotations

import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, List, Optional, Tuple

from botocore.exceptions import ClientError

from .test_overlay import ACCOUNT, WithServer

REFUSED = "lambda Invoke can't run in this embedded AWS: "


class Runner(BaseHTTPRequestHandler):
    """Answers with what it was asked, as the error of a function."""

    asked: List[Tuple[str, Optional[str], Any]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.path, self.headers["X-Amz-Invocation-Type"], json.loads(body)))
        content = b'{"errorType":"Error"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Amz-Function-Error", "Unhandled")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: Any) -> None:
        pass


class Functions(WithServer):
    def run_by(self, url: Optional[str]) -> None:
        to = f"{self.server.endpoint}/moto-api/overlay/functions"
        request = urllib.request.Request(to, json.dumps({"url": url}).encode(), method="PUT")
        urllib.request.urlopen(request).close()

    def refusal(self) -> str:
        with self.assertRaises(ClientError) as refused:
            self.server.client("lambda").invoke(FunctionName="f", Payload=b"{}")
        self.assertEqual(refused.exception.response["ResponseMetadata"]["HTTPStatusCode"], 501)
        return refused.exception.response["Error"]["Message"]

    def test_an_invocation_is_sent_to_the_server_of_the_functions_while_there_is_one(self) -> None:
        self.assertEqual(self.refusal(), f"{REFUSED}no server for functions is started")
        runner = HTTPServer(("127.0.0.1", 0), Runner)
        threading.Thread(target=runner.serve_forever, daemon=True).start()
        self.run_by(f"http://127.0.0.1:{runner.server_port}")
        arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"
        answer = self.server.client("lambda").invoke(
            FunctionName=arn, Qualifier="7", InvocationType="RequestResponse", Payload=b'{"a": 1}'
        )
        self.assertEqual(answer["FunctionError"], "Unhandled")
        self.assertEqual(json.loads(answer["Payload"].read()), {"errorType": "Error"})
        encoded = arn.replace(":", "%3A")
        path = f"/2015-03-31/functions/{encoded}/invocations?Qualifier=7"
        self.assertEqual(Runner.asked, [(path, "RequestResponse", {"a": 1})])

        runner.shutdown()
        runner.server_close()
        self.assertIn(f"{REFUSED}the server for functions at 127.0.0.1:", self.refusal())
        self.run_by(None)
        self.assertEqual(self.refusal(), f"{REFUSED}no server for functions is started")
