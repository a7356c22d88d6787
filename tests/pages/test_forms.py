"""A field shows its label, hint, error and control, in this order, and says so to a screen reader."""

import re

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template.loader import render_to_string


class Sample(forms.Form):
    name = forms.CharField(help_text="As on the card", max_length=5)
    note = forms.CharField(required=False, widget=forms.Textarea)
    how = forms.ChoiceField(
        choices=[("paper", "On paper"), ("not_known", "Not known")], widget=forms.RadioSelect, help_text="One"
    )
    told = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    state = forms.ChoiceField(choices=[("or", "Oregon")])
    sure = forms.BooleanField(help_text="Think twice")


FIELDS = list(Sample.base_fields)


def shown(data=None):
    return {name: _one(Sample(data), name) for name in FIELDS}


def _one(form, name):
    return render_to_string("components/field.html", {"field": form[name]})


@pytest.mark.parametrize("name", ["name", "how"])
def test_label_hint_error_and_control_come_in_this_order(name):
    page = shown({})[name]
    places = [
        page.index(part)
        for part in (Sample.base_fields[name].label or name.capitalize(), "hint", "field-error", "<input")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("name", FIELDS)
def test_the_error_stands_before_the_control(name):
    page = shown({})[name]
    if name == "note":
        assert "field-error" not in page
    else:
        assert page.index("field-error") < min(
            page.find(tag) for tag in ("<input", "<select", "<textarea") if tag in page
        )


@pytest.mark.parametrize("name", FIELDS)
def test_what_describes_a_control_is_on_the_page(name):
    page = shown({})[name]
    described = " ".join(re.findall(r'aria-describedby="([^"]*)"', page)).split()
    assert [each for each in described if f'id="{each}"' not in page] == []
    assert bool(described) == (name != "note")


@pytest.mark.parametrize("name", FIELDS)
def test_need_is_said_in_words(name):
    page = shown()[name]
    assert ("(optional)" in page, "(required)" in page) == (name == "note", name != "note")
    assert "*" not in page


@pytest.mark.parametrize("name", ["how", "told"])
def test_choices_are_a_fieldset_with_a_legend_and_one_label_each(name):
    page = shown()[name]
    assert page.count("<fieldset") == page.count("<legend") == 1
    assert page.count("<label") == page.count("<input") == 2


def test_an_unknown_answer_is_dashed_and_in_the_same_group():
    page = shown()["how"]
    assert re.findall(r'choice--unk"[^>]*><input[^>]*name="(\w+)" value="not_known"', page) == ["how"]


def test_what_was_typed_is_kept():
    assert 'value="Alexandrina"' in shown({"name": "Alexandrina"})["name"]


def test_crispy_uses_the_same_field():
    page = render_crispy_form(Sample({}))
    assert page.count("field-error") == len(FIELDS) - 1
    assert "invalid-feedback" not in page


def test_the_summary_links_to_the_first_control_in_the_words_at_the_field():
    form = Sample({"name": "Alexandrina"})
    summary = render_to_string("components/error_summary.html", {"form": form})
    fields = shown({"name": "Alexandrina"})
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)
    assert [target for target, _ in links] == ["id_name", "id_how_0", "id_told_0", "id_state", "id_sure"]
    for target, said in links:
        name = next(name for name in FIELDS if target.startswith(f"id_{name}"))
        label, _, error = said.partition(": ")
        assert f'id="{target}"' in fields[name]
        assert label in fields[name]
        assert error in fields[name]


def test_no_errors_no_summary():
    form = Sample({"name": "Al", "how": "paper", "told": ["a"], "state": "or", "sure": "on"})
    assert form.is_valid()
    assert render_to_string("components/error_summary.html", {"form": form}).strip() == ""
