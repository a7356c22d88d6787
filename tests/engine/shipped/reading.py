"""What the shipped rules read."""

from collections.abc import Sequence
from typing import Any

from screening.engine import Comparison, Count, facts_of
from screening.engine.conditions import walk
from tests.engine.shipped.documents import definition


def read_facts() -> set[str]:
    """Every fact that a rule, a score, a date or a gate of such a fact reads, directly or through others."""
    shipped = definition()
    rules = [c.when for i in shipped.indications for c in i.criteria]
    rules += [shipped.scope.when] if shipped.scope else []
    for consideration in shipped.considerations:
        rules += [consideration.when, *([consideration.unless] if consideration.unless else [])]
    todo = [key for rule in rules for key in facts_of(rule)]
    todo += [key for rule in rules for key in _facts_in_entries(rule)]
    seen: set[str] = set()
    scores = {score.key: score for score in shipped.scores}
    while todo:
        key = todo.pop()
        if key in seen:
            continue
        seen.add(key)
        if key in scores:
            todo += [*scores[key].of, *([scores[key].dated_by] if scores[key].dated_by else [])]
        elif gate := shipped.question(key).shown_when:
            todo += facts_of(gate)
    return seen


def _facts_in_entries(rule: Any) -> Sequence[str]:
    counts = [node for node in walk(rule) if isinstance(node, Count)]
    inner = [node for count in counts for node in walk(count.where) if isinstance(node, Comparison)]
    return [*(node.fact for node in inner), *(c.distinct_by for c in counts if c.distinct_by)]
