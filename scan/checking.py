"""Tries a finding of blind SQL injection again, with a comparison that is false and as long as the true one.

wapiti compares a true condition (`69=69`) with false ones (`69=154`), which are often a sign longer. Where a
field's limit lies between the two, the longer one is refused: that looks as if a database had answered.
"""

import re
from dataclasses import replace

from scan.findings import Finding
from scan.site import Visitor

COMPARISON = re.compile(r"(AND(?:%20|\+)(\d\d)%3D)(\2)(?!\d)")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
AS_LONG = "a false comparison of the same length is answered as the true one: a limit on length"


def checked(visitor: Visitor, finding: Finding) -> Finding:
    """Return the finding, refuted if it is a blind injection that a comparison as long doesn't confirm."""
    false = falsified(finding.request)
    if finding.module != "sql" or not false:
        return finding
    answers = {_answer(visitor, request) for request in (finding.request, false)}
    return replace(finding, refuted=AS_LONG) if len(answers) == 1 else finding


def falsified(request: str) -> str:
    """Return the request with its true comparison made false at the same length, or nothing."""
    false, changed = COMPARISON.subn(lambda found: found[1] + str((int(found[3]) - 9) % 90 + 10), request)
    return false if changed == 1 else ""


def _answer(visitor: Visitor, request: str) -> tuple[int, str, str]:
    head, _, body = request.partition("\n\n")
    method, path, *_ = head.split(" ")
    status, page, headers = visitor.ask(method, path, body or None)
    return status, headers.get("Location") or "", TOKEN.sub("", page)
