"""The builder's pages of rules: what an admin changes there is in the draft, and nothing typed is lost."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import User
from screening.models import QuestionnaireVersion
from tests.factories import screening as screenings
from tests.screening.versions import draft, words

pytestmark = pytest.mark.django_db

TEXT = (screenings.SHIPPED / "ketamine_referral.json").read_text()
KETAMINE = json.loads(TEXT)


@pytest.fixture
def version(author: User) -> QuestionnaireVersion:
    return draft(author, TEXT)


def address(version: QuestionnaireVersion, name: str, **keys: str) -> str:
    return reverse(f"questionnaires:{name}", kwargs={"pk": version.pk, **keys})


class Fields(HTMLParser):
    """What a browser would send of the form in the page's main part that holds the sentences."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.select = self.area = ""
        self.feed(max(re.findall(r"<form.*?</form>", page, re.S), key=len))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "select":
            self.select = name
            self.found[name] = []
        elif tag == "option" and self.select and ("selected" in given or not self.found[self.select]):
            chosen = given.get("value") or ""
            self.found[self.select] = [chosen]
        elif tag == "textarea":
            self.area = name
            self.found[name] = [""]
        elif tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            default = "on" if given.get("type") == "checkbox" else ""
            self.found.setdefault(name, []).append(given.get("value") or default)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area] = [(self.found[self.area][0] + data).lstrip("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.area = ""


def shown(answer: Any) -> dict[str, list[str]]:
    return Fields(answer.content.decode()).found


def document(version: QuestionnaireVersion) -> dict[str, Any]:
    version.refresh_from_db()
    found: dict[str, Any] = json.loads(version.document)
    return found


def editors() -> list[tuple[str, dict[str, str]]]:
    criteria = [
        ("build_criterion", {"indication": found["key"], "criterion": each["key"]})
        for found in KETAMINE["indications"]
        for each in found["criteria"]
    ]
    considerations = [
        ("build_consideration", {"consideration": each["key"]}) for each in KETAMINE["considerations"]
    ]
    return [("build_scope", {}), *criteria, *considerations]


def test_every_rule_sent_back_as_it_is_shown_stays_as_it_is(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    before = document(version)
    for name, keys in editors():
        url = address(version, name, **keys)
        answer = pages.post(url, {**shown(pages.get(url)), "do": "save"})
        assert (url, answer.status_code) == (url, 302)
    assert document(version) == before


def test_every_gate_sent_back_as_it_is_shown_stays_as_it_is(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    before = document(version)
    gated = [
        asked["key"]
        for part in KETAMINE["sections"]
        for question in part["questions"]
        for asked in (question, *question.get("entry", ()))
        if "shown_when" in asked
    ]
    for key in gated[::9]:
        url = address(version, "build_question_gate", question=key)
        assert pages.post(url, {**shown(pages.get(url)), "do": "save"}).status_code == 302
    for part in KETAMINE["sections"]:
        url = address(version, "build_section_gate", section=part["key"])
        assert pages.post(url, {**shown(pages.get(url)), "do": "save"}).status_code == 302
    assert document(version) == before


@pytest.mark.parametrize(
    ("name", "list_name", "keyword"),
    [
        ("build_score", "scores", "score"),
        ("build_source", "sources", "source"),
        ("build_vignette", "vignettes", "vignette"),
        ("build_indication", "indications", "indication"),
    ],
)
def test_every_other_part_sent_back_as_it_is_shown_stays_as_it_is(
    pages: Browser, version: QuestionnaireVersion, name: str, list_name: str, keyword: str
) -> None:
    before = document(version)
    for each in KETAMINE[list_name][:12]:
        url = address(version, name, **{keyword: each["key"]})
        answer = pages.post(url, {**shown(pages.get(url)), "do": "save"})
        assert (url, answer.status_code) == (url, 302)
    assert document(version) == before


def test_a_rule_is_built_sentence_by_sentence_without_a_script(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    url = address(version, "build_new_criterion", indication="trd")

    def press(do: str, **typed: str | list[str]) -> dict[str, list[str]]:
        nonlocal sent
        answer = pages.post(url, {**sent, **typed, "do": do})
        assert answer.status_code == 200
        sent = shown(answer)
        return sent

    sent = shown(pages.get(url))
    press("when:sentence:r")
    press("look", **{"when-r-fact": "phq9_total"})
    assert sent["when-r-op"] == ["at_least"]
    press("when:group:r", **{"when-r-value": "10"})
    press("look", **{"when-r.1.0-fact": "mdd_recorded"})
    press("when:group:r.1", **{"when-r.1.0-value": "yes"})
    press("when:sentence:r.1.1", **{"when-r.1.1-kind": "some"})
    press("when:sentence:r.1.1", **{"when-r.1.1-n": "2", "when-r.1.1.0-fact": "ect_tried"})
    press("look", **{"when-r.1.1.1-fact": "tms_tried", "when-r.1.1.2-fact": "augmentation_tried"})
    done = {f"when-r.1.1.{number}-value": "yes" for number in range(3)}
    answer = pages.post(url, {**sent, **done, "statement": "Built by hand.", "do": "save"})
    assert answer.status_code == 302
    tried = [{"fact": key, "is": True} for key in ("ect_tried", "tms_tried", "augmentation_tried")]
    assert document(version)["indications"][0]["criteria"][-1] == {
        "key": "built_by_hand",
        "statement": "Built by hand.",
        "when": {
            "all": [
                {"fact": "phq9_total", "at_least": 10},
                {"any": [{"fact": "mdd_recorded", "is": True}, {"some": {"at_least": 2, "of": tried}}]},
            ]
        },
        "basis": "published",
        "sources": [],
    }


def test_what_is_half_finished_comes_back_with_the_error_beside_its_row(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    before = document(version)
    url = address(version, "build_criterion", indication="trd", criterion="trd_trials")
    sent = shown(pages.get(url))
    answer = pages.post(url, {**sent, "when-r.0.3-value": "under 60 percent", "do": "save"})
    said = "“How much better did the client get?” has no choice “under 60 percent”. Choose from its list."
    page = unescape(answer.content.decode())
    assert (answer.status_code, page.count(said)) == (422, 2)
    assert 'id="when-r.0.3-value-error"' in page
    assert 'href="#when-r.0.3-value"' in page
    assert shown(answer)["when-r.0.3-value"] == ["under 60 percent"]
    assert document(version) == before
    again = pages.get(url)
    assert shown(again)["when-r.0.3-value"] == ["under 60 percent"]
    assert "You left this unfinished." in words(again)


def test_it_reads_as_the_therapist_reads_it(pages: Browser, version: QuestionnaireVersion) -> None:
    url = address(version, "build_criterion", indication="trd", criterion="trd_trials")
    sent = shown(pages.get(url))
    page = words(pages.post(url, {**sent, "when-r.0.3-value": [], "do": "look"}))
    assert "at least 2 rows, different by “Which medicine was it?”" in page
    assert "“How much better did the client get?” is one of: not chosen" in page


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"when-r-is": "dance"},
        {"when-r-is": "group", "when-r-kind": "no"},
        {"when-r-is": "count", "when-r-n": "9" * 500, "when-r-of": "phq9_total"},
        {"when-r-is": "row", "when-r-fact": "a\0b", "when-r-op": "is", "when-r-value": "\0"},
        {"when-r-is": "row", "when-r-fact": "\ud800", "when-r-op": "\u202e", "when-r-value": "x" * 90_000},
        {"when-r-is": "row", "when-r-fact": "phq9_total", "when-r-op": "at_least", "when-r-value": "1e400"},
    ],
)
def test_nonsense_is_a_form_error(
    pages: Browser, version: QuestionnaireVersion, nonsense: dict[str, str]
) -> None:
    """CHECKS 30."""
    before = document(version)
    url = address(version, "build_criterion", indication="trd", criterion="trd_symptoms")
    sent = {"statement": "Said.", "basis": "published", **nonsense}
    answers = {"save": 422, "when:up:r.0.9999999.x": 200, "when:sentence:r" + ".0" * 500: 200}
    for do, status in answers.items():
        body = urlencode({**sent, "do": do}, errors="surrogatepass")
        answer = pages.post(url, body, content_type="application/x-www-form-urlencoded")
        assert (do, answer.status_code) == (do, status)
    assert document(version) == before


def test_a_condition_of_more_rows_than_the_page_takes_is_refused_whole(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    before = document(version)
    url = address(version, "build_scope")
    rows = {f"when-r.{number}-is": "row" for number in range(401)}
    sent = {**shown(pages.get(url)), "when-r-is": "group", "when-r-kind": "all", **rows, "do": "save"}
    answer = pages.post(url, sent)
    assert answer.status_code == 422
    assert "more than 400 sentences and groups" in words(answer)
    assert document(version) == before


def test_what_is_read_cant_be_deleted_and_its_readers_are_named(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    before = document(version)
    for name, key in (("build_scores", "phq9_total"), ("build_sources", "kroenke_2001")):
        url = address(version, name)
        answer = pages.post(url, {"seen": version.hash, "do": f"delete:{key}"})
        assert answer.status_code == 409
        assert "It is still read. Change these first." in words(answer)
        assert address(version, "build_criterion", indication="trd", criterion="trd_symptoms") in (
            answer.content.decode()
        )
    assert document(version) == before


def test_lists_move_and_delete(pages: Browser, version: QuestionnaireVersion) -> None:
    url = address(version, "build_considerations")
    first, second = (each["key"] for each in KETAMINE["considerations"][:2])
    pages.post(url, {"seen": version.hash, "do": f"down:{first}"})
    assert [each["key"] for each in document(version)["considerations"][:2]] == [second, first]
    pages.post(url, {"seen": version.hash, "do": f"delete:{first}"})
    assert first not in [each["key"] for each in document(version)["considerations"]]
    assert all(first not in each["expect"]["considerations"] for each in document(version)["vignettes"])
    url = address(version, "build_indications")
    pages.post(url, {"seen": version.hash, "do": "up:trd:trd_diagnosis"})
    criteria = [each["key"] for each in document(version)["indications"][0]["criteria"]]
    assert criteria[:2] == ["trd_diagnosis", "trd_symptoms"]
    pages.post(url, {"seen": version.hash, "do": "delete:trd:trd_diagnosis"})
    assert document(version)["indications"][0]["criteria"][0]["key"] == "trd_symptoms"


def test_a_vignette_takes_what_the_rules_find_after_it_was_shown(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    key = KETAMINE["vignettes"][0]["key"]
    url = address(version, "build_vignette", vignette=key)
    sent = shown(pages.get(url))
    before = document(version)["vignettes"][0]["expect"]["indications"]["trd"]
    other = "indicators_not_present" if before != "indicators_not_present" else "indicators_present"
    assert pages.post(url, {**sent, "indications.trd": other, "do": "save"}).status_code == 302
    assert document(version)["vignettes"][0]["expect"]["indications"]["trd"] == other
    assert "Take what the rules find now as expected" in words(pages.get(url))
    assert pages.post(url, {"seen": version.hash, "do": "take"}).status_code == 302
    assert document(version)["vignettes"][0]["expect"]["indications"]["trd"] == before


def test_a_score_a_source_an_indication_and_a_consideration_are_added(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    typed = {"title": "Two items", "kind": "sum", "of": ["phq9_1", "phq9_2"], "do": "save"}
    bands = {"from_0": "0", "label_0": "low", "from_1": "3", "label_1": "high"}
    assert pages.post(address(version, "build_new_score"), {**typed, **bands}).status_code == 302
    assert document(version)["scores"][-1] == {
        "key": "two_items",
        "title": "Two items",
        "kind": "sum",
        "of": ["phq9_1", "phq9_2"],
        "bands": [{"from": 0, "label": "low"}, {"from": 3, "label": "high"}],
    }
    source = {"citation": "Made Up A. A study. 2026.", "read": "no", "review_by": "2027-01-31", "do": "save"}
    assert pages.post(address(version, "build_new_source"), source).status_code == 302
    assert document(version)["sources"][-1]["key"] == "made_up_a_a_study_2026"
    row = {"when-r-is": "row", "when-r-fact": "ect_tried", "when-r-was": "ect_tried", "when-r-op": "is"}
    rule = {**row, "when-r-value": "yes", "do": "save"}
    indication = {"title": "After ECT", "statement": "ECT was tried.", "basis": "product_default"}
    assert pages.post(address(version, "build_new_indication"), {**rule, **indication}).status_code == 302
    assert document(version)["indications"][-1]["key"] == "after_ect"
    raised = {"title": "ECT was tried", "level": "inform"}
    assert pages.post(address(version, "build_new_consideration"), {**rule, **raised}).status_code == 302
    assert document(version)["considerations"][-1]["key"] == "ect_was_tried"


def test_the_search_shortens_the_lists_and_keeps_what_is_chosen(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    url = address(version, "build_criterion", indication="trd", criterion="trd_symptoms")
    sent = shown(pages.get(url))
    page = pages.post(url, {**sent, "when-find": "electroconvulsive ect", "do": "look"}).content.decode()
    offered = re.findall(r'<option value="(\w+)"[^>]*>[^<]*\(\w+\)</option>', page)
    assert "ect_tried" in offered and "phq9_total" in offered and len(offered) < 12
