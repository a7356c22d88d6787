"""Writing a definition back as the JSON it was read from."""

from __future__ import annotations

from screening.engine.condition_document import render_condition
from screening.engine.definition import (
    Choice,
    Consideration,
    Criterion,
    Definition,
    Indication,
    Instrument,
    Note,
    Question,
    Score,
    Section,
    Source,
    Vignette,
)
from screening.engine.question_document import NOT_KNOWN, TEXTS
from screening.engine.rule_document import INSTRUMENT_TEXTS, PROVIDER_JUDGES
from screening.engine.values import plain


def render(definition: Definition) -> dict[str, object]:
    """The document of a definition, as it was written: `parse(render(d)) == d`."""
    rendered: dict[str, object] = {
        "schema": definition.schema,
        "key": definition.key,
        "title": definition.title,
        "intended_use": definition.intended_use,
        "instruments": [_instrument(instrument) for instrument in definition.instruments],
        "choice_sets": {name: _choices(choices) for name, choices in definition.choice_sets.items()},
        "sections": [_section(section) for section in definition.sections],
        "scores": [_score(score) for score in definition.scores],
        "indications": [_indication(indication) for indication in definition.indications],
        "considerations": [_consideration(c) for c in definition.considerations],
        "sources": [_source(source) for source in definition.sources],
        "vignettes": [_vignette(vignette) for vignette in definition.vignettes],
    }
    if definition.scope is not None:
        rendered["scope"] = {
            "statement": definition.scope.statement,
            "when": render_condition(definition.scope.when),
        }
    return rendered


def _choices(choices: tuple[Choice, ...]) -> list[dict[str, object]]:
    """A choice set as JSON."""
    return [
        _without_none(
            key=choice.key,
            label=choice.label,
            points=None if choice.points is None else plain(choice.points),
            loinc=choice.loinc,
            identifies=choice.identifies if not choice.identifies or "identifies" in choice.stated else None,
        )
        for choice in choices
    ]


def _section(section: Section) -> dict[str, object]:
    """A section with its questions as JSON."""
    return {
        **_without_none(
            key=section.key,
            title=section.title,
            help=section.help,
            shown_when=section.shown_when and render_condition(section.shown_when),
            sensitive=_flag("sensitive", section.sensitive, section.stated),
            always_shared=_flag("always_shared", section.always_shared, section.stated),
        ),
        "questions": [_question(question) for question in section.questions],
    }


def _question(question: Question) -> dict[str, object]:
    stated = question.stated
    texts = {name: getattr(question, name) for name in TEXTS}
    return _without_none(
        key=question.key,
        kind=question.kind.value,
        text=question.text,
        **texts,
        choices=question.choice_set,
        minimum=None if question.minimum is None else plain(question.minimum),
        maximum=None if question.maximum is None else plain(question.maximum),
        decimals=question.decimals if question.decimals or "decimals" in stated else None,
        shown_when=question.own_shown_when and render_condition(question.own_shown_when),
        when_hidden=dict(NOT_KNOWN) if question.hidden_is_unknown else None,
        optional=_flag("optional", question.optional, stated),
        self_report=_flag("self_report", question.self_report, stated),
        grid=question.grid,
        entry=[_question(inner) for inner in question.entry] or None,
    )


def _flag(name: str, value: bool, stated: tuple[str, ...]) -> bool | None:
    """A flag that is false by default, as written: None where it is left out."""
    return value if value or name in stated else None


def _without_none(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _score(score: Score) -> dict[str, object]:
    bands = score.bands
    return _without_none(
        key=score.key,
        title=score.title,
        kind=score.kind.value,
        of=list(score.of),
        max_age_days=score.max_age_days,
        dated_by=score.dated_by,
        bands=None if bands is None else [{"from": plain(b.start), "label": b.label} for b in bands],
    )


def _instrument(instrument: Instrument) -> dict[str, object]:
    texts = {name: getattr(instrument, name) for name in INSTRUMENT_TEXTS}
    return {
        "key": instrument.key,
        "title": instrument.title,
        **texts,
        "permission": instrument.permission,
    }


def _indication(indication: Indication) -> dict[str, object]:
    return {
        "key": indication.key,
        "title": indication.title,
        "notes": [_note(note) for note in indication.notes],
        "criteria": [_criterion(criterion) for criterion in indication.criteria],
    }


def _note(note: Note) -> dict[str, object]:
    return {"text": note.text, "sources": list(note.sources)}


def _criterion(criterion: Criterion) -> dict[str, object]:
    return _without_none(
        key=criterion.key,
        statement=criterion.statement,
        when=render_condition(criterion.when),
        basis=criterion.basis.value,
        sources=list(criterion.sources),
        if_not_met=PROVIDER_JUDGES if criterion.provider_judges else None,
    )


def _consideration(consideration: Consideration) -> dict[str, object]:
    stated = consideration.stated
    return _without_none(
        key=consideration.key,
        title=consideration.title,
        level=consideration.level.value,
        when=render_condition(consideration.when),
        unless=consideration.unless and render_condition(consideration.unless),
        modifiable=_flag("modifiable", consideration.modifiable, stated),
        blocks_sending=_flag("blocks_sending", consideration.blocks_sending, stated),
        guidance=consideration.guidance,
        sources=list(consideration.sources),
    )


def _source(source: Source) -> dict[str, object]:
    return {
        "key": source.key,
        "citation": source.citation,
        "supports": source.supports,
        "strength": source.strength,
        "read": source.read.value,
        "review_by": source.review_by.isoformat(),
    }


def _vignette(vignette: Vignette) -> dict[str, object]:
    return {
        "key": vignette.key,
        "title": vignette.title,
        "as_of": vignette.as_of.isoformat(),
        "answers": dict(vignette.answers),
        "expect": {
            "indications": {key: outcome.value for key, outcome in vignette.indications.items()},
            "considerations": {key: state.value for key, state in vignette.considerations.items()},
        },
    }
