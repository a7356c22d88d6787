"""What text may be, and the form fields that say so beside the field."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.fields import PlainCharField, PlainTextField
from accounts.text import check_text, clean_text


@pytest.mark.parametrize(
    "bad",
    ["\0", "a\ufffd", "\x1b[31m", "\x7f", "a\x85b", "\ud800", "a\udfff", "a\u202eb", "\u200f", "\u2066a"],
)
def test_what_cannot_be_stored_or_printed_is_refused(bad: str) -> None:
    """CHECKS 30."""
    for field in (PlainCharField(limit=20), PlainTextField(limit=20)):
        with pytest.raises(ValidationError, match="Remove the"):
            field.clean(bad)


def test_over_long_text_is_refused_with_the_number_of_characters() -> None:
    """CHECKS 30."""
    assert PlainCharField(limit=5).clean("12345") == "12345"
    with pytest.raises(ValidationError) as problem:
        PlainCharField(limit=5).clean("123456")
    assert problem.value.messages == ["Use at most 5 characters. You used 6."]


def test_text_keeps_its_lines_and_a_line_has_one() -> None:
    assert PlainTextField().clean("  one\r\ntwo\rthree\n ") == "one\ntwo\nthree"
    assert PlainCharField().clean(" one\r\ntwo ") == "one two"


def test_what_nobody_sees_is_left_out() -> None:
    """CHECKS 30."""
    assert PlainCharField().clean("\ufeffRo\u200bw\u00adan\u2028Ellis\u200d") == "Rowan Ellis"
    with pytest.raises(ValidationError, match="required"):
        PlainCharField().clean("\u200b\u200d \u2060")


def test_names_of_people_everywhere_are_text() -> None:
    for name in ("Zoë O’Neill-Müller", "משה", "张伟", "Ngũgĩ", "می\u200cخواهم", "👩🏽‍⚕️"):
        assert PlainCharField(limit=60).clean(name) == name


def test_an_empty_field_is_refused_where_it_is_required() -> None:
    with pytest.raises(ValidationError, match="required"):
        PlainCharField().clean("  ")
    assert PlainCharField(required=False).clean(None) == ""


def test_nothing_in_the_page_cuts_typing_short() -> None:
    class Form(forms.Form):
        line = PlainCharField(limit=5)
        text = PlainTextField(limit=5)

    assert "maxlength" not in Form().as_p()


@given(st.text())
def test_cleaned_text_is_stable_and_can_be_stored(text: str) -> None:
    try:
        cleaned = clean_text(text, 100)
    except ValidationError:
        return
    check_text(cleaned, 100)
    assert clean_text(cleaned, 100) == cleaned
    assert "\0" not in cleaned
    cleaned.encode()
