"""Reads a content security policy and judges it by the HTTP Observatory's rules."""

from collections.abc import Mapping
from dataclasses import dataclass

EVERYWHERE = frozenset({"*", "http:", "https:", "ftp:", "http://*", "https://*", "http://*.*", "https://*.*"})
INLINE = frozenset({"'unsafe-inline'", "data:"})
PASSIVE = ("img-src", "media-src")
SHORTEST = 6
VOUCHED = ("'nonce-", "'sha256-", "'sha384-", "'sha512-")


class NoPolicy(ValueError):
    """The header's text is no policy."""


@dataclass(frozen=True)
class Policy:
    """What may be loaded: sources by directive."""

    directives: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, text: str) -> "Policy":
        """Read one policy; a directive said twice is refused, since a browser would ignore the second."""
        if len(text.strip()) < SHORTEST or "," in text:
            raise NoPolicy(text)
        directives: dict[str, frozenset[str]] = {}
        for part in filter(None, (part.strip() for part in text.split(";"))):
            name, *sources = part.lower().split()
            if name in directives:
                raise NoPolicy(name)
            directives[name] = frozenset(sources or ["'none'"])
        return cls(directives)

    def sources(self, name: str) -> frozenset[str] | None:
        """Return what the directive allows; None where it isn't there."""
        return self.directives.get(name)

    def loads(self, name: str) -> frozenset[str]:
        """Return what may be loaded: by its own directive, else by the default, else anything."""
        found = self.directives.get(name) or self.directives.get("default-src") or frozenset({"*"})
        vouched = any(source.startswith(VOUCHED) for source in found)
        return found - {"'unsafe-inline'"} if vouched else found

    def judged(self) -> tuple[str, int]:
        """Return the first rule that the policy breaks, or how good it is."""
        script, style, plugin = self.loads("script-src"), self.loads("style-src"), self.loads("object-src")
        if script & (EVERYWHERE | INLINE) or plugin & EVERYWHERE:
            return "inline scripts, or scripts from anywhere", -20
        if any(
            _is_plain(source) for name in set(self.directives) - {*PASSIVE} for source in self.loads(name)
        ):
            return "something over HTTP", -20
        if "'unsafe-eval'" in script | style:
            return "scripts made from text", -10
        if any(_is_plain(source) for name in PASSIVE for source in self.loads(name)):
            return "pictures over HTTP", -10
        if style & (EVERYWHERE | INLINE):
            return "inline styles, or styles from anywhere", 0
        only_named = self.directives.get("default-src") == frozenset({"'none'"})
        return ("only what is named", 10) if only_named else ("nothing unsafe", 5)


def _is_plain(source: str) -> bool:
    return source.startswith(("http:", "ftp:"))
