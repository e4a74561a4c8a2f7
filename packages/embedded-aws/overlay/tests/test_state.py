"""The state is saved while other threads change it."""

from __future__ import annotations

import tempfile
import threading
import unittest
from pathlib import Path

from moto.sqs.models import sqs_backends

from overlay import state

REGION = "us-east-1"
ACCOUNT = "123456789012"


class Saving(unittest.TestCase):
    def setUp(self) -> None:
        self.backend = sqs_backends[ACCOUNT][REGION]
        self.backend.changing = {number: str(number) for number in range(200_000)}
        self.addCleanup(lambda: delattr(self.backend, "changing"))

    def test_is_of_one_moment_although_data_changes_all_the_time(self) -> None:
        ended = threading.Event()

        def change() -> None:
            # Another thread runs during each wait, as during a request's for its connection.
            while not ended.wait(0.0001):
                self.backend.changing[len(self.backend.changing)] = "more"

        threads = [threading.Thread(target=change) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder, "emulator.state")
                for _ in range(5):
                    self.assertEqual(state.save(file), file.stat().st_size)
        finally:
            ended.set()
            for thread in threads:
                thread.join()


if __name__ == "__main__":
    unittest.main()
