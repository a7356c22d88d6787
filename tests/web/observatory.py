"""Scores an answer's headers by the rules that the HTTP Observatory publishes (its table of modifiers).

A site begins with 100 points. What is missing or unsafe takes points away; what is better than asked adds
some, but only to a site that lost ten at most. The rules are told in our own words, one function each.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import Morsel
from urllib.parse import urlsplit

from tests.web.policy import NoPolicy, Policy

START, LOSES_AT_MOST = 100, 10
SIX_MONTHS = 15_768_000
PRIVATE = frozenset({"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"})
TELLING = frozenset({"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"})


@dataclass(frozen=True)
class Visit:
    """An answer over HTTPS, and where the same address led over HTTP (nowhere: nothing answers there)."""

    host: str
    headers: Mapping[str, str]
    cookies: Sequence[Morsel] = ()
    body: str = ""
    over_http: Sequence[str] | None = None
    asked_from: str = ""

    def header(self, name: str) -> str | None:
        """Return a header whatever the case of its name."""
        found = {key.lower(): value for key, value in self.headers.items()}
        return found.get(name.lower())

    @property
    def policy(self) -> Policy | None:
        """Return the content security policy; an unreadable one raises NoPolicy."""
        text = self.header("Content-Security-Policy")
        return None if text is None else Policy.read(text)


@dataclass(frozen=True)
class Score:
    """The points, and by rule what was found and what it counts."""

    total: int
    findings: Mapping[str, tuple[str, int]] = field(default_factory=dict)


def score(visit: Visit) -> Score:
    """Score the visit by every rule."""
    findings = {rule.__name__: rule(visit) for rule in RULES}
    lost = sum(points for _, points in findings.values() if points < 0)
    gained = sum(points for _, points in findings.values() if points > 0)
    total = START + lost + (gained if lost >= -LOSES_AT_MOST else 0)
    return Score(max(total, 0), findings)


def content_security_policy(visit: Visit) -> tuple[str, int]:
    """No inline code, no broad source; best of all, nothing but what is named."""
    try:
        policy = visit.policy
    except NoPolicy:
        return "cannot be read", -25
    if policy is None:
        return "missing", -25
    return policy.judged()


def cookies(visit: Visit) -> tuple[str, int]:
    """Cookies travel over HTTPS alone, sessions are out of scripts' reach, other sites can't send them."""
    if not visit.cookies:
        return "none", 0
    safe_by_hsts = strict_transport(visit)[1] >= 0
    found = [_cookie(cookie, safe_by_hsts) for cookie in visit.cookies]
    worst = min(found, key=lambda each: each[1])
    if worst[1] < 0:
        return worst
    bound = all(cookie["samesite"] for cookie in visit.cookies)
    return ("secure and bound to the site", 5) if bound else ("secure", 0)


def _cookie(cookie: Morsel, safe_by_hsts: bool) -> tuple[str, int]:
    name, same_site = cookie.key.lower(), str(cookie["samesite"]).lower()
    is_session, is_token = any(word in name for word in ("sess", "login")), "csrf" in name
    faults = [("fine", 0)]
    if not cookie["secure"]:
        penalty = (-10 if is_session else -5) if safe_by_hsts else (-40 if is_session else -20)
        faults.append(("not secure", penalty))
    if same_site not in {"", "lax", "strict", "none"} or (same_site == "none" and not cookie["secure"]):
        faults.append(("a SameSite that means nothing", -20))
    if is_token and not same_site:
        faults.append(("a token without SameSite", -20))
    if is_session and not cookie["httponly"]:
        faults.append(("a session that scripts can read", -30))
    return min(faults, key=lambda each: each[1])


def shared_resources(visit: Visit) -> tuple[str, int]:
    """Nobody else's page may read an answer that was asked for with our cookies."""
    allowed = (visit.header("Access-Control-Allow-Origin") or "").strip()
    with_cookies = (visit.header("Access-Control-Allow-Credentials") or "").strip().lower() == "true"
    if allowed and allowed != "*" and allowed == visit.asked_from and with_cookies:
        return "anybody, with our cookies", -50
    return ("some", 0) if allowed else ("nobody", 0)


def redirection(visit: Visit) -> tuple[str, int]:
    """HTTP leads to HTTPS at once, on the same host."""
    if visit.over_http is None:
        return "nothing answers over HTTP", 0
    steps = [urlsplit(step) for step in visit.over_http]
    if not steps:
        return "stays on HTTP", -20
    if steps[-1].scheme != "https":
        return "ends on HTTP", -20
    if steps[0].scheme != "https":
        return "first leads to HTTP", -10
    return ("to HTTPS", 0) if steps[0].hostname == visit.host else ("to another host", -5)


def referrer_policy(visit: Visit) -> tuple[str, int]:
    """Other sites don't learn which page a reader comes from; the last policy that is known counts."""
    text = visit.header("Referrer-Policy")
    if text is None:
        return "missing", 0
    known = [word for word in (part.strip().lower() for part in text.split(",")) if word in PRIVATE | TELLING]
    if not known:
        return "not known", -5
    return ("private", 5) if known[-1] in PRIVATE else ("telling", -5)


def strict_transport(visit: Visit) -> tuple[str, int]:
    """Browsers come back over HTTPS alone for half a year at least."""
    text = visit.header("Strict-Transport-Security")
    if text is None:
        return "missing", -20
    age = re.search(r"(?:^|;)\s*max-age=(\d+)", text.lower())
    if age is None or "," in text:
        return "cannot be read", -20
    return ("half a year or more", 0) if int(age[1]) >= SIX_MONTHS else ("too short", -10)


def scripts(visit: Visit) -> tuple[str, int]:
    """Scripts of other sites come over HTTPS and are checked against a hash."""
    if "html" not in (visit.header("Content-Type") or "html"):
        return "no page", 0
    tags = re.findall(r"<script\b[^>]*\bsrc=[\"']?([^\"' >]+)[^>]*>", visit.body)
    whole = re.findall(r"<script\b[^>]*>", visit.body)
    found = [
        _script(visit.host, source, "integrity=" in tag) for source, tag in zip(tags, whole, strict=False)
    ]
    return min(found, key=lambda each: each[1], default=("none", 0))


def _script(host: str, source: str, hashed: bool) -> tuple[str, int]:
    parts = urlsplit(source)
    if not parts.netloc or (parts.scheme and parts.hostname == host):
        return ("hashed", 5) if hashed and parts.scheme != "http" else ("own", 0)
    if parts.scheme == "https":
        return ("another site's, hashed", 5) if hashed else ("another site's", -5)
    return ("hashed, but not over HTTPS", -20) if hashed else ("another site's, not over HTTPS", -50)


def content_type_options(visit: Visit) -> tuple[str, int]:
    """A browser takes an answer for what it says it is."""
    text = visit.header("X-Content-Type-Options")
    return ("nosniff", 0) if (text or "").strip().lower() == "nosniff" else ("missing", -5)


def frame_options(visit: Visit) -> tuple[str, int]:
    """No other site shows ours in a frame."""
    try:
        if visit.policy is not None and visit.policy.sources("frame-ancestors") is not None:
            return "by the policy", 5
    except NoPolicy:
        pass
    text = (visit.header("X-Frame-Options") or "").strip().lower()
    if text in {"deny", "sameorigin"}:
        return "denied", 5
    return ("from somewhere", 0) if text.startswith("allow-from") else ("missing", -20)


def _one_of(visit: Visit, name: str, better: set[str], plain: set[str]) -> tuple[str, int]:
    text = visit.header(name)
    if text is None:
        return "missing", 0
    word = text.strip().lower()
    if word in better:
        return word, 10
    return (word, 0) if word in plain else ("not known", -5)


def resource_policy(visit: Visit) -> tuple[str, int]:
    """Other sites can't take an answer into their own pages."""
    return _one_of(visit, "Cross-Origin-Resource-Policy", {"same-origin", "same-site"}, {"cross-origin"})


def embedder_policy(visit: Visit) -> tuple[str, int]:
    """Nothing of another site comes into ours unasked."""
    return _one_of(visit, "Cross-Origin-Embedder-Policy", {"require-corp", "credentialless"}, {"unsafe-none"})


def opener_policy(visit: Visit) -> tuple[str, int]:
    """A window of another site has no hold on ours."""
    better = {"same-origin", "same-origin-allow-popups", "noopener-allow-popups"}
    return _one_of(visit, "Cross-Origin-Opener-Policy", better, {"unsafe-none"})


RULES: tuple[Callable[[Visit], tuple[str, int]], ...] = (
    content_security_policy,
    cookies,
    shared_resources,
    redirection,
    referrer_policy,
    strict_transport,
    scripts,
    content_type_options,
    frame_options,
    resource_policy,
    embedder_policy,
    opener_policy,
)
