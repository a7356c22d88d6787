"""The other product in a process of its own, for as long as we measure."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql

from bench.measuring import Case, Elsewhere
from tests import databases

ROOT = Path(__file__).resolve().parent.parent.parent
# What both products can be asked for; it keeps no single answer as it is given, and has no rules to evaluate.
COMMON = ("bare view", "section page, 12 questions", "section page, 60 questions", "save of 60 answers")

SECONDS_TO_END = 30


class Broken(Exception):
    """The other product's process ended, or answered with something else than it was asked for."""


@dataclass(slots=True)
class Peer:
    """The process, which times one case for each name that it is told."""

    process: subprocess.Popen[str]

    def cases(self) -> list[Case]:
        """Return its cases, to take turns with ours."""
        return [Case(f"{NAME}: {name}", self._ready(name)) for name in COMMON]

    def _ready(self, name: str) -> Callable[[], Callable[[], Elsewhere]]:
        return lambda: lambda: Elsewhere(self.ask(name))

    def ask(self, name: str) -> float:
        """Return the seconds that the named case took there."""
        self.tell(name)
        answer = self.hear()
        if not isinstance(answer, float):
            raise Broken(f"{name}: {answer}")
        return answer

    def tell(self, line: str) -> None:
        """Send one line."""
        if self.process.stdin is None:
            raise Broken("It can't be told anything.")
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def hear(self) -> object:
        """Wait for one line, and return what it says."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise Broken("Its process ended: what it said stands above.")
        answer: object = json.loads(line)
        return answer


NAME = "django-survey-and-report"


@contextmanager
def running(python: Path, server: databases.Server, name: str) -> Iterator[Peer]:
    """Start it on an empty database of that name, which is dropped when it has ended."""
    with server.connect("postgres") as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    process = subprocess.Popen(
        [python, "-m", "bench.peer.worker"],
        cwd=ROOT,
        env={},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    peer = Peer(process)
    try:
        peer.tell(json.dumps(_owners_settings(server, name)))
        if peer.hear() != "ready":
            raise Broken("It didn't get ready.")
        yield peer
    finally:
        _end(process)
        databases.drop(server, name)


def _end(process: subprocess.Popen[str]) -> None:
    """End it as it is meant to, by the end of its input, or else outright."""
    with suppress(BrokenPipeError):
        if process.stdin is not None:
            process.stdin.close()
    try:
        process.wait(timeout=SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _owners_settings(server: databases.Server, name: str) -> dict[str, object]:
    """Return how Django reaches the database as its owner: the other product has one role for everything."""
    owner = databases.Server(app=server.owner, owner=server.owner)
    found = owner.app_settings(name)
    return {key: found[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "CONN_MAX_AGE")}
