"""`python3 -m overlay --host 127.0.0.1 --port 5000 [--state-file FILE]`, or `--list`."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from . import registry, services  # noqa: F401 -- importing the services replaces functions of moto
from .server import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="overlay", description="moto's server with its gaps filled")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--state-file", type=Path, help="read at the start, written at the end and at checkpoints")
    parser.add_argument("--list", action="store_true", help="print what the overlay replaces, and why")
    options = parser.parse_args()
    if options.list:
        for entry in sorted(registry.ENTRIES, key=lambda entry: (entry.service, entry.action)):
            print(f"{entry.service}\t{entry.action}\t{entry.moto}")
        return
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    serve(options.host, options.port, options.state_file)


if __name__ == "__main__":
    main()
