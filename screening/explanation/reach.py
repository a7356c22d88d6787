"""Which sections a rule reads, through scores, lists and gates: what must print "not shared" without them."""

from collections.abc import Iterable

from screening.engine import Definition, Question, facts_of


def sections_of(definition: Definition, keys: Iterable[str]) -> frozenset[str]:
    """Return every section that these facts could be read from.

    A score reaches to its items and its date, and every question to the questions its gates name,
    because whether it was asked at all tells how those were answered.
    """
    reached: set[str] = set()
    seen: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        score = _scores(definition).get(key)
        if score is not None:
            waiting.extend(score)
            continue
        reached.add(definition.section_of(key).key)
        waiting.extend(_gates(definition.question(key)))
    return frozenset(reached)


def sections_of_question(definition: Definition, key: str) -> frozenset[str]:
    """Return the question's own section and those its gates name."""
    return sections_of(definition, [key])


def sections_of_score(definition: Definition, key: str) -> frozenset[str]:
    """Return the sections of a score's items and date."""
    return sections_of(definition, [key])


def sections_of_indication(definition: Definition, key: str) -> frozenset[str]:
    """Return every section an outcome could be read from; the scope's too, where there is one."""
    facts = [fact for criterion in definition.indication(key).criteria for fact in facts_of(criterion.when)]
    if definition.scope is not None:
        facts.extend(facts_of(definition.scope.when))
    return sections_of(definition, facts)


def sections_of_consideration(definition: Definition, key: str) -> frozenset[str]:
    """Return every section a consideration could be read from."""
    consideration = definition.consideration(key)
    facts = list(facts_of(consideration.when))
    if consideration.unless is not None:
        facts.extend(facts_of(consideration.unless))
    return sections_of(definition, facts)


def _scores(definition: Definition) -> dict[str, tuple[str, ...]]:
    return {
        score.key: (*score.of, *([score.dated_by] if score.dated_by else [])) for score in definition.scores
    }


def _gates(question: Question) -> tuple[str, ...]:
    return facts_of(question.shown_when) if question.shown_when is not None else ()
