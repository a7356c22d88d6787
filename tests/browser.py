"""The browser that the journeys drive: found, or installed where the system lets us."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "No Chromium was found, so the browser journeys are skipped. Install chromium, or name one in CHROMIUM."
)


def found() -> str | None:
    """Return the path of an installed Chromium or Chrome."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    return on_path or (str(MACOS) if MACOS.exists() else None)


def is_required() -> bool:
    """Return whether a missing browser is a failure: it is where a machine checks, not a person."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def flags() -> list[str]:
    """Return Chromium's flags; root can't use its sandbox."""
    return [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def install() -> None:
    """Install Chromium where the system's package manager may be used."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return
    sys.stdout.write("Installing Chromium for the browser journeys.\n")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            [apt, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.stdout.write(f"That did not work: {done.stderr.strip().splitlines()[-1:]}\n")
            return


def main() -> int:
    """Make sure of a browser; 1 where one is required and can't be had."""
    if not found():
        install()
    if found():
        return 0
    sys.stdout.write(f"{MISSING}\n")
    return 1 if is_required() else 0


if __name__ == "__main__":
    sys.exit(main())
