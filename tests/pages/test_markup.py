"""Every template: nothing the browser refuses, every word translatable, one heading (CHECKS 21, 26, 52)."""

from pathlib import Path

import pytest

from tests.pages import markup, words

TEMPLATES = {
    str(path.relative_to(words.ROOT / "templates")): path.read_text(encoding="utf-8")
    for path in sorted((words.ROOT / "templates").rglob("*"))
    if path.suffix in {".html", ".txt"}
}
PAGES = {
    name: source
    for name, source in TEMPLATES.items()
    if source.lstrip().startswith('{% extends "base.html"') and "/_" not in name
}

# Written inside an element's opening tag: names of attributes, not words.
ATTRIBUTES_ONLY = frozenset({"components/question_aria.html"})


def problems(check, sources=TEMPLATES):
    found = {name: check(source) for name, source in sources.items()}
    return {name: what for name, what in found.items() if what}


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 40
    assert len(PAGES) > 5


def test_no_template_holds_a_style_a_script_or_an_event():
    assert problems(markup.inline_code) == {}


def test_no_template_switches_escaping_off():
    html = {name: source for name, source in TEMPLATES.items() if name.endswith(".html")}
    assert problems(markup.unescaped, html) == {}


def test_every_word_goes_through_gettext():
    spoken = {name: source for name, source in TEMPLATES.items() if name not in ATTRIBUTES_ONLY}
    assert problems(markup.untranslated, spoken) == {}


def test_every_page_has_one_heading():
    assert problems(markup.heading_problem, PAGES) == {}


def test_no_title_holds_a_variable():
    assert problems(markup.named_in_title) == {}


def test_partials_see_only_what_they_are_given():
    assert problems(markup.includes_without_only) == {}


def test_no_code_marks_text_as_safe():
    found = {name: markup.marked_safe(source) for name, source in words.python_sources()}
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_every_script_is_a_file_of_ours_or_of_a_package():
    assert {path.suffix for path in Path(words.ROOT / "static").rglob("*") if path.is_file()} == {
        ".css", ".js", ".svg", ".txt", ".woff2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("check", "source"),
    [
        (markup.inline_code, '<p style="color: red">'),
        (markup.inline_code, "<style>p {}</style>"),
        (markup.inline_code, "<script>go()</script>"),
        (markup.inline_code, '<button onclick="go()">'),
        (markup.inline_code, '<button hx-on:click="go()">'),
        (markup.inline_code, '<a href="javascript:go()">'),
        (markup.inline_code, '<img src="data:image/png;base64,AA">'),
        (markup.marked_safe, "x = mark_safe(text)"),
        (markup.marked_safe, "x = safestring.SafeString(text)"),
        (markup.unescaped, "{{ text|safe }}"),
        (markup.unescaped, "{% autoescape off %}{{ text }}{% endautoescape %}"),
        (markup.untranslated, "<p>Hello</p>"),
        (markup.untranslated, '<nav aria-label="Main">'),
        (markup.untranslated, "{% if x %}Yes{% endif %}"),
        (
            markup.heading_problem,
            "{% block content %}<h1>A</h1>{% endblock %}{% block heading %}B{% endblock %}",
        ),
        (markup.heading_problem, "{% block content %}<p></p>{% endblock %}"),
        (markup.named_in_title, "{% block title %}{{ client.name }}{% endblock %}"),
        (markup.includes_without_only, '{% include "components/unk.html" with kind=kind %}'),
    ],
)
def test_each_check_finds_what_it_looks_for(check, source):
    assert check(source)


@pytest.mark.parametrize(
    ("check", "source"),
    [
        (markup.inline_code, '<script src="{% static "app.js" %}" defer></script>{# style="no" #}'),
        (markup.marked_safe, "def look() -> SafeString: return format_html('{}', text)"),
        (markup.unescaped, "{{ text }}{{ safe }}"),
        (
            markup.untranslated,
            '<p>{% translate "Hello" %} {{ name }}, 12 {% blocktranslate %}Yes{% endblocktranslate %}</p>',
        ),
        (markup.heading_problem, "{% block heading %}A{% endblock %}"),
        (markup.heading_problem, "{% block pagehead %}<h1>A</h1>{% endblock %}"),
        (markup.named_in_title, '{% block title %}{% translate "Home" %}{% endblock %}{{ name }}'),
        (markup.includes_without_only, '{% include "components/unk.html" with kind=kind only %}'),
    ],
)
def test_each_check_leaves_what_is_right_alone(check, source):
    assert not check(source)
