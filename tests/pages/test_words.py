"""Nothing the software writes decides, advises or judges: the words of the engine's list never appear."""

import pytest

from screening.engine.wording import Words, read_words
from tests.pages import words

WORDS = read_words()

PLANTED = [
    "The client is eligible.",
    "Ineligible for now",
    "She qualifies",
    "approved for treatment",
    "Cleared for ketamine",
    "a suitable person",
    "Unsuitable",
    "a good candidate",
    "This client is a candidate.",
    "may be a candidate for treatment",
    "Recommended treatment: ketamine",
    "We recommend a provider",
    "Ketamine is contraindicated",
    "One contraindication",
    "He was excluded",
    "Bipolar disorder is ruled out",
    "safe to treat",
    "diagnosed by this tool",
    "Positive for PTSD",
    "negative for depression",
    "The screening did not pass.",
    "3 criteria failed",
    "must receive ketamine",
    "should be given esketamine",
    "high risk of suicide",
    "Low-risk",
    "The client does not need a referral",
    "start with 0.5 mg/kg",
    "56 mg twice a week",
    "It screened positive.",
    "Guidelines recommend ketamine",
]

HARMLESS = [
    "Indicators present",
    "The answers match the reporting threshold. She may be a candidate for evaluation by a provider.",
    "The label lists this as a contraindication for esketamine; the provider decides.",
    "Change your password. A passkey works too.",
    "Systolic 148 mmHg",
    "Esketamine nasal spray is approved for adults with treatment-resistant depression.",
    "A guideline suggests against ketamine for PTSD",
    "Heart failure was recorded",
]


@pytest.mark.parametrize("sentence", PLANTED)
def test_a_planted_sentence_is_found(sentence: str):
    assert WORDS.found_in(sentence) != []


@pytest.mark.parametrize("sentence", HARMLESS)
def test_the_words_to_use_are_not_found(sentence: str):
    assert WORDS.found_in(sentence) == []


def test_every_pattern_finds_a_planted_sentence():
    idle = [
        pattern.pattern
        for pattern in WORDS.never
        if not any(Words(WORDS.allowed, (pattern,)).found_in(sentence) for sentence in PLANTED)
    ]
    assert idle == []


def test_no_template_or_email_uses_a_forbidden_word():
    found = {name: WORDS.found_in(text) for name, text in words.templates()}
    assert len(found) > 30
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_no_message_in_python_uses_a_forbidden_word():
    found = {
        name: [hit for message in words.python_messages(source) for hit in WORDS.found_in(message)]
        for name, source in words.python_sources()
    }
    assert len(found) > 30
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_no_script_says_a_forbidden_word():
    found = {
        path.name: [
            hit
            for text in words.script_strings(path.read_text(encoding="utf-8"))
            for hit in WORDS.found_in(text)
        ]
        for path in (words.ROOT / "static").glob("*.js")
    }
    assert "app.js" in found
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_no_shipped_document_uses_a_forbidden_word_of_its_own():
    found = {
        name: [hit for text in words.document_texts(document) for hit in WORDS.found_in(text)]
        for name, document in words.shipped_documents()
    }
    assert found == {name: [] for name, _ in words.shipped_documents()}
    assert "ketamine_referral.json" in found


def test_text_is_taken_from_translations_attributes_and_between_tags():
    source = (
        '{# eligible #}<p class="pass" title="suitable">{% translate "qualifies" %} {{ excluded }}'
        "{% if failed %}ruled out{% endif %}</p>"
    )
    assert WORDS.found_in(words.template_text(source)) == ["qualifies", "suitable", "ruled out"]


def test_messages_are_taken_from_calls_and_sentences_but_not_from_docstrings():
    source = '"""Eligible people."""\nx = _("suitable")\ny = {"pass": f"it {x} failed"}\n'
    hits = [hit for message in words.python_messages(source) for hit in WORDS.found_in(message)]
    assert sorted(hits) == ["failed", "suitable"]


def test_a_document_is_read_without_its_instruments_and_citations():
    document = {
        "title": "eligible",
        "instruments": [{"notice": "suitable"}],
        "sections": [
            {"questions": [{"text": "pass", "instrument": "phq9"}, {"text": "“cleared for” and excluded"}]}
        ],
        "sources": [{"citation": "recommended", "supports": "ruled out"}],
    }
    hits = [hit for text in words.document_texts(document) for hit in WORDS.found_in(text)]
    assert sorted(hits) == ["eligible", "excluded", "ruled out"]
