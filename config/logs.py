"""What a line of the log may hold: what happened and where in the code, and nothing of what somebody sent.

A client's data could reach a log in an address or a header that is quoted, and in the message of an exception
(PostgreSQL repeats the row it refuses); a line break in either would make one line look like two.
"""

import logging
import sys
from collections.abc import Iterator
from traceback import extract_tb
from types import TracebackType
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# Sentences of our own for whoever operates the product; they quote nothing.
OURS = (ImproperlyConfigured,)
# Causes of causes: enough to find a fault, and an end where they lead in a circle.
MOST_CAUSES = 8
# Beside control characters: separators of lines, and what turns the direction of writing.
HIDDEN = frozenset("\u2028\u2029\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LAYOUT = "{asctime} {levelname} {name} {message}"


class Line(logging.Formatter):
    """One event is one line; below it, indented, the places of a trace, without any value."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Whatever layout a configuration asks for (gunicorn's does), ours is the one that was looked at.
        super().__init__(LAYOUT, style="{")

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as text."""
        record.message = one_line(_said(record))
        record.asctime = self.formatTime(record)
        exception = record.exc_info[1] if record.exc_info else None
        places = trace(exception) if exception is not None else ()
        return "\n".join([self.formatMessage(record), *places])


def _said(record: logging.LogRecord) -> str:
    """Return the message; of a request only its status and the name of its address."""
    request = getattr(record, "request", None)
    if request is not None:
        match = getattr(request, "resolver_match", None)
        to = match.view_name if match is not None else "no known address"
        status = getattr(record, "status_code", "-")
        return f"request {getattr(request, 'id', '-')} to {to} was answered {status}"
    if record.name == "py.warnings":
        # "file:line: Category: words", and below it the line of code: the words may quote a value.
        words = record.args[0] if isinstance(record.args, tuple) and record.args else record.msg
        place, _, category = str(words).partition(": ")
        return f"{place}: {category.partition(':')[0]}"
    return record.getMessage()


def one_line(text: str) -> str:
    """Return the text with every character written out that could end the line, or read as another one."""
    return "".join(letter if _is_plain(letter) else ascii(letter)[1:-1] for letter in text)


def _is_plain(letter: str) -> bool:
    return letter >= " " and not "\x7f" <= letter <= "\x9f" and letter not in HIDDEN and not _is_half(letter)


def _is_half(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff"


def trace(exception: BaseException) -> Iterator[str]:
    """Yield what broke, where in the code, and what that came from: types and places, never a message."""
    here: BaseException | None = exception
    for _ in range(MOST_CAUSES):
        if here is None:
            return
        yield f"  {_kind(here)}"
        for frame in extract_tb(here.__traceback__):
            yield f"    {frame.filename}:{frame.lineno} in {frame.name}"
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)


def _kind(exception: BaseException) -> str:
    words = f": {one_line(str(exception))}" if isinstance(exception, OURS) else ""
    # The class of error, as PostgreSQL counts them: 23505 is a doubled key.
    code = getattr(exception, "sqlstate", None)
    return f"{type(exception).__name__}{f' {code}' if code else ''}{words}"


def say_where(kind: type[BaseException], exception: BaseException, _trace: TracebackType | None) -> None:
    """Print an exception that ends a command; what a scheduler keeps is a log too."""
    if issubclass(kind, KeyboardInterrupt):
        return
    # A sentence of ours says what to do: its place in the code would only be in the way.
    lines = [_kind(exception)] if isinstance(exception, OURS) else trace(exception)
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def begin() -> None:
    """Bring into the log what would go past it: warnings, a faulty log call, an exception that ends us."""
    logging.captureWarnings(True)
    # Otherwise a record that can't be formatted is printed with all its arguments.
    logging.raiseExceptions = False
    sys.excepthook = say_where
