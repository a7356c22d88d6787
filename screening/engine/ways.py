"""Ways to make a condition true or false: which units must be answered, and with which of their states.

A way maps the slot of each unit that it needs to a bit mask of the states that would do. No way at all
means that it can't be done, the empty way that it is so already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Way = dict[int, int]
Ways = list[Way]

ALREADY: Ways = [{}]
NEVER: Ways = []

# More alternatives than this are not followed up: what is found still holds, some may be missed.
MOST_WAYS = 400


def either(first: Ways, second: Ways) -> Ways:
    """Ways to do one or the other; a way is dropped if another needs less of it."""
    if not first or not second:
        return first or second
    found: Ways = []
    for way in sorted((*first, *second), key=len)[:MOST_WAYS]:
        if not any(_needs_less(other, way) for other in found):
            found.append(way)
    return found


def both(first: Ways, second: Ways, allowed: Callable[[Way], bool]) -> Ways:
    """Ways to do one and the other, as far as they can be done together and are allowed."""
    if not first or not second:
        return NEVER
    if first == ALREADY or second == ALREADY:
        return second if first == ALREADY else first
    found: Ways = []
    for one in first:
        for other in second:
            way = _together(one, other)
            if way is not None and allowed(way) and not any(_needs_less(known, way) for known in found):
                found.append(way)
                if len(found) >= MOST_WAYS:
                    return found
    return found


def at_least(wanted: int, parts: Sequence[Callable[[], Ways]], allowed: Callable[[Way], bool]) -> Ways:
    """Ways to do at least so many of several things."""
    by_number: list[Ways] = [ALREADY, *[NEVER] * wanted]
    for done, part in enumerate(parts, 1):
        ways = part()
        fewest = max(1, wanted - (len(parts) - done))
        for number in range(min(wanted, done), fewest - 1, -1):
            by_number[number] = either(by_number[number], both(by_number[number - 1], ways, allowed))
    return by_number[wanted]


def _needs_less(less: Way, more: Way) -> bool:
    """Whether doing `more` is always doing `less` too."""
    return all(slot in more and more[slot] & ~mask == 0 for slot, mask in less.items())


def _together(one: Way, other: Way) -> Way | None:
    way = {**one, **other}
    for slot in one.keys() & other.keys():
        way[slot] = one[slot] & other[slot]
        if not way[slot]:
            return None
    return way


def mask_of(states: Iterable[bool]) -> int:
    """The bit mask of the states that are true."""
    return sum(1 << bit for bit, state in enumerate(states) if state)
