"""Rules for the second engine: conditions and scores interpreted from the document as it stands.

Truth is the set of booleans that are still possible: {True}, {False} or both. What a question says is
`("value", x)`, OPEN (not answered, not known or declined) or NOT_APPLICABLE.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product

YES, NO, EITHER = frozenset([True]), frozenset([False]), frozenset([True, False])
OPEN, NOT_APPLICABLE = ("open",), ("not applicable",)


def joined(join, truths):
    """All the ways that truths can come out together, joined by `all` or `any`."""
    found = truths[0]
    for truth in truths[1:]:
        found = frozenset(join(pair) for pair in product(found, truth))
    return found


def opposite(truth):
    return frozenset(not each for each in truth)


def reached(least, most, wanted):
    return YES if least >= wanted else NO if most < wanted else EITHER


def number(value):
    """The number as it is written, exactly; None for what isn't one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Fraction(repr(value))


def calendar_day(text):
    if not isinstance(text, str) or len(text) != len("2026-01-31"):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


class Rules:
    """The conditions and scores of a document.

    `says` and `gate` hold, by question, what it says and the truth of its gate.
    """

    def __init__(self, document):
        self.document = document
        self.asked = [(section, q) for section in document["sections"] for q in section["questions"]]
        inner = [e for _, q in self.asked for e in q.get("entry", [])]
        self.questions = {q["key"]: q for q in [*(q for _, q in self.asked), *inner]}
        self.scores = {score["key"]: score for score in document["scores"]}

    def choices(self, question):
        return self.document["choice_sets"][question["choices"]] if "choices" in question else []

    def truth(self, condition, says):
        """The truth of a condition over what questions say."""
        if "all" in condition:
            return joined(all, [self.truth(inner, says) for inner in condition["all"]])
        if "any" in condition:
            return joined(any, [self.truth(inner, says) for inner in condition["any"]])
        if "not" in condition:
            return opposite(self.truth(condition["not"], says))
        if "some" in condition:
            truths = [self.truth(inner, says) for inner in condition["some"]["of"]]
            sure = sum(truth == YES for truth in truths)
            return reached(sure, sum(True in truth for truth in truths), condition["some"]["at_least"])
        if "count" in condition:
            return self.count(condition["count"])
        ((operator, value),) = [(key, v) for key, v in condition.items() if key != "fact"]
        if condition["fact"] in self.scores:
            return self.compare_score(self.scores[condition["fact"]], operator, value)
        return self.compare(self.questions[condition["fact"]], says[condition["fact"]], operator, value)

    def compare(self, question, said, operator, value):
        if said in (OPEN, NOT_APPLICABLE):
            return EITHER if said == OPEN else NO
        content = said[1]
        if operator in ("at_least", "at_most") and question["kind"] == "one_choice":
            content = self.points(question, content)
        if isinstance(content, Fraction):
            value = number(value)
        if isinstance(content, date):
            value = calendar_day(value)
        found = {
            "is": lambda: content == value,
            "is_not": lambda: content != value,
            "at_least": lambda: content >= value,
            "at_most": lambda: content <= value,
            "one_of": lambda: content in value,
            "includes": lambda: value in content,
        }[operator]()
        return YES if found else NO

    def points(self, question, key):
        return next(number(choice["points"]) for choice in self.choices(question) if choice["key"] == key)

    def count(self, count):
        said = self.says[count["of"]]
        if said == OPEN:
            return EITHER
        if said == ("value", None):
            return NO
        truths = [(self.truth(count["where"], row), row) for row in said[1]]
        true = [row for truth, row in truths if truth == YES]
        possible = [row for truth, row in truths if True in truth]
        least, most = len(true), len(possible)
        if "distinct_by" in count:
            least, most = self.distinct(count["distinct_by"], true, possible)
        found = reached(least, most, count["at_least"])
        return EITHER if found == NO and self.says[count["complete"]] != ("value", True) else found

    def distinct(self, key, true, possible):
        loose = {c["key"] for c in self.choices(self.questions[key]) if c.get("identifies") is False}
        least = {row[key] for row in true if row[key][0] == "value"}
        named = [row[key] for row in possible if row[key][0] == "value" and row[key][1] not in loose]
        return len(least) or min(1, len(true)), len(set(named)) + len(possible) - len(named)

    # Scores.

    def score(self, score):
        """low, high, complete, stale, administered, band of a score; low and high exact."""
        items = [self.questions[key] for key in score["of"]]
        gates = [self.gate_of_item(question) for question in items]
        if set(gates) == {NO}:
            nothing = dict.fromkeys(("low", "high", "band"))
            return {**nothing, "complete": False, "stale": False, "administered": False}
        spans = [self.span(question, gate) for question, gate in zip(items, gates, strict=True)]
        divisor = len(items) if score["kind"] == "mean" else 1
        low, high = (sum(span[side] for span in spans) / Fraction(divisor) for side in (0, 1))
        return {
            "low": low,
            "high": high,
            "complete": not any(span[2] for span in spans),
            "stale": self.stale(score),
            "administered": True if YES in gates else None,
            "band": self.band(score, low, high),
        }

    def gate_of_item(self, question):
        """An item that is unknown when hidden counts as missing, so as if it were shown."""
        gate = self.gate[question["key"]]
        return YES if gate == NO and "when_hidden" in question else gate

    def span(self, question, gate):
        """Lowest and highest points of an item, and whether it is missing."""
        match question["kind"]:
            case "yes_no":
                low, high = Fraction(0), Fraction(1)
            case "number":
                low, high = number(question["minimum"]), number(question["maximum"])
            case _:
                points = [number(choice["points"]) for choice in self.choices(question)]
                low, high = min(points), max(points)
        if gate == NO:
            return low, low, False
        said = self.says[question["key"]]
        if gate == EITHER or said == OPEN:
            return low, high, True
        value = self.points(question, said[1]) if question["kind"] == "one_choice" else Fraction(said[1])
        return value, value, False

    def stale(self, score):
        if "max_age_days" not in score:
            return False
        said = self.says[score["dated_by"]]
        if said == OPEN:
            return None
        return said != NOT_APPLICABLE and (self.as_of - said[1]).days > score["max_age_days"]

    def band(self, score, low, high):
        below = [[b for b in score.get("bands", []) if b["from"] <= value] for value in (low, high)]
        tops = [max(bands, key=lambda band: band["from"], default=None) for bands in below]
        return tops[0]["label"] if tops[0] and tops[0] == tops[1] else None

    def compare_score(self, score, operator, value):
        found = self.score(score)
        if found["administered"] is False:
            return NO
        low, high, value = found["low"], found["high"], number(value)
        same = YES if low == high == value else EITHER if low <= value <= high else NO
        truth = {
            "at_least": YES if low >= value else NO if high < value else EITHER,
            "at_most": YES if high <= value else NO if low > value else EITHER,
            "is": same,
            "is_not": opposite(same),
        }[operator]
        if found["administered"] is None:
            return EITHER if truth == YES else truth
        return truth if found["stale"] is False else EITHER
