"""Every pair of colors can be read: text 4.5 to 1, edges of controls 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re

import pytest

from tests.pages import words

CSS = (words.ROOT / "static" / "app.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{3,6})\b", CSS.split("@media")[0]))

TEXT = ["ink", "ink-2", "ink-3", "spruce", "spruce-deep", "plum", "red"]
GROUNDS = ["surface", "paper"]
ON_TINTS = [
    ("ink", "spruce-tint"),
    ("ink-2", "spruce-tint"),
    ("ink-3", "spruce-tint"),
    ("spruce-deep", "spruce-tint"),
    ("plum", "plum-tint"),
    ("ink", "plum-tint"),
    ("red", "red-tint"),
    ("ink", "red-tint"),
    ("ink", "warm-tint"),
    ("warm-ink", "warm-tint"),
]


def luminance(color: str) -> float:
    """The relative luminance of WCAG 2.2."""
    digits = color.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_published():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("text", TEXT)
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_can_be_read(text, ground):
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize(("text", "tint"), ON_TINTS)
def test_text_on_a_tint_can_be_read(text, tint):
    assert contrast(TOKENS[text], TOKENS[tint]) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
def test_edges_of_controls_can_be_seen(ground):
    assert contrast(TOKENS["control"], TOKENS[ground]) >= 3


def test_white_on_what_is_pressed_can_be_read():
    assert contrast("#fff", TOKENS["spruce"]) >= 4.5
    assert contrast("#fff", TOKENS["red"]) >= 4.5


def test_the_ball_is_never_text():
    assert re.findall(r"(?<![-\w])color:\s*var\(--warm\)", CSS) == []


def test_the_stylesheet_fetches_nothing_from_elsewhere():
    addresses = re.findall(r"url\(\"?([^\")]+)", CSS)
    assert addresses != []
    assert [address for address in addresses if not address.startswith(("fonts/", "img/"))] == []
