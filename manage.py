#!/usr/bin/env python
"""Django's command line for Warm Handoff, and `demo`, which sets up all that Django needs first."""

import os
import sys


def main() -> int:
    """Run the named command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["demo"]:
        from config.demo import command

        return command.main(sys.argv[2:])
    from django.core.management import execute_from_command_line

    from config import logs

    logs.begin()

    execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
