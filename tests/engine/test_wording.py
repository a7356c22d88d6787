"""The words that a document of one's own may not use, and those of others that it quotes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from screening.engine import check, parse
from screening.engine.wording import own_texts
from tests.engine.documents import consideration, criterion, document, indication, question, score, section

SHIPPED = Path(__file__).resolve().parents[2] / "screening" / "questionnaires"
SCALE = {
    "key": "scale", "title": "Eligible", "version": None, "recall": None, "instruction": "Failed",
    "notice": "", "licence": None, "permission": True,
}  # fmt: skip
PAPER = {
    "key": "paper", "citation": "Suitable candidates. 2020", "supports": "The cut-off", "strength": "strong",
    "read": "yes", "review_by": "2027-11-01",
}  # fmt: skip
CHOSEN = {"own": [{"key": "a", "label": "Suitable"}], "theirs": [{"key": "a", "label": "Failed"}]}


def places(written: dict) -> list[str]:
    return [
        problem.place for problem in check(parse(written)) if "decide, advise or judge" in problem.problem
    ]


@pytest.mark.parametrize(
    ("place", "changed"),
    [
        ("title", {"title": "Who is eligible"}),
        ("intended_use", {"intended_use": "Says who is suitable."}),
        ("scope.statement", {"scope": {"statement": "Qualifies", "when": {"fact": "q", "is": True}}}),
        ("sections.0.title", {"sections": [{**section(question("q")), "title": "Excluded"}]}),
        ("sections.0.help", {"sections": [section(question("q"), help="Low risk of harm")]}),
        ("sections.0.questions.0.text", {"sections": [section({**question("q"), "text": "Eligible?"})]}),
        ("sections.0.questions.0.help", {"sections": [section(question("q", help="Eligible?"))]}),
        ("sections.0.questions.0.stem", {"sections": [section(question("q", stem="Eligible?"))]}),
        (
            "sections.0.questions.0.entry.0.help",
            {"sections": [section(question("list", "entries", entry=[question("in", help="A pass")]))]},
        ),
        ("scores.0.title", {"scores": [{**score("total", "q"), "title": "Failed items"}]}),
        (
            "scores.0.bands.0.label",
            {"scores": [score("total", "q", bands=[{"from": 0, "label": "Low risk"}])]},
        ),
        (
            "indications.0.criteria.0.statement",
            {"indications": [indication({**criterion({"fact": "q", "is": True}), "statement": "Suitable"})]},
        ),
        (
            "indications.0.notes.0.text",
            {
                "indications": [
                    {
                        **indication(criterion({"fact": "q", "is": True})),
                        "notes": [{"text": "50 mg", "sources": []}],
                    }
                ]
            },
        ),
        (
            "considerations.0.guidance",
            {"considerations": [consideration({"fact": "q", "is": True}, guidance="Contraindicated")]},
        ),
        ("sources.0.supports", {"sources": [{**PAPER, "supports": "Who is eligible"}]}),
        ("sources.0.strength", {"sources": [{**PAPER, "strength": "Recommended"}]}),
        (
            "vignettes.0.title",
            {
                "vignettes": [
                    {
                        "key": "v", "title": "A good candidate", "as_of": "2026-11-23", "answers": {},
                        "expect": {"indications": {}, "considerations": {}},
                    }
                ]
            },
        ),
        ("choice_sets.own.0.label", {"choice_sets": {"own": CHOSEN["own"]}}),
    ],
)  # fmt: skip
def test_a_word_that_would_decide_is_a_problem_where_it_stands(place, changed):
    assert places({**document(section(question("q"))), **changed}) == [place]


def test_what_others_wrote_stays_as_they_wrote_it():
    theirs = question(
        "item", "one_choice", choices="theirs", instrument="scale", stem="Pass", low_label="Fail"
    )
    own = question("own", "one_choice", choices="own", help="“Approved for treatment” it says")
    written = document(section(theirs, own), instruments=[SCALE], sources=[PAPER], choice_sets=CHOSEN)
    assert places(written) == ["choice_sets.own.0.label"]


def test_help_with_a_published_item_is_our_own_text():
    item = question("item", instrument="scale", help="Whoever fails here")
    assert places(document(section(item), instruments=[SCALE])) == ["sections.0.questions.0.help"]


def test_the_word_is_named():
    (problem,) = check(parse(document(title="Is anyone Eligible?")))
    assert problem.problem == "This says “Eligible”, which would decide, advise or judge."


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.json")), ids=lambda path: path.stem)
def test_every_text_of_a_shipped_document_is_looked_at(path):
    """What isn't: instruments, their items and choices, citations, keys and the answers of vignettes."""
    document = json.loads(path.read_text(encoding="utf-8"))
    looked_at = {place for place, _ in own_texts(document)}
    assert "title" in looked_at
    for place in ("sections.0.title", "sources.0.supports", "vignettes.0.title", "scores.0.title"):
        assert place in looked_at
    assert places(document) == []
