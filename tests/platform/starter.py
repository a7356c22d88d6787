"""Starts PostgreSQL on a folder, says where, and waits to be ended: `FOLDER [FOLDER OF PROGRAMS]`."""

import signal
import sys
import time
from pathlib import Path

from config.local_postgres import Problem, programs, running


def main(folder: str, own_programs: str = "") -> None:
    """Serve the folder for as long as the test wants."""
    # A run in the background hands down an ignored SIGINT; the terminal of whoever presses Ctrl-C doesn't.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    found = programs.at(Path(own_programs)) if own_programs else None
    try:
        with running(Path(folder), found=found) as server:
            sys.stdout.write(f"{server.socket_folder} {server.process and server.process.pid}\n")
            sys.stdout.flush()
            time.sleep(120)
    except Problem as problem:
        sys.exit(f"{problem}")
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
