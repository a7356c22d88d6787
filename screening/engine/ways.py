"""Ways to make a condition true or false: which units must be answered, and with which of their states.

A way maps the slot of each unit that it needs to a bit mask of the states that would do. No way at all
means that it can't be done, the empty way that it is so already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, combinations, islice

Way = dict[int, int]
Ways = list[Way]

ALREADY: Ways = [{}]
NEVER: Ways = []

# More alternatives than this are not followed up: what is found still holds, some may be missed.
MOST_WAYS = 400
MOST_TOGETHER = 10 * MOST_WAYS
# Ways that need more facts than this are compared one by one: they have too many parts to look up.
MOST_LOOKED_UP = 6


def either(first: Ways, second: Ways) -> Ways:
    """Ways to do one or the other; a way is dropped if another needs less of it."""
    if not first or not second:
        return first or second
    if len(first) >= MOST_WAYS:
        last = _order(first[-1])
        second = [way for way in second if _order(way) < last]
    return _smallest(chain(first, second)) if second else first


def both(first: Ways, second: Ways, allowed: Callable[[Way], bool]) -> Ways:
    """Ways to do one and the other, as far as they can be done together and are allowed."""
    if not first or not second:
        return NEVER
    if first == ALREADY or second == ALREADY:
        return second if first == ALREADY else first
    together = (_together(one, other) for one in first for other in second)
    possible = (way for way in together if way is not None and allowed(way))
    return _smallest(islice(possible, MOST_TOGETHER))


def _order(way: Way) -> tuple[int, list[int]]:
    """Fewest facts first, then document order."""
    return len(way), sorted(way)


def _smallest(ways: Iterable[Way]) -> Ways:
    """The first of the ways, without those that need more than another does."""
    found: dict[frozenset[int], Ways] = {}
    for way in sorted(ways, key=_order)[:MOST_WAYS]:
        for known in _parts_of(way, found):
            if _needs_less(known, way):
                break
        else:
            found.setdefault(frozenset(way), []).append(way)
    return [way for same in found.values() for way in same]


def _parts_of(way: Way, found: dict[frozenset[int], Ways]) -> Iterator[Way]:
    """The ways found that could need less than this one: they need some of its facts and no others."""
    if len(way) > MOST_LOOKED_UP:
        return chain.from_iterable(found.values())
    parts = (frozenset(part) for size in range(len(way) + 1) for part in combinations(way, size))
    return chain.from_iterable(found.get(part, ()) for part in parts)


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
    return all(not more.get(slot, ~mask) & ~mask for slot, mask in less.items())


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
