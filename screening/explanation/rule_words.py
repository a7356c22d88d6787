"""Conditions in plain words: what a rule, a gate or a scope asks, for people who don't read JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.engine import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Count,
    Definition,
    Kind,
    Not,
    Operator,
    Question,
    Some,
)
from screening.engine.values import Value, plain
from screening.explanation.facts import day_text


@dataclass(frozen=True, slots=True)
class RuleWords:
    """One line of a rule; `parts` are the lines below it ("All of these:", then each)."""

    text: str
    parts: tuple["RuleWords", ...] = ()

    @property
    def flat(self) -> str:
        """The same on one line, for tables and titles of changes."""
        below = "; ".join(f"({part.flat})" if part.parts else part.flat for part in self.parts)
        return f"{self.text} {below}" if below else self.text


def rule_words(definition: Definition, condition: Condition) -> RuleWords:
    """Return a condition in words, line by line, with the questions' and scores' own names."""
    match condition:
        case Comparison():
            return RuleWords(_compared(definition, condition))
        case AllOf(of=of):
            return _joined(definition, _("All of these:"), of)
        case AnyOf(of=of):
            return _joined(definition, _("Any one of these:"), of)
        case Some(at_least=least, of=of):
            return _joined(definition, _("At least %(n)d of these:") % {"n": least}, of)
        case Not(condition=inner):
            return RuleWords(_("Not so:"), (rule_words(definition, inner),))
        case Count():
            return _counted(definition, condition)


def fact_name(definition: Definition, key: str) -> str:
    """Return what a fact is called: a score's title, or a question's own words."""
    for score in definition.scores:
        if score.key == key:
            return score.title
    return definition.question(key).text


def _joined(definition: Definition, head: str, of: Sequence[Condition]) -> RuleWords:
    if len(of) == 1:
        return rule_words(definition, of[0])
    return RuleWords(head, tuple(rule_words(definition, part) for part in of))


def _compared(definition: Definition, node: Comparison) -> str:
    words = {"fact": fact_name(definition, node.fact), "value": _value(definition, node)}
    dated = isinstance(node.value, date)
    match node.operator:
        case Operator.IS:
            return _("“%(fact)s” is %(value)s") % words
        case Operator.IS_NOT:
            return _("“%(fact)s” is not %(value)s") % words
        case Operator.AT_LEAST:
            return (
                _("“%(fact)s” is %(value)s or later") if dated else _("“%(fact)s” is %(value)s or more")
            ) % words
        case Operator.AT_MOST:
            return (
                _("“%(fact)s” is %(value)s or earlier") if dated else _("“%(fact)s” is %(value)s or less")
            ) % words
        case Operator.ONE_OF:
            return _("“%(fact)s” is one of: %(value)s") % words
        case Operator.INCLUDES:
            return _("“%(fact)s” includes %(value)s") % words


def _value(definition: Definition, node: Comparison) -> str:
    if isinstance(node.value, date):
        return day_text(node.value)
    if isinstance(node.value, tuple):
        choices = definition.question(node.fact)
        return ", ".join(f"“{choices.choice(key).label}”" for key in node.value)
    question = _question(definition, node.fact)
    if question is None:
        return _figure(node.value)
    match question.kind:
        case Kind.YES_NO:
            return _("yes") if node.value else _("no")
        case Kind.ONE_CHOICE if node.operator in (Operator.AT_LEAST, Operator.AT_MOST):
            return ngettext("%(n)s point", "%(n)s points", 1 if node.value == 1 else 2) % {
                "n": _figure(node.value)
            }
        case Kind.ONE_CHOICE | Kind.MANY_CHOICES:
            return f"“{question.choice(str(node.value)).label}”"
    return f"{_figure(node.value)} {question.unit}" if question.unit else _figure(node.value)


def _figure(value: Value) -> str:
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return str(plain(value))
    return str(value)


def _question(definition: Definition, key: str) -> Question | None:
    try:
        return definition.question(key)
    except KeyError:
        return None


def _counted(definition: Definition, node: Count) -> RuleWords:
    """Say how many rows of a list are needed, how they are told apart, and what each has to be."""
    words = {"n": node.at_least, "list": fact_name(definition, node.of)}
    if node.distinct_by is None:
        head = ngettext(
            "In “%(list)s”: at least %(n)d row in which",
            "In “%(list)s”: at least %(n)d rows in each of which",
            node.at_least,
        )
    else:
        words["by"] = fact_name(definition, node.distinct_by)
        head = ngettext(
            "In “%(list)s”: at least %(n)d row, told apart by “%(by)s”, in which",
            "In “%(list)s”: at least %(n)d rows, different by “%(by)s”, in each of which",
            node.at_least,
        )
    complete = _("Fewer count as too few only when “%(complete)s” is yes; otherwise it is unknown.") % {
        "complete": fact_name(definition, node.complete)
    }
    return RuleWords(head % words, (rule_words(definition, node.where), RuleWords(complete)))
