"""Random questionnaires and answers, leaning to edges: gates of gates, other drugs, old dates, blanks."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.engine.documents import (
    AS_OF,
    consideration,
    criterion,
    document,
    indication,
    question,
    score,
    section,
)

PLAIN = ["a", "b", "c"]
CHOICES = {
    "points": [{"key": str(n), "label": f"{n} points", "points": n} for n in range(4)],
    "odd": [{"key": k, "label": k, "points": n} for k, n in zip("xyz", (2, 0, 4.5), strict=True)],
    "plain": [{"key": key, "label": key} for key in PLAIN],
    "drugs": [
        {"key": "a", "label": "A"},
        {"key": "b", "label": "B"},
        {"key": "other", "label": "Other", "identifies": False},
        {"key": "unnamed", "label": "Unnamed", "identifies": False},
    ],
}
AGES = (0, 1, 2, 29, 30, 31, 32, 400)
KINDS = ("yes_no", "yes_no", "yes_no", "one_choice", "one_choice", "number", "many_choices", "date", "text")
NOT_KNOWN = {"unknown": "not_known"}


class RandomDocument:
    """One random questionnaire, in `written`, and random answers to it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        first = question("first")
        self.facts, self.lists, self.scores, self.keys = [first], [], [], 0
        sections = [section(first), *(self.section() for _ in range(random.randint(1, 3)))]
        self.scores = [found for _ in range(self.random.randint(0, 3)) if (found := self.score())]
        scope = {"scope": {"statement": "Scope", "when": self.condition(1)}} if self.chance(0.25) else {}
        self.written = document(
            *sections,
            choice_sets=CHOICES,
            scores=self.scores,
            indications=[self.indication() for _ in range(self.random.randint(1, 2))],
            considerations=[self.consideration() for _ in range(self.random.randint(0, 3))],
            **scope,
        )

    def chance(self, share):
        return self.random.random() < share

    def key(self, letter):
        self.keys += 1
        return f"{letter}{self.keys}"

    # Questions.

    def section(self):
        gate = {"shown_when": self.condition(1)} if self.chance(0.35) else {}
        questions = [found for _ in range(self.random.randint(2, 6)) for found in self.questions()]
        return section(*questions, key=self.key("s"), **gate)

    def questions(self):
        """One question, a run of items behind one gate, or a list and whether it is complete."""
        gate = {"shown_when": self.condition(1)} if self.chance(0.4) else {}
        if self.chance(0.25):
            return self.list(gate)
        kinds = ["one_choice"] * 3 if self.chance(0.15) else [self.random.choice(KINDS)]
        found = [self.question(kind, gate) for kind in kinds]
        self.facts += found
        return found

    def question(self, kind, gate):
        more = {"when_hidden": NOT_KNOWN} if gate and self.chance(0.3) else {}
        if kind == "one_choice":
            more["choices"] = self.random.choice(["points", "points", "odd", "plain", "drugs"])
        if kind == "many_choices":
            more["choices"] = self.random.choice(["plain", "drugs"])
        if kind == "number":
            low = self.random.choice([0, 0, 1, -2])
            more |= {"minimum": low, "maximum": low + self.random.choice([1, 3, 5])}
            more |= {"decimals": 1} if self.chance(0.3) else {}
        return question(self.key("q"), kind, **gate, **more)

    def list(self, gate):
        entry = [question(self.key("q"), "one_choice", choices="drugs")]
        for kind in self.random.sample(["yes_no", "one_choice", "number", "date"], 2):
            inner_gate = {"shown_when": self.comparison(entry)} if self.chance(0.3) else {}
            entry.append(self.question(kind, inner_gate))
        hidden = {"when_hidden": NOT_KNOWN} if gate and self.chance(0.2) else {}
        rows = question(self.key("q"), "entries", entry=entry, **gate, **hidden)
        complete = question(self.key("q"), **gate)
        self.facts.append(complete)
        self.lists.append((rows, complete))
        return [rows, complete]

    def score(self):
        fit = [
            q
            for q in self.facts
            if q["kind"] in ("yes_no", "number") or q.get("choices") in ("points", "odd")
        ]
        if not fit:
            return None
        start = self.random.randrange(len(fit))
        more = {}
        dates = [q["key"] for q in self.facts if q["kind"] == "date"]
        if dates and self.chance(0.7):
            more = {"dated_by": self.random.choice(dates), "max_age_days": self.random.choice([1, 30])}
        if self.chance(0.5):
            starts = sorted(self.random.sample(range(8), self.random.randint(1, 3)))
            more["bands"] = [{"from": n, "label": f"From {n}"} for n in starts]
        kind = self.random.choice(["sum", "mean"])
        return score(self.key("z"), *(q["key"] for q in fit[start : start + 3]), kind=kind, **more)

    # Rules.

    def indication(self):
        criteria = []
        for _ in range(self.random.randint(1, 4)):
            judged = {"if_not_met": "provider_judges"} if self.chance(0.3) else {}
            criteria.append(criterion(self.condition(self.random.randint(0, 3)), self.key("c"), **judged))
        return indication(*criteria, key=self.key("i"))

    def consideration(self):
        unless = {"unless": self.condition(1)} if self.chance(0.5) else {}
        return consideration(self.condition(self.random.randint(0, 2)), self.key("n"), **unless)

    def condition(self, depth, among=None):
        if depth == 0 or self.chance(0.2):
            return self.comparison(self.facts if among is None else among, rules=among is None)
        form = self.random.choice(["all", "any", "all", "any", "not", "some"])
        if form == "not":
            return {"not": self.condition(depth - 1, among)}
        inner = [self.condition(depth - 1, among) for _ in range(self.random.randint(1, 3))]
        if form == "some":
            return {"some": {"at_least": self.random.randint(1, len(inner)), "of": inner}}
        return {form: inner}

    def comparison(self, among, *, rules=False):
        if rules and self.scores and self.chance(0.35):
            operator = self.random.choice(["is", "is_not", "at_least", "at_least", "at_most"])
            return {"fact": self.random.choice(self.scores)["key"], operator: self.random.choice(range(9))}
        if rules and self.lists and self.chance(0.35):
            return self.count()
        return self.compared(self.random.choice([q for q in among if q["kind"] != "text"]))

    def compared(self, asked):
        key, order = asked["key"], self.random.choice(["at_least", "at_most"])
        equal = self.random.choice(["is", "is", "is_not"])
        match asked["kind"]:
            case "yes_no":
                return {"fact": key, equal: self.chance(0.7)}
            case "many_choices":
                return {"fact": key, "includes": self.value(asked, one=True)}
            case "one_choice" if asked["choices"] in ("points", "odd") and self.chance(0.4):
                return {"fact": key, order: self.random.randint(0, 5)}
            case "one_choice" if self.chance(0.3):
                keys = [choice["key"] for choice in CHOICES[asked["choices"]]]
                return {"fact": key, "one_of": self.random.sample(keys, 2)}
            case "one_choice":
                return {"fact": key, equal: self.value(asked)}
        return {"fact": key, self.random.choice([equal, order]): self.value(asked)}

    def count(self):
        rows, complete = self.random.choice(self.lists)
        where = self.condition(self.random.choice([0, 0, 1]), rows["entry"])
        count = {"of": rows["key"], "where": where, "at_least": self.random.randint(1, 3)}
        if self.chance(0.6):
            drug, *others = rows["entry"]
            count["distinct_by"] = self.random.choice([drug, drug, *others])["key"]
        return {"count": {**count, "complete": complete["key"]}}

    # Answers.

    def answers(self):
        """Answers to all, some or hardly any of the questions, hidden ones among them."""
        blank, unknown = self.random.choice([(0, 0), (0.02, 0.02), (0.15, 0.12), (0.5, 0.1), (0, 0.05)])
        asked = [q for part in self.written["sections"] for q in part["questions"]]
        found = {q["key"]: self.answer(q, blank, unknown) for q in asked}
        return {key: answer for key, answer in found.items() if answer}

    def answer(self, asked, blank, unknown):
        chance = self.random.random()
        if chance < blank:
            return None
        if chance < blank + unknown:
            return {"unknown": self.random.choice(["not_known", "declined"])}
        if asked["kind"] == "entries":
            return {"entries": [self.row(asked) for _ in range(self.random.randint(0, 4))]}
        return {"value": self.value(asked)}

    def row(self, asked):
        found = {inner["key"]: self.answer(inner, 0.08, 0.08) for inner in asked["entry"]}
        return {key: answer for key, answer in found.items() if answer}

    def value(self, asked, *, one=False):
        match asked["kind"]:
            case "yes_no":
                return self.chance(0.7)
            case "one_choice":
                return self.random.choice(CHOICES[asked["choices"]])["key"]
            case "many_choices":
                keys = [choice["key"] for choice in CHOICES[asked["choices"]]]
                return (
                    self.random.choice(keys) if one else self.random.sample(keys, self.random.randint(0, 3))
                )
            case "number":
                whole = self.random.randint(asked["minimum"], asked["maximum"])
                return whole - 0.5 if "decimals" in asked and whole > asked["minimum"] else whole
            case "date":
                return (AS_OF - timedelta(days=self.random.choice(AGES))).isoformat()
        return self.random.choice(["", "Text"])
