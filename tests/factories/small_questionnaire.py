"""A questionnaire of four sections, one of them sensitive: every kind of leak between them is possible."""

import json

SOURCE = {
    "key": "made_up",
    "citation": "Invented for tests 2026",
    "supports": "Nothing",
    "strength": "none",
    "read": "yes",
    "review_by": "2030-01-01",
}


def _yes_no(key, text, **more):
    return {"key": key, "kind": "yes_no", "text": text, **more}


def _criterion(key, when):
    return {
        "key": key,
        "statement": f"Statement of {key}",
        "when": when,
        "basis": "published",
        "sources": ["made_up"],
    }


def _vignette(key, said=None, how_low="0"):
    """Answer all that the criteria read in the same way, or nothing; it expects nothing."""
    read = {"low_mood": said, "uses": said, "how_low": how_low}
    return {
        "key": key,
        "title": key.replace("_", " "),
        "as_of": "2026-11-23",
        "answers": {} if said is None else {name: {"value": value} for name, value in read.items()},
        "expect": {"indications": {}, "considerations": {}},
    }


def _is(key, value=True):
    return {"fact": key, "is": value}


DOCUMENT = {
    "schema": 1,
    "key": "small",
    "title": "Small screening",
    "intended_use": "Tests.",
    "scope": {"statement": "Adult, 18 or over", "when": {"fact": "age", "at_least": 18}},
    "instruments": [],
    "choice_sets": {
        "how_much": [{"key": "0", "label": "Not", "points": 0}, {"key": "3", "label": "Much", "points": 3}]
    },
    "sections": [
        {
            "key": "about",
            "title": "About the client",
            "always_shared": True,
            "questions": [
                {"key": "age", "kind": "number", "text": "Age", "minimum": 0, "maximum": 120},
                _yes_no("client_wants_referral", "Wants a referral?"),
            ],
        },
        {
            "key": "mood",
            "title": "Mood",
            "questions": [
                _yes_no("low_mood", "Low mood?"),
                {"key": "how_low", "kind": "one_choice", "choices": "how_much", "text": "How low?"},
                _yes_no("low_after_use", "Low after use?", shown_when=_is("uses")),
            ],
        },
        {
            "key": "safety",
            "title": "Safety",
            "always_shared": True,
            "questions": [
                _yes_no("danger", "In danger now?"),
                _yes_no("pressure", "High blood pressure?"),
                _yes_no("plan", "A plan?", optional=True),
            ],
        },
    ],
    "scores": [{"key": "low_total", "title": "Low total", "kind": "sum", "of": ["how_low"]}],
    "indications": [
        {
            "key": "low",
            "title": "Low mood",
            "notes": [{"text": "A line of evidence.", "sources": ["made_up"]}],
            "criteria": [
                _criterion("low_said", _is("low_mood")),
                _criterion("low_much", {"fact": "low_total", "at_least": 3}),
            ],
        },
        {
            "key": "mixed",
            "title": "Low mood with use",
            "notes": [],
            "criteria": [_criterion("mixed_low", _is("low_mood")), _criterion("mixed_use", _is("uses"))],
        },
    ],
    "considerations": [
        {
            "key": "danger_now",
            "title": "Danger now",
            "level": "urgent",
            "when": _is("danger"),
            "sources": ["made_up"],
        },
        {
            "key": "pressure_high",
            "title": "Blood pressure",
            "level": "discuss",
            "modifiable": True,
            "when": _is("pressure"),
            "sources": ["made_up"],
        },
        {"key": "use", "title": "Use", "level": "discuss", "when": _is("uses"), "sources": ["made_up"]},
        {
            "key": "not_wanted",
            "title": "No referral wanted",
            "level": "discuss",
            "blocks_sending": True,
            "when": _is("client_wants_referral", False),
            "sources": ["made_up"],
        },
    ],
    "sources": [SOURCE],
    "vignettes": [_vignette("all_met", True, "3"), _vignette("none_met", False, "0"), _vignette("blank")],
}
# A gate looks at earlier questions only, so the sensitive section stands before the one that it gates.
DOCUMENT["sections"].insert(
    1,
    {
        "key": "substances",
        "title": "Substance use",
        "sensitive": True,
        "questions": [_yes_no("uses", "Uses?"), _yes_no("uses_daily", "Daily?", shown_when=_is("uses"))],
    },
)
TEXT = json.dumps(DOCUMENT)

# Answers of every section, with a referral wanted and nothing urgent.
ANSWERS = {
    "about": {"client_wants_referral": {"value": True}},
    "substances": {"uses": {"value": True}, "uses_daily": {"value": False}},
    "mood": {
        "low_mood": {"value": True},
        "how_low": {"value": "3"},
        "low_after_use": {"unknown": "declined"},
    },
    "safety": {"danger": {"value": False}, "pressure": {"value": True}},
}
