"""The Flesch-Kincaid grade, measured without a dictionary to download."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

VOWELS = re.compile(r"[aeiouy]+")
# Two vowels that are two sounds: med-i-a, se-ri-ous, vid-e-o, a-re-a, qui-et, be-ing, su-i-cide.
SAID_APART = re.compile(
    r"(?<![tscg])i(?=a|o)|(?<=g)i(?=a$)|i(?=um|us$)|i(?=et)|(?<!p)e(?=o)|(?<=id)e(?=a)|(?<=ar)e(?=a)"
    r"|(?<=cr)e(?=a)|e(?=ing)|(?<=s)u(?=i[cd])|(?<![qg])u(?=a)|y(?=i)|(?<=m)y(?=a)"
)
# Endings that are written and not said: hope, hopes, hoped; but not table, boxes, wanted, studied, settled.
SILENT = re.compile(
    r"(?<=[aeiouy][^aeiouy])e$|(?<=[aeiouy][^aeiouy]{2})(?<![^aeiouy]l)e$"
    r"|(?<=[^aeiouysxzcgh])es$(?<![^aeiou]les)|(?<=[^aeiouytd])ed$(?<![^aeiouy]led)"
)
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|\d+")
SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)")


def syllables(word: str) -> int:
    """Return the syllables of an English word: groups of vowels, some said apart, silent endings aside.

    It was compared with a list of words counted by hand; where it is unsure it counts one more.
    """
    plain = re.sub(r"[^a-z]", "", word.lower())
    count = len(VOWELS.findall(plain)) + len(SAID_APART.findall(plain))
    return max(count - len(SILENT.findall(plain)), 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """The counts behind a grade."""

    sentences: int
    words: int
    syllables: int

    @property
    def grade(self) -> float:
        """The Flesch-Kincaid grade level (Kincaid 1975)."""
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


def read(blocks: list[str]) -> Reading:
    """Count the sentences, words and syllables of paragraphs; names of medicines are words like others."""
    sentences = words = total = 0
    for block in blocks:
        for sentence in SENTENCE_END.split(block):
            found = WORD.findall(sentence)
            if found:
                sentences += 1
                words += len(found)
                total += sum(syllables(word) for word in found)
    return Reading(sentences, words, total)


class Paragraphs(HTMLParser):
    """Collects the paragraphs and list items of a sheet; sources and quoted lines are others' words."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._inside = False
        self._text: list[str] | None = None

    def handle_starttag(self, tag, attrs):
        classes = dict(attrs).get("class") or ""
        if tag == "article":
            self._inside = True
        if self._inside and tag in {"p", "li"}:
            self._text = None if {"source-line", "quoted"} & set(classes.split()) else []

    def handle_data(self, data):
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag):
        if tag in {"p", "li"} and self._text is not None:
            self.blocks.append(" ".join("".join(self._text).split()))
            self._text = None
        if tag == "article":
            self._inside = False


def paragraphs(page: str) -> list[str]:
    """Return the sheet's own paragraphs and list items."""
    parser = Paragraphs()
    parser.feed(page)
    return [block for block in parser.blocks if block]
