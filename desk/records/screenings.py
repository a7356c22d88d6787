"""Screenings with every answer, what was found in them and why, and what people said about it."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from desk.records.document import Fact, Item, Section, day_fact, fact, given, iso, moment_fact, name_of
from screening.catalog import verified_sources
from screening.engine import ConsiderationState, CriterionState, Level, Outcome
from screening.explanation import (
    ConsiderationRead,
    CriterionRead,
    FactRead,
    FactReader,
    IndicationRead,
    ScoreRead,
    SectionRead,
    explain,
)
from screening.models import (
    Acknowledgement,
    Client,
    Judgment,
    JudgmentView,
    QuestionnaireVersion,
    Screening,
    ScreeningState,
)
from screening.models.screenings import Part2
from screening.reading import AGE, Reading

Words = str | Promise

OUTCOMES: Mapping[str, Words] = {
    Outcome.INDICATORS_PRESENT: lazy("Indicators present"),
    Outcome.INDICATORS_NOT_PRESENT: lazy("Indicators not present"),
    Outcome.NOT_ENOUGH_INFORMATION: lazy("Not enough information"),
}
CRITERIA: Mapping[str, Words] = {
    CriterionState.MET: lazy("Met"),
    CriterionState.NOT_MET: lazy("Not met"),
    CriterionState.UNKNOWN: lazy("Unknown"),
    CriterionState.PROVIDER_JUDGES: lazy("Provider judges"),
}
CONSIDERATIONS: Mapping[str, Words] = {
    ConsiderationState.RAISED: lazy("Raised"),
    ConsiderationState.NOT_RAISED: lazy("Not raised"),
    ConsiderationState.NOT_ASSESSED: lazy("Not assessed"),
}
LEVELS: Mapping[str, Words] = {
    Level.URGENT: lazy("Urgent"),
    Level.DISCUSS: lazy("Discuss with the provider"),
    Level.INFORM: lazy("For information"),
}


def screenings_section(client: Client) -> Section:
    """Return every screening, the earliest first."""
    people = ("started_by", "completed_by", "set_aside_by", "safety_confirmed_by")
    rows = Screening.objects.filter(organization_id=client.organization_id, client=client)
    related = rows.select_related("client", "organization", "version", *people).defer("version__document")
    fetched = related.prefetch_related(
        "sections__saved_by",
        "signatures__by",
        "findings",
        Prefetch("judgments", Judgment.objects.select_related("by")),
        Prefetch("acknowledgements", _raised()),
    )
    verified = cache(verified_sources)
    items = tuple(
        _screening(_reading(screening, verified)) for screening in fetched.order_by("started_at", "pk")
    )
    about = _("Every questionnaire with all answers, also those not known, declined or not given.")
    return Section("screenings", _("Screenings"), about, items)


def _raised() -> QuerySet[Acknowledgement]:
    return Acknowledgement.objects.select_related("acknowledged_by", "raised_by").order_by("raised_at")


def _reading(screening: Screening, verified: Callable[[QuestionnaireVersion], frozenset[str]]) -> Reading:
    """Return a screening's reading with what was fetched for all of them at once."""
    reading = Reading(screening)
    known = vars(reading)
    known["judgments"] = {row.indication: row for row in screening.judgments.all()}
    known["acknowledgements"] = {row.consideration: row for row in screening.acknowledgements.all()}
    if screening.findings_text:
        known["explanation"] = explain(
            reading.definition,
            reading.answers,
            reading.findings,
            today=reading.today,
            verified=verified(screening.version),
        )
    return reading


def _screening(reading: Reading) -> Item:
    screening = reading.screening
    title = _("%(title)s, version %(number)d") % {
        "title": reading.definition.title,
        "number": screening.version.number,
    }
    parts = [_answers(reading, section) for section in reading.answered_sections]
    found = [*_found(reading)] if screening.findings_text else []
    return Item(
        kind="screening",
        title=title,
        facts=given(_facts(reading)),
        items=(*parts, *_kept(reading), *found, *_urgent(reading), *_judgments(reading)),
        id=str(screening.pk),
        at=iso(screening.started_at),
        stored=_stored(reading),
    )


def _facts(reading: Reading) -> Iterator[Fact]:
    screening = reading.screening
    yield fact("state", _("State"), ScreeningState(screening.state).label)
    yield moment_fact("started_at", _("Started"), screening.started_at, screening.started_by)
    yield moment_fact("completed_at", _("Completed"), screening.completed_at, screening.completed_by)
    yield day_fact("as_of", _("Answers as of"), screening.as_of)
    yield moment_fact(
        "safety_confirmed_at",
        _("Safety answers confirmed"),
        screening.safety_confirmed_at,
        screening.safety_confirmed_by,
    )
    for signature in screening.signatures.all():
        yield moment_fact("signed_at", _("Signed by the supervisor"), signature.at, signature.by)
    yield moment_fact("set_aside_at", _("Set aside"), screening.set_aside_at, screening.set_aside_by)
    yield fact("set_aside_reason", _("Why it was set aside"), screening.set_aside_reason)
    if screening.findings_text:
        explanation = reading.explanation
        yield fact("scope", _("Scope"), explanation.scope_statement, _scope(explanation.scope))


def _scope(scope: str) -> str:
    return {"met": _("Met"), "not_met": _("Not met")}.get(scope, _("Unknown"))


def _answers(reading: Reading, section: SectionRead) -> Item:
    row = reading.rows.get(section.key)
    facts = [_fact(each) for each in section.facts]
    if section.sensitive:
        said = Part2(row.part2).label if row is not None and row.part2 else ""
        facts.append(fact("part2", _("From a substance-use program (42 CFR Part 2)"), said))
    if row is not None:
        facts.append(moment_fact("saved_at", _("Last saved"), row.saved_at, row.saved_by))
    return Item("answers", section.title, tuple(facts), id=section.key)


def _fact(read: FactRead) -> Fact:
    rows = tuple(Item("row", entry.title, tuple(_fact(part) for part in entry.facts)) for entry in read.rows)
    return Fact(read.key, read.label, read.text, read.missing.value, read.detail, rows)


def _kept(reading: Reading) -> Iterator[Item]:
    """Yield what is stored and no longer asked, because another answer hides the question."""
    asked = {each.key for section in reading.answered_sections for each in section.facts}
    reader = FactReader(reading.definition, reading.answers, {})
    hidden = [key for key in reading.answers if key not in asked and key != AGE]
    if hidden:
        facts = tuple(_fact(reader.question(key)) for key in hidden)
        yield Item("not_asked", _("Answered before and no longer asked: no rule reads it"), facts)


def _found(reading: Reading) -> Iterator[Item]:
    explanation = reading.explanation
    yield from (_indication(each) for each in explanation.indications)
    if explanation.scores:
        yield Item("scores", _("Scores"), tuple(_score(each) for each in explanation.scores))
    if explanation.considerations:
        facts = tuple(_consideration(each) for each in explanation.considerations)
        yield Item("considerations", _("Considerations"), facts)


def _indication(read: IndicationRead) -> Item:
    facts = (
        fact("outcome", _("Outcome"), OUTCOMES[read.outcome], read.summary),
        *(_criterion(each) for each in read.criteria),
        *(fact("evidence", _("Evidence"), note.text) for note in read.notes),
    )
    return Item("indication", read.title, facts, id=read.key)


def _criterion(read: CriterionRead) -> Fact:
    because = "; ".join(f"{each.label}: {each.text or _missing(each)}" for each in read.facts)
    return fact(read.key, read.statement, CRITERIA[read.state], because)


def _missing(read: FactRead) -> str:
    words = {"not_answered": _("not answered"), "not_known": _("not known"), "declined": _("declined")}
    return words.get(read.missing.value, _("not asked"))


def _score(read: ScoreRead) -> Fact:
    return _fact(read.as_fact())


def _consideration(read: ConsiderationRead) -> Fact:
    because = "; ".join(f"{each.label}: {each.text or _missing(each)}" for each in read.facts)
    state = CONSIDERATIONS[read.state]
    raised = read.state is ConsiderationState.RAISED
    return fact(read.key, read.title, f"{state}. {LEVELS[read.level]}" if raised else state, because)


def _urgent(reading: Reading) -> Iterator[Item]:
    for row in reading.acknowledgements.values():
        title = reading.definition.consideration(row.consideration).title
        facts = given(_acknowledged(row))
        yield Item(
            "acknowledgement",
            _("Urgent: %(title)s") % {"title": title},
            facts,
            id=str(row.pk),
            at=iso(row.raised_at),
            stored={"consideration": row.consideration, "raised_by_answers": row.raised_by_answers},
        )


def _acknowledged(row: Acknowledgement) -> Iterator[Fact]:
    yield moment_fact("raised_at", _("Raised"), row.raised_at, row.raised_by)
    yield moment_fact("settled_at", _("Settled by the answers"), row.settled_at)
    yield moment_fact("acknowledged_at", _("Acknowledged"), row.acknowledged_at, row.acknowledged_by)
    yield moment_fact("happened_at", _("When it was acted on"), row.happened_at)
    yield fact("done", _("What was done"), row.done)
    yield fact("told", _("Who was told"), ", ".join(row.told or ()))


def _judgments(reading: Reading) -> Iterator[Item]:
    for row in reading.judgments.values():
        titles = {each.key: each.title for each in reading.definition.indications}
        yield _judgment(row, titles.get(row.indication, row.indication))


def _judgment(row: Judgment, title: str) -> Item:
    facts = given(
        (
            fact("view", _("View"), JudgmentView(row.view).label),
            fact("words", _("In words"), row.words),
            moment_fact("at", _("Recorded"), row.at, row.by),
        )
    )
    words = _("%(name)s’s own judgment: %(title)s") % {"name": name_of(row.by), "title": title}
    return Item("judgment", words, facts, id=str(row.pk), at=iso(row.at))


def _stored(reading: Reading) -> dict[str, Any]:
    """Return answers and findings as the engine reads and writes them."""
    screening = reading.screening
    return {
        "definition": screening.version.hash,
        "as_of": reading.as_of.isoformat(),
        "answers": {key: record.as_document() for key, record in reading.records.items()},
        "findings": json.loads(screening.findings_text) if screening.findings_text else None,
        "outcomes": {row.indication: row.outcome for row in screening.findings.all()},
        "replaces": str(screening.replaces_id or ""),
    }
