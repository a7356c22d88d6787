"""Dates as people say them, with no-break spaces, in the reader's time zone."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

NO_BREAK = "\N{NO-BREAK SPACE}"


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _written(value: date | datetime, this_year: str, other_year: str) -> str:
    here = _local(value)
    pattern = this_year if here.year == timezone.localdate().year else other_year
    return formatted(here, pattern).replace(" ", NO_BREAK)


def _day_written(value: date | datetime, this_year: str, other_year: str) -> str:
    here = _local(value)
    pattern = this_year if here.year == timezone.localdate().year else other_year
    return _kept(date(here.year, here.month, here.day), pattern, get_language())


@lru_cache(maxsize=4096)
def _kept(value: date, pattern: str, _language: str | None) -> str:
    """Return a day as it was written before: a list says the same few days again and again."""
    return formatted(value, pattern).replace(" ", NO_BREAK)


@register.filter
def day(value: date | datetime | None) -> str:
    """Return "Mon, Nov 23", with the year when it isn't this one."""
    return "" if not value else _day_written(value, "D, M j", "D, M j, Y")


@register.filter
def long_day(value: date | datetime | None) -> str:
    """Return "Monday, November 23", with the year when it isn't this one."""
    return "" if not value else _day_written(value, "l, F j", "l, F j, Y")


@register.filter
def full_day(value: date | datetime | None) -> str:
    """Return "November 23, 2026": for records and for what is printed."""
    return "" if not value else _day_written(value, "F j, Y", "F j, Y")


@register.filter
def moment(value: datetime | None) -> str:
    """Return "Mon, Nov 23, 3:05 PM" in the reader's time zone."""
    return "" if not value else _written(value, "D, M j, g:i A", "D, M j, Y, g:i A")


@register.filter
def until_moment(value: datetime | None) -> str:
    """Return when something ends: "the end of Fri, Nov 27" where that is midnight, else as `moment` does."""
    if not value:
        return ""
    here = timezone.localtime(value)
    if (here.hour, here.minute) != (0, 0):
        return moment(value)
    return _("the end of %(day)s") % {"day": day(here - timedelta(minutes=1))}


@register.filter
def full_moment(value: datetime | None) -> str:
    """Return "November 23, 2026, 3:05 PM EST": for records and for what is printed."""
    return "" if not value else _written(value, "F j, Y, g:i A T", "F j, Y, g:i A T")


@register.filter
def clock(value: datetime | None) -> str:
    """Return "3:05 PM" in the reader's time zone."""
    return "" if not value else formatted(_local(value), "g:i A").replace(" ", NO_BREAK)


@register.filter
def from_iso(value: str) -> date | datetime | None:
    """Return the day or the moment that ISO text names, for the filters above; empty text is None."""
    if not value:
        return None
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
