"""The engine as a command: evaluate answers, check a definition, or compare with cases kept as files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from screening.engine.answer_sets import evaluate_set
from screening.engine.checks import check
from screening.engine.conformance import cases_in, differences_of, found_by_us
from screening.engine.definition import Definition
from screening.engine.document import MOST_BYTES, parse_text
from screening.engine.json_text import JsonError, canonical, load
from screening.engine.problems import AnswerProblems, Problem, ProblemsError
from screening.engine.values import day

DONE, FOUND_PROBLEMS, BAD_FILE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 done, 1 check found problems, 2 a bad file."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "conform":
            return _conform(options.cases, options.found)
        definition = parse_text(_bytes_of(options.definition, MOST_BYTES))
        if options.command == "check":
            return _check(definition)
        _print(_evaluated(definition, load(_bytes_of(options.answers)), options.as_of))
    except ProblemsError as error:
        return _refuse(error.problems)
    except JsonError as error:
        return _refuse([Problem("", str(error))])
    except OSError as error:
        return _refuse([Problem("", f"{error.filename}: {error.strerror}.")])
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m screening.engine", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    evaluating = commands.add_parser("evaluate", help="print the findings of an answer set, or a list")
    evaluating.add_argument("definition", type=Path, metavar="DEFINITION.json")
    evaluating.add_argument("answers", type=Path, metavar="ANSWERS.json")
    evaluating.add_argument("--as-of", type=_day, metavar="DATE", help="YYYY-MM-DD, instead of the file's")
    checking = commands.add_parser("check", help="print what must be put right before publishing")
    checking.add_argument("definition", type=Path, metavar="DEFINITION.json")
    conforming = commands.add_parser("conform", help="compare findings with cases kept as files")
    conforming.add_argument("cases", type=Path, metavar="DIR")
    conforming.add_argument(
        "--found", type=Path, metavar="DIR", help="another engine's findings: a list in DIR/CASE.json"
    )
    return parser


def _day(text: str) -> date:
    found = day(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day that exists, written YYYY-MM-DD")
    return found


def _bytes_of(path: Path, most: int | None = None) -> bytes:
    """The bytes of a file; of one that is too large, only enough to see that it is."""
    with path.open("rb") as file:
        return file.read() if most is None else file.read(most + 1)


def _evaluated(definition: Definition, answers: object, as_of: date | None) -> object:
    if isinstance(answers, list):
        return [_one_of_many(definition, answer_set, as_of) for answer_set in answers]
    return evaluate_set(definition, answers, as_of).as_document()


def _one_of_many(definition: Definition, answer_set: object, as_of: date | None) -> object:
    try:
        return evaluate_set(definition, answer_set, as_of).as_document()
    except AnswerProblems as error:
        return _as_document(error.problems)


def _check(definition: Definition) -> int:
    found = check(definition)
    wrong = [problem for problem in found if not problem.warning]
    warnings = [problem for problem in found if problem.warning]
    _print({**_as_document(wrong), "warnings": [warning.as_document() for warning in warnings]})
    return FOUND_PROBLEMS if wrong else DONE


def _conform(folder: Path, found: Path | None) -> int:
    agree, differ = [], []
    for case in cases_in(folder):
        findings = load(_bytes_of(found / f"{case.name}.json")) if found else found_by_us(case)
        differences = differences_of(case, findings)
        if differences:
            told = [difference.as_document() for difference in differences]
            differ.append({"case": case.name, "differences": told})
        else:
            agree.append(case.name)
    _print({"agree": agree, "differ": differ})
    return FOUND_PROBLEMS if differ else DONE


def _as_document(problems: Iterable[Problem]) -> dict[str, object]:
    return {"problems": [problem.as_document() for problem in problems]}


def _print(document: object) -> None:
    sys.stdout.buffer.write(canonical(document).encode() + b"\n")
    sys.stdout.buffer.flush()


def _refuse(problems: Iterable[Problem]) -> int:
    sys.stderr.buffer.write(canonical(_as_document(problems)).encode() + b"\n")
    sys.stderr.buffer.flush()
    return BAD_FILE


if __name__ == "__main__":
    sys.exit(main())
