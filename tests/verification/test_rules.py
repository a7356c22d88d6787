"""The digest of a questionnaire's rules: words leave it, rules change it."""

import pytest

from screening.engine import parse
from screening.verification import rules_digest
from tests.engine.documents import (
    consideration,
    criterion,
    document,
    indication,
    question,
    score,
    section,
)


def written():
    return document(
        section(question("q"), question("a", "one_choice", shown_when={"fact": "q", "is": True})),
        scores=[score("total", "a", bands=[{"from": 0, "label": "all"}])],
        indications=[indication(criterion({"fact": "total", "at_least": 2}))],
        considerations=[consideration({"fact": "q", "is": True})],
    )


WORDS = {
    "title": lambda d: d.update(title="Other"),
    "text of a question": lambda d: d["sections"][0]["questions"][0].update(text="Other", help="Help"),
    "label of a choice": lambda d: d["choice_sets"]["points"][0].update(label="Other"),
    "label of a band": lambda d: d["scores"][0]["bands"][0].update(label="Other"),
    "statement": lambda d: d["indications"][0]["criteria"][0].update(statement="Other"),
    "note": lambda d: d["indications"][0].update(notes=[{"text": "Note", "sources": []}]),
    "section": lambda d: d["sections"][0].update(key="other", title="Other"),
    "guidance": lambda d: d["considerations"][0].update(title="Other", guidance="Other"),
}
RULES = {
    "threshold": lambda d: d["indications"][0]["criteria"][0]["when"].update(at_least=3),
    "points": lambda d: d["choice_sets"]["points"][0].update(points=1),
    "gate": lambda d: d["sections"][0]["questions"][1].pop("shown_when"),
    "gate of a section": lambda d: d["sections"].append(
        section(question("later"), key="later", shown_when={"fact": "q", "is": True})
    ),
    "band": lambda d: d["scores"][0]["bands"][0].update({"from": 1}),
    "judges": lambda d: d["indications"][0]["criteria"][0].update(if_not_met="provider_judges"),
    "level": lambda d: d["considerations"][0].update(level="urgent"),
    "unless": lambda d: d["considerations"][0].update(unless={"fact": "q", "is": False}),
    "key": lambda d: d["considerations"][0].update(key="other"),
}


def digest_after(change):
    changed = written()
    change(changed)
    return rules_digest(parse(changed))


@pytest.mark.parametrize("change", WORDS.values(), ids=WORDS)
def test_a_changed_word_leaves_the_digest(change):
    assert digest_after(change) == rules_digest(parse(written()))


@pytest.mark.parametrize("change", RULES.values(), ids=RULES)
def test_a_changed_rule_changes_the_digest(change):
    assert digest_after(change) != rules_digest(parse(written()))
