"""One question of a definition as a form has it: what was typed, and the answer or the error in it."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.text import check_text, clean_text
from screening.answer_checks import TEXT_LIMIT
from screening.engine import Kind, Question
from screening.engine.values import plain
from screening.explanation.facts import day_text
from screening.records import Answer

UNKNOWNS = ("not_known", "declined")
# Names of form fields hold a dot where keys can't: nothing of a document can be mistaken for a control.
UNKNOWN = ".unknown"
# One choice of many is picked from a list rather than from a row of buttons.
MOST_BUTTONS = 8
LONGEST_NUMBER = 24


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a question's fields, as typed."""

    values: tuple[str, ...] = ()
    unknown: str = ""

    @property
    def text(self) -> str:
        """The text of a field that has one."""
        return self.values[0] if self.values else ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was typed, the answer it gives ({}: none) or the sentence that says what is wrong with it."""

    typed: Typed
    answer: Answer
    error: str = ""


def is_picked_from_list(question: Question) -> bool:
    """Return whether the question is asked with a list to pick from."""
    return question.kind is Kind.ONE_CHOICE and len(question.choices) > MOST_BUTTONS


def has_own_unknown(question: Question) -> bool:
    """Return whether "not known" and "declined" stand beside a field, not among the choices."""
    return question.kind not in (Kind.YES_NO, Kind.ONE_CHOICE)


def typed_of(question: Question, answer: Answer) -> Typed:
    """Return what the fields show for a stored answer."""
    if "unknown" in answer:
        return Typed(unknown=answer["unknown"])
    if "value" not in answer:
        return Typed()
    value = answer["value"]
    match question.kind:
        case Kind.YES_NO:
            return Typed(("yes" if value else "no",))
        case Kind.MANY_CHOICES:
            return Typed(tuple(value))
        case Kind.DATE:
            day = date.fromisoformat(value)
            return Typed((f"{day.month:02}/{day.day:02}/{day.year}",))
        case Kind.NUMBER:
            return Typed((f"{value:g}" if isinstance(value, float) else str(value),))
    return Typed((str(value),))


def typed_in(question: Question, data: QueryDict, name: str) -> Typed:
    """Return what a form sent for the question."""
    values = tuple(data.getlist(name))
    if has_own_unknown(question):
        unknown = data.getlist(name + UNKNOWN)
        return Typed(tuple(value for value in values if value.strip()), "".join(unknown[:1]))
    chosen = tuple(dict.fromkeys(value for value in values if value))
    if len(chosen) == 1 and chosen[0] in UNKNOWNS:
        return Typed(unknown=chosen[0])
    return Typed(chosen)


def parse(question: Question, data: QueryDict, name: str, as_of: date) -> Parsed:
    """Read one question's fields; what was typed is kept, whatever it is."""
    typed = typed_in(question, data, name)
    try:
        return Parsed(typed, _answer(question, typed, as_of))
    except ValidationError as wrong:
        return Parsed(_printable(typed), {}, " ".join(wrong.messages))


def _answer(question: Question, typed: Typed, as_of: date) -> Answer:
    if typed.unknown and typed.unknown not in UNKNOWNS:
        raise ValidationError(_("Choose one of the answers shown."))
    if typed.unknown and typed.values:
        raise ValidationError(_("Give an answer, or choose Not known or Declined, not both."))
    if typed.unknown:
        return {"unknown": typed.unknown}
    if not typed.values:
        return {}
    value = _value(question, typed, as_of)
    return {} if value == "" else {"value": value}


def _value(question: Question, typed: Typed, as_of: date) -> object:
    match question.kind:
        case Kind.MANY_CHOICES:
            return [_choice(question, value) for value in typed.values]
        case Kind.YES_NO | Kind.ONE_CHOICE if len(typed.values) > 1:
            raise ValidationError(_("Two different answers were given. Choose one."))
        case Kind.YES_NO:
            return _yes_or_no(typed.text)
        case Kind.ONE_CHOICE:
            return _choice(question, typed.text)
        case Kind.NUMBER:
            return _number(question, typed.text)
        case Kind.DATE:
            return _day(typed.text, as_of).isoformat()
    return clean_text(typed.text, TEXT_LIMIT)


def _yes_or_no(value: str) -> bool:
    if value not in ("yes", "no"):
        raise ValidationError(_("Choose one of the answers shown."))
    return value == "yes"


def _choice(question: Question, value: str) -> str:
    if all(choice.key != value for choice in question.choices):
        raise ValidationError(_("Choose one of the answers shown."))
    return value


def _number(question: Question, text: str) -> int | float:
    written = text.strip()
    digits = written.lstrip("+-").replace(".", "", 1)
    if len(written) > LONGEST_NUMBER or not digits.isascii() or not digits.isdigit():
        raise ValidationError(_("Write a number in digits."))
    number = Fraction(written)
    if (number * 10**question.decimals).denominator != 1:
        raise ValidationError(
            _("Write a whole number.")
            if question.decimals == 0
            else ngettext(
                "Write the number with %(n)d decimal at most.",
                "Write the number with %(n)d decimals at most.",
                question.decimals,
            )
            % {"n": question.decimals}
        )
    shown = plain(number)
    if question.maximum is not None and number > question.maximum:
        limits = {"number": shown, "most": plain(question.maximum)}
        raise ValidationError(_("%(number)s is more than %(most)s. Check the digits.") % limits)
    if question.minimum is not None and number < question.minimum:
        limits = {"number": shown, "least": plain(question.minimum)}
        raise ValidationError(_("%(number)s is less than %(least)s. Check the digits.") % limits)
    return shown


def _day(text: str, as_of: date) -> date:
    day = read_day(text)
    if day > as_of:
        raise ValidationError(_("%(day)s is after today.") % {"day": day_text(day)})
    return day


def read_day(text: str) -> date:
    """Return the day written as month/day/year, or as year-month-day; raise ValidationError otherwise."""
    written = text.strip()
    parts = written.replace("-", "/").replace(".", "/").split("/")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        raise ValidationError(_("Write the day as month/day/year, such as 02/27/2026."))
    numbers = [int(part) for part in parts]
    year, month, day = numbers if len(parts[0]) == 4 else [numbers[2], *numbers[:2]]
    if year < 1900:
        raise ValidationError(_("Write the year with four digits."))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValidationError(
            _("%(month)s/%(day)s/%(year)s is not a day that exists.")
            % {"month": month, "day": day, "year": year}
        ) from None


def _printable(typed: Typed) -> Typed:
    """Return what was typed without the characters that no page can hold."""
    kept = []
    for value in typed.values:
        try:
            check_text(value)
            kept.append(value)
        except ValidationError:
            encoded = value.encode("utf-8", "replace").decode("utf-8")
            kept.append("".join(letter for letter in encoded if letter.isprintable() or letter in "\t\n\r"))
    return Typed(tuple(kept), typed.unknown if typed.unknown in UNKNOWNS else "")
