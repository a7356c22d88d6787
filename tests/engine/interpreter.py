"""A second, slow engine: it interprets documents as they stand, sharing no code with the first."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction

from tests.engine.interpreter_rules import (
    EITHER,
    NO,
    NOT_APPLICABLE,
    OPEN,
    YES,
    Rules,
    calendar_day,
    joined,
    number,
)

WORDS = {YES: "met", NO: "not_met", EITHER: "unknown"}


class BadAnswerError(Exception):
    pass


class Interpreter(Rules):
    """A document, ready to be asked."""

    def read(self, answers, as_of):
        """Take in an answer set; returns the places of its problems."""
        self.as_of, self.problems, self.says, self.gate = as_of, [], {}, {}
        for section, question in self.asked:
            gates = [thing["shown_when"] for thing in (section, question) if "shown_when" in thing]
            gate = joined(all, [YES, *(self.truth(condition, self.says) for condition in gates)])
            self.gate[question["key"]] = gate
            self.says[question["key"]] = self.one(question, gate, answers, "answers")
        known = {question["key"] for _, question in self.asked}
        self.problems += [f"answers.{key}" for key in answers if key not in known]
        return self.problems

    def one(self, question, gate, answers, place):
        """What one question says: only behind a gate that is open is its answer looked at."""
        key = question["key"]
        if gate == NO:
            return self.hidden(question)
        if gate == EITHER or key not in answers:
            return OPEN
        try:
            return self.answer(question, answers[key], f"{place}.{key}")
        except BadAnswerError:
            self.problems.append(f"{place}.{key}")
            return OPEN

    def hidden(self, question):
        if "when_hidden" in question:
            return OPEN
        defaults = {"yes_no": ("value", False), "many_choices": ("value", []), "entries": ("value", None)}
        return defaults.get(question["kind"], NOT_APPLICABLE)

    def answer(self, question, answer, place):
        if not isinstance(answer, dict) or len(answer) != 1:
            raise BadAnswerError
        ((shape, content),) = answer.items()
        if shape == "unknown" and content in ("not_known", "declined"):
            return OPEN
        if shape == "entries" and question["kind"] == "entries" and isinstance(content, list):
            return (
                "value",
                [self.row(question, row, f"{place}.entries.{i}") for i, row in enumerate(content)],
            )
        if shape == "value" and question["kind"] != "entries":
            return ("value", self.value(question, content))
        raise BadAnswerError

    def row(self, question, row, place):
        if not isinstance(row, dict):
            self.problems.append(place)
            return {}
        says = {}
        for inner in question["entry"]:
            gate = self.truth(inner["shown_when"], says) if "shown_when" in inner else YES
            says[inner["key"]] = self.one(inner, gate, row, place)
        self.problems += [f"{place}.{key}" for key in row if key not in says]
        return says

    def value(self, question, content):
        choices = {choice["key"] for choice in self.choices(question)}
        match question["kind"]:
            case "yes_no" if isinstance(content, bool):
                return content
            case "text" if isinstance(content, str):
                return content
            case "one_choice" if isinstance(content, str) and content in choices:
                return content
            case "many_choices" if isinstance(content, list) and all(isinstance(c, str) for c in content):
                if choices.issuperset(content):
                    return content
            case "number" if number(content) is not None:
                found = number(content)
                low, high = question.get("minimum", found), question.get("maximum", found)
                whole = (found * 10 ** question.get("decimals", 0)).denominator == 1
                if whole and low <= found <= high:
                    return found
            case "date" if calendar_day(content) is not None and calendar_day(content) <= self.as_of:
                return calendar_day(content)
        raise BadAnswerError

    def findings(self, answers, as_of):
        """The JSON of the command, without `deciding` and `rests_on`; or the places of the problems."""
        if self.read(answers, as_of):
            return {"problems": sorted(set(self.problems))}
        document, says = self.document, self.says
        scope = WORDS[self.truth(document["scope"]["when"], says)] if "scope" in document else "met"
        return {
            "as_of": as_of.isoformat(),
            "definition": "sha256:" + hashlib.sha256(canonical(document).encode()).hexdigest(),
            "scope": scope,
            "scores": {key: self.printed(score) for key, score in self.scores.items()},
            "indications": {i["key"]: self.indication(i, scope) for i in document["indications"]},
            "considerations": {c["key"]: self.consideration(c) for c in document["considerations"]},
        }

    def printed(self, score):
        found = self.score(score)
        for side in ("low", "high"):
            exact = found[side]
            if exact is not None and score["kind"] == "mean":
                exact = Fraction((exact * 100 + Fraction(1, 2)) // 1, 100)
            if exact is not None:
                found[side] = int(exact) if exact.denominator == 1 else float(exact)
        return found

    def indication(self, indication, scope):
        states = {}
        for criterion in indication["criteria"]:
            state = WORDS[self.truth(criterion["when"], self.says)]
            states[criterion["key"]] = criterion.get("if_not_met", state) if state == "not_met" else state
        found = set(states.values())
        outcome = "indicators_present" if found == {"met"} else "not_enough_information"
        outcome = "indicators_not_present" if "not_met" in found else outcome
        return {"outcome": outcome if scope == "met" else "not_enough_information", "criteria": states}

    def consideration(self, consideration):
        when = self.truth(consideration["when"], self.says)
        if "unless" in consideration and self.truth(consideration["unless"], self.says) == YES:
            return "not_raised"
        return {YES: "raised", NO: "not_raised", EITHER: "not_assessed"}[when]


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
