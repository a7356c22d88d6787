"""States by name."""

from collections.abc import Iterable

from django import template

from referrals.states import state_name

register = template.Library()


@register.filter
def state_names(codes: Iterable[str]) -> str:
    """Return the names of states, in the order of their names."""
    return ", ".join(sorted(state_name(code) for code in codes))
