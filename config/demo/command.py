"""`manage.py demo`: PostgreSQL, database, invented people, server; all of it stops with Ctrl-C."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from urllib.error import URLError
from urllib.request import urlopen

from config import local_postgres
from config.demo import secrets
from config.local_postgres import Problem, Server
from config.local_postgres.account import dies_with

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
SECONDS_TO_SERVE = 60


def main(words: list[str]) -> int:
    """Serve the demonstration until it is interrupted; 0 when it was, 1 when something is in the way."""
    options = _options(words)
    # Ctrl-C too: a shell that starts us in the background has it ignored.
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    try:
        _serve(options.data.absolute(), options.port)
    except Problem as problem:
        say(f"{problem}", to=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped. The data is kept; make demo goes on with it.")
    return 0


def say(words: str, to: TextIO | None = None) -> None:
    """Print a line at once: the next step may take a while."""
    stream = to or sys.stdout
    stream.write(f"{words}\n")
    stream.flush()


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="where it serves on this computer")
    parser.add_argument(
        "--data", type=Path, default=ROOT / "build/demo", help="the folder that keeps its data"
    )
    return parser.parse_args(words)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _serve(data: Path, port: int) -> None:
    """Do one step after the other, saying which."""
    say("Warm Handoff, the demonstration. Everyone in it is invented.")
    _refuse_a_taken_port(port)
    kept = secrets.kept_in(data)
    with _database(data) as (app, owner, is_ours):
        _settle(data, kept, app, owner)
        from config.demo import database

        database.prepare(owner, is_ours=is_ours, say=say)
        with _gunicorn(port) as gunicorn, _worker(port) as worker:
            say(f"Serving on http://{HOST}:{port} (sign in with one click). Ctrl-C stops it.")
            _watch(gunicorn, worker, is_ours)


def _refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise Problem(f"Port {port} can't be used ({error}). Take another: make demo PORT=8001") from None


@contextmanager
def _database(data: Path) -> Iterator[tuple[str, str, Server | None]]:
    """Yield the app's and the owner's address, and the server if it is one of our own."""
    app, owner = os.environ.get("DATABASE_URL", ""), os.environ.get("OWNER_DATABASE_URL", "")
    if app and owner:
        say("Using the PostgreSQL of DATABASE_URL.")
        yield app, owner, None
    elif app or owner:
        raise Problem("Set both DATABASE_URL and OWNER_DATABASE_URL, or neither.")
    else:
        say(f"Starting PostgreSQL; its data is in {_shown(data)}.")
        with local_postgres.running(data) as server:
            yield server.address(local_postgres.APP), server.address(local_postgres.OWNER), server


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _settle(data: Path, kept: secrets.Secrets, app: str, owner: str) -> None:
    """Set what the product reads from its environment: the demonstration decides all of it."""
    os.environ.update(
        {
            "WARM_HANDOFF_DEMO": "yes",
            "SECRET_KEY": kept.secret_key,
            "MASTER_KEYS": kept.master_keys,
            "DATABASE_URL": app,
            "OWNER_DATABASE_URL": owner,
            "STATIC_ROOT": str(data / "static"),
            # Nobody in the demonstration has a mailbox.
            "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        }
    )
    import django

    django.setup()


@contextmanager
def _gunicorn(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve as in production, on this computer alone."""
    words = ["-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]
    with _child(words, port) as process:
        _wait_until_ready(process, port)
        yield process


@contextmanager
def _worker(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the worker beside it: what was deferred, and notices each minute."""
    with _child(["manage.py", "work"], port) as process:
        yield process


@contextmanager
def _child(words: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run Python with these words, without the owner's address; it ends with us, however we end."""
    environment = {name: value for name, value in os.environ.items() if name != "OWNER_DATABASE_URL"}
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment
        | {
            "BIND": f"{HOST}:{port}",
            "PUBLIC_ADDRESS": f"http://{HOST}:{port}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=dies_with(os.getpid()),
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_SERVE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"http://{HOST}:{port}/healthz/ready", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise Problem("The server did not start: what it says stands above.")


def _watch(gunicorn: subprocess.Popen[bytes], worker: subprocess.Popen[bytes], server: Server | None) -> None:
    """Return never while all live; say so when one of them ends by itself."""
    while gunicorn.poll() is None:
        if worker.poll() is not None:
            raise Problem("The worker has stopped: what it said stands above.")
        if server and server.process and server.process.poll() is not None:
            raise Problem("PostgreSQL has stopped: see postgresql.log in the data folder.")
        time.sleep(0.5)
    raise Problem("The server has stopped: what it said stands above.")
