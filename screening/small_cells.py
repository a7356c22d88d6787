"""Counts that may be shown: small ones are hidden, together with what would give them away."""

from collections.abc import Collection, Mapping

# Fewer people than this in one cell could be recognized by whoever knows one of them.
SMALLEST_SHOWN = 5


def hide_small(cells: Mapping[str, int], at_least: int = SMALLEST_SHOWN) -> Mapping[str, int | None]:
    """Return the cells of one total, None where the count is under `at_least` or would give one away.

    Whoever reads the result may know the total, and this rule. So what is hidden adds up to `at_least` or
    more, and isn't the same count everywhere: exchanged among each other, the hidden counts would look just
    like this. A total under `at_least` hides every cell; whoever shows it beside them has to hide it too.
    """
    counts = sorted(set(cells.values()))
    hidden = [count for count in cells.values() if count < at_least]
    limit = at_least
    for count in counts:
        if not hidden or _keeps_its_secret(hidden, at_least):
            break
        # All cells of one count together: a choice between equals would itself tell something.
        if count >= limit:
            hidden += [each for each in cells.values() if each == count]
            limit = count + 1
    return {name: None if hidden and count < limit else count for name, count in cells.items()}


def _keeps_its_secret(hidden: Collection[int], at_least: int) -> bool:
    """Return whether the sum of what is hidden, which subtraction tells, tells nothing of its parts."""
    return sum(hidden) >= at_least and len(set(hidden)) > 1
