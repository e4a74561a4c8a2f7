"""Schedules: a thread checks them every second while the server runs."""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable, List

Source = Callable[[float, float], None]

INTERVAL_SECONDS = 1.0
SOURCES: List[Source] = []


def source(tick: Source) -> Source:
    """Registers a source of schedules, called with the start and end of an interval in seconds since 1970."""
    SOURCES.append(tick)
    return tick


def tick(since: float, now: float) -> None:
    for each in SOURCES:
        try:
            each(since, now)
        except Exception:  # one service's schedules must not stop another's
            logging.exception("a schedule failed")


class Clock:
    """Calls all sources until it is stopped."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, name="schedules", daemon=True)
        self.thread.start()

    def run(self) -> None:
        since = time.time()
        while not self.stopping.wait(INTERVAL_SECONDS):
            now = time.time()
            tick(since, now)
            since = now

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join()
