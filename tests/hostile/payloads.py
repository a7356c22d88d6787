"""Twenty ways to make a page do something by what stands in a text, and words that carry them."""

import re

from tests.hostile.world import EMAIL

# `zqx` is what would show, as an element, an attribute or a call, if one of them ran.
FINGERPRINT = "zqx"
PAYLOADS = (
    "<script>zqx()</script>",
    '"><img src=x onerror=zqx()>',
    "' autofocus onfocus=zqx() x='",
    "javascript:zqx()",
    "</script><script>zqx()</script>",
    "<svg/onload=zqx()>",
    "<math href=javascript:zqx()>zqx",
    "{{zqx}}{% zqx %}${zqx()}",
    "&lt;b zqx&gt;&#60;i zqx&#62;",
    "</title><svg onload=zqx()>",
    "<!--zqx",
    "--><b zqx>",
    "</textarea><b zqx>",
    "<style>@import'zqx';",
    "\\u003cb zqx\\u003e\\x3cb zqx\\x3e",
    "\uff1cscript\uff1ezqx()\uff1c/script\uff1e",
    '<iframe srcdoc="<b zqx>">',
    '\\";zqx();//</b zqx>',
    "]]><b zqx><![CDATA[",
    "<a href=data:text/html,zqx>zqx",
    "<zqx-tag zqx onpointerenter=zqx()>",
)
# A spreadsheet runs what begins like this.
FORMULAS = ('=HYPERLINK("zqx")', "+zqx()", "-zqx()", "@zqx()")
EVERY = (*PAYLOADS, *FORMULAS)
# Neither a blank nor a quotation mark, so that an e-mail address can hold it.
IN_AN_ADDRESS = "<svg/onload=zqx()>"
MARKER = re.compile(r"zq\d{4}z")


class Hostile:
    """Words that each carry one payload or more, and a mark by which each is found again."""

    def __init__(self) -> None:
        self.seeded: dict[str, str] = {}
        self.places: dict[str, str] = {}
        self.turns: dict[str, int] = {}

    def __call__(self, place: str, limit: int) -> str:
        """Return the words for a place: another payload each time, and all of them where there is room."""
        marker = f"zq{len(self.seeded):04}z"
        if limit == EMAIL:
            text = f'"{IN_AN_ADDRESS}{marker}"@example.org'
        else:
            text = self._carrying(place, limit - len(marker)) + marker
        self.seeded[marker], self.places[marker] = text, place
        return text

    def _carrying(self, place: str, room: int) -> str:
        turn = self.turns[place] = self.turns.get(place, len(place)) + 1
        carried = ""
        for number in range(len(EVERY)):
            payload = EVERY[(turn + number) % len(EVERY)]
            if len(carried) + len(payload) <= room:
                carried += payload
        return carried

    def missed(self) -> set[str]:
        """Return the payloads that no text carries: there are none, or the sweep proves too little."""
        everything = "".join(self.seeded.values())
        return {payload for payload in EVERY if payload not in everything}
