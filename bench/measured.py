"""Runs a command and writes its cost to file descriptor 3: wall seconds, CPU seconds and the largest process's
memory in MiB, of it and all descendants that were waited for. Works alike on Linux and macOS, and takes no part itself.
"""

import json
import os
import resource
import subprocess
import sys
import time

began = time.monotonic()
code = subprocess.call(sys.argv[1:])
wall = time.monotonic() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 2**20 if sys.platform == "darwin" else 2**10  # bytes there, KiB elsewhere
figures = {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "rss": used.ru_maxrss / unit}
os.write(3, json.dumps(figures).encode())
sys.exit(code if code >= 0 else 128 - code)
