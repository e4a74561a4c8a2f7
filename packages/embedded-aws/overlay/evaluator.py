"""IAM decisions by the project's one evaluator, packages/iam, which runs in a Node.js process."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path
from typing import Any, Dict, Optional

PACKAGE = Path(__file__).resolve().parents[1]
COMMAND = ["node", "--import", "tsx", str(PACKAGE / "permissions/evaluator-process.ts")]


class Evaluator:
    """The process: started by the first question, ended by the end of its input."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: Optional[subprocess.Popen] = None

    def denial(self, request: Dict[str, Any], policies: Dict[str, Dict[str, str]]) -> Optional[str]:
        """Why IAM denies a request; None if it allows it. The fields are those of `Question` in decision.ts."""
        question = json.dumps({"request": request, "policies": policies})
        with self.lock:
            process = self.running()
            process.stdin.write(f"{question}\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the evaluator of policies ended: {' '.join(COMMAND)}")
        return json.loads(answer)["denial"]

    def running(self) -> subprocess.Popen:
        if self.process is None or self.process.poll() is not None:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            # Of a session of its own: Ctrl-C must not end it before the server.
            self.process = subprocess.Popen(COMMAND, cwd=PACKAGE, text=True, start_new_session=True, **pipes)
        return self.process


EVALUATOR = Evaluator()
