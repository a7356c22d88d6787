"""The command that proves the audit log: 0 it is sound, 1 something is wrong with it, 2 it can't be read."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from privacy.chain import Fault, Flaw
from privacy.heads import KeptHeads
from privacy.verification import ChainReport, verify_chains

BROKEN, CANNOT_RUN = 1, 2

SENTENCES = {
    Fault.CHANGED: "its content isn't what was sealed: it was changed",
    Fault.MISSING: "missing from the middle of the chain",
    Fault.FORKED: "it doesn't follow from the entry before it: the chain was forked or written anew",
    Fault.REWRITTEN: "not the entry that a kept head names: the chain was written anew",
    Fault.TAIL_MISSING: "missing from the end of the chain",
    Fault.REMOVED: "the whole chain is missing",
    Fault.HEAD_DIFFERS: "the chain's head row doesn't match its last entry",
    Fault.NOTES_DISAGREE: "two kept heads differ here: the chain was written anew, or restored, in between",
}


class Command(BaseCommand):
    """Read every chain in order, recompute every link, and hold the chains against heads kept elsewhere."""

    help = (
        "Prove the audit log. Exit 0: sound; 1: broken, each fault on a line of standard output; "
        "2: it could not be read. Without --heads a missing end, or a chain written anew, can't show."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the kept heads, and what to read."""
        parser.add_argument(
            "--heads",
            action="append",
            default=[],
            metavar="FILE",
            help="lines of the logger privacy.heads or of keep_heads, among others; - is standard input",
        )
        parser.add_argument("--chain", action="append", default=[], type=UUID, help="read this chain alone")
        parser.add_argument(
            "--since-head", action="store_true", help="read each chain from its furthest kept head on"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, report every fault, and end with the exit code."""
        if options["since_head"] and not options["heads"]:
            raise CommandError("--since-head needs --heads.", returncode=CANNOT_RUN)
        kept, began = self._read_heads(options["heads"]), time.monotonic()
        try:
            reports = verify_chains(
                kept, only=options["chain"], since_head=options["since_head"], progress=self._progress()
            )
        except DatabaseError as problem:
            raise CommandError(
                f"The audit log can't be read: {type(problem).__name__}.", returncode=CANNOT_RUN
            ) from problem
        for report in reports:
            for flaw in report.flaws:
                self.stdout.write(sentence(report, flaw))
        broken = sum(bool(report.flaws) for report in reports)
        entries, seconds = sum(report.entries for report in reports), time.monotonic() - began
        self.stderr.write(
            f"{entries} entries in {len(reports)} chains, {broken} broken, {seconds:.1f} seconds."
        )
        if broken:
            sys.exit(BROKEN)

    def _read_heads(self, names: list[str]) -> KeptHeads:
        kept = KeptHeads()
        for name in names:
            try:
                if name == "-":
                    found = kept.read(sys.stdin.buffer)
                else:
                    with Path(name).open("rb") as file:
                        found = kept.read(file)
            except OSError as problem:
                raise CommandError(
                    f"{name} can't be read: {problem.strerror}.", returncode=CANNOT_RUN
                ) from None
            if not found:
                raise CommandError(
                    f"{name} holds no line that says where a chain ends.", returncode=CANNOT_RUN
                )
        return kept

    def _progress(self) -> Any:
        read = 0

        def tell(more: int) -> None:
            nonlocal read
            read += more
            if read % 100_000 == 0:
                self.stderr.write(f"{read} entries read.")

        return tell


def sentence(report: ChainReport, flaw: Flaw) -> str:
    """Return a fault as one line: the chain, the number or numbers, and what is wrong."""
    if flaw.fault is Fault.MOVED and flaw.home is not None:
        what = f"it was moved here from number {flaw.home[1]} of chain {flaw.home[0]}"
    else:
        what = SENTENCES[flaw.fault]
    places = f"entries {flaw.number} to {flaw.until}" if flaw.until else f"entry {flaw.number}"
    return f"chain {report.chain}: {places}: {what}."
