"""The local PostgreSQL as a command: `find`, `keep FOLDER`, `stop FOLDER`."""

import sys
from pathlib import Path

from config.local_postgres import programs, server, shared
from config.local_postgres.problem import Problem


def main(arguments: list[str]) -> int:
    """Do what the first word says; 0 done, 1 not, 2 not understood."""
    try:
        match arguments:
            case ["find"]:
                return 0 if any(programs.system()) else 1
            case ["keep", folder]:
                shared.keep(Path(folder))
            case ["stop", folder]:
                server.stop_leftover(Path(folder))
            case _:
                return 2
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
