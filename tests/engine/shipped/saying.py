"""A condition in one line, so that a table can say what a rule must be."""

from tests.engine.shipped.documents import Document


def say(condition: Document) -> str:
    """`(phq9_total >= 10 and not mania_now)` and the like, exactly as the condition is nested."""
    match condition:
        case {"all": parts}:
            return f"({' and '.join(map(say, parts))})"
        case {"any": parts}:
            return f"({' or '.join(map(say, parts))})"
        case {"some": {"at_least": least, "of": parts}}:
            return f"{least} of ({', '.join(map(say, parts))})"
        case {"count": count}:
            return _say_count(count)
    return _say_comparison(condition)


def _say_comparison(comparison: Document) -> str:
    match comparison:
        case {"fact": fact, "is": bool(answer)}:
            return fact if answer else f"no {fact}"
        case {"fact": fact, "is": answer}:
            return f"{fact} {answer}"
        case {"fact": fact, "one_of": answers}:
            return f"{fact} {'|'.join(answers)}"
        case {"fact": fact, "at_least": least}:
            return f"{fact} >= {least}"
        case {"fact": fact, "at_most": most}:
            return f"{fact} <= {most}"
    raise AssertionError(comparison)


def _say_count(count: Document) -> str:
    distinct = f" different {count['distinct_by']}" if "distinct_by" in count else ""
    least, of, complete = count["at_least"], count["of"], count["complete"]
    return f"{least}{distinct} in {of} ({complete}) where {say(count['where'])}"
