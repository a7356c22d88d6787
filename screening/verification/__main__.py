"""The verifier as a command: what holds of a questionnaire's rules, and what changed in them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from screening.engine.document import MOST_BYTES, parse_text
from screening.engine.json_text import JsonError, canonical, load
from screening.engine.problems import Problem, ProblemsError
from screening.verification.proofs import SHIPPED, write_proof
from screening.verification.report import Report, State
from screening.verification.running import MEGABYTES, SECONDS, run

ALL_HOLDS, NOT_ALL_HOLDS, BAD_FILE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code.

    0: everything holds. 1: something doesn't, or isn't proved. 2: a bad file. Differences between two
    versions change no exit code, unless one of them is not proved.
    """
    options = _parser().parse_args(arguments)
    try:
        if options.write_proofs:
            return _code([write_proof(key) for key in SHIPPED])
        document = _document(options.definition)
        before = None if options.before is None else _document(options.before)
        report = run(document, before, seconds=options.seconds, megabytes=options.megabytes)
    except (ProblemsError, JsonError, OSError) as error:
        return _refuse(error)
    sys.stdout.buffer.write(canonical(report.to_json()).encode() + b"\n")
    sys.stdout.buffer.flush()
    return _code([report])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m screening.verification", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("definition", nargs="?", type=Path, metavar="DEFINITION.json")
    what.add_argument("--write-proofs", action="store_true", help="prove and keep the shipped questionnaires")
    parser.add_argument("--before", type=Path, metavar="OLD.json", help="the version to compare it with")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="in all (%(default)s)")
    parser.add_argument("--megabytes", type=int, default=MEGABYTES, help="of memory (%(default)s)")
    return parser


def _document(path: Path) -> object:
    """The JSON value in a file that is read as a definition; raises what is wrong with it."""
    with path.open("rb") as file:
        text = file.read(MOST_BYTES + 1)
    parse_text(text)
    return load(text)


def _code(reports: Sequence[Report]) -> int:
    unproved = [
        result for report in reports for result in report.differences if result.state is State.NOT_PROVED
    ]
    holds = not unproved and not any(report.wrong or report.not_proved for report in reports)
    return ALL_HOLDS if holds else NOT_ALL_HOLDS


def _refuse(error: Exception) -> int:
    match error:
        case ProblemsError(problems=problems):
            found = list(problems)
        case OSError(filename=filename, strerror=strerror):
            found = [Problem("", f"{filename}: {strerror}.")]
        case _:
            found = [Problem("", str(error))]
    text = canonical({"problems": [problem.as_document() for problem in found]})
    sys.stderr.buffer.write(text.encode() + b"\n")
    sys.stderr.buffer.flush()
    return BAD_FILE


if __name__ == "__main__":
    sys.exit(main())
