"""Definition <-> JSON: parsing a document with every problem found, rendering it, and its hash."""

from __future__ import annotations

from screening.engine.definition import Definition
from screening.engine.fields import Fields
from screening.engine.json_text import JsonError, canonical, digest, faults, load
from screening.engine.problems import DocumentProblems, Problem
from screening.engine.question_document import QuestionReader, fact_keys, read_choice_sets
from screening.engine.rendering import render
from screening.engine.rule_document import RuleReader, read_instruments, read_sources

__all__ = ["MOST_BYTES", "canonical", "digest", "parse", "parse_text", "render"]

SCHEMA = 1
MOST_BYTES = 1_000_000
WIDEST_LIST = 1_000

DOCUMENT_KEYS = (
    "schema", "key", "title", "intended_use", "scope", "instruments", "choice_sets", "sections", "scores",
    "indications", "considerations", "sources", "vignettes",
)  # fmt: skip


def parse_text(text: str | bytes) -> Definition:
    """The definition in a JSON text; raises DocumentProblems with every problem."""
    if len(text) > MOST_BYTES or len(text if isinstance(text, bytes) else _encoded(text)) > MOST_BYTES:
        raise DocumentProblems([Problem("", "The document is larger than 1 MB.")])
    try:
        document = load(text)
    except JsonError as error:
        raise DocumentProblems([Problem("", str(error))]) from error
    return parse(document)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def parse(document: object) -> Definition:
    """The definition in a JSON value; raises DocumentProblems with every problem and its place."""
    problems = faults(document, WIDEST_LIST)
    fields = Fields(document, "", problems, DOCUMENT_KEYS)
    if fields.readable:
        definition = _read(fields)
    if problems:
        raise DocumentProblems(_each_once(problems))
    if len(canonical(document).encode()) > MOST_BYTES:
        raise DocumentProblems([Problem("", "The document is larger than 1 MB.")])
    return definition


def _each_once(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _read(fields: Fields) -> Definition:
    problems = fields.problems
    fields.whole("schema", SCHEMA, SCHEMA, must=True)
    instruments = read_instruments(fields)
    sources = read_sources(fields)
    sets = read_choice_sets(fields)
    every = dict(fact_keys(fields.values))
    reader = QuestionReader(sets, frozenset(i.key for i in instruments), every, problems)
    sections = reader.sections(fields)
    rules = RuleReader(reader, frozenset(s.key for s in sources), problems)
    scores = rules.scores(fields)
    return Definition(
        schema=SCHEMA,
        key=fields.key(),
        title=fields.text("title"),
        intended_use=fields.text("intended_use"),
        scope=rules.scope(fields),
        instruments=instruments,
        choice_sets=sets,
        sections=sections,
        scores=scores,
        indications=rules.indications(fields),
        considerations=rules.considerations(fields),
        sources=sources,
        vignettes=rules.vignettes(fields),
        hash="" if problems else digest(fields.values),
    )
