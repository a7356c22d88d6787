"""The rules over the whole product, and each rule over a line that breaks it (CHECKS 52)."""

import ast

import pytest

from tests.rules import syntax
from tests.rules.allowed import ALLOWED, ANYTHING, Allowance
from tests.rules.sources import TOOLS, is_view, modules

RULES = (
    "unscoped",
    "built_statements",
    "marked_safe",
    "told_to_the_log",
    "dangerous_calls",
    "dangerous_imports",
    "unguarded",
    "swallowed",
    "zoneless",
)
VIEWS_ONLY = frozenset({"unscoped"})
TOOLS_TOO = frozenset({"dangerous_calls", "dangerous_imports", "swallowed"})


def found_by(rule: str) -> set[tuple[str, str]]:
    """Return what the rule finds, as module and what, without the line, which moves."""
    check = getattr(syntax, rule)
    tools = modules(*TOOLS) if rule in TOOLS_TOO else {}
    return {
        (name, problem.partition(": ")[2])
        for name, tree in (modules() | tools).items()
        if rule not in VIEWS_ONLY or is_view(name)
        for problem in check(tree)
    }


def is_meant(allowance: Allowance, found: tuple[str, str]) -> bool:
    """Return whether this is what was allowed."""
    return allowance.module == found[0] and allowance.what in {ANYTHING, found[1]}


@pytest.mark.parametrize("rule", RULES)
def test_nothing_breaks_the_rule_but_what_is_allowed_by_name(rule: str) -> None:
    """CHECKS 52: and an allowance that nothing needs any more is dropped."""
    allowed = [allowance for allowance in ALLOWED if allowance.rule == rule]
    found = found_by(rule)
    assert sorted(each for each in found if not any(is_meant(one, each) for one in allowed)) == []
    assert [one for one in allowed if not any(is_meant(one, each) for each in found)] == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("unscoped", "Client.objects.get(pk=pk)"),
        ("unscoped", "Client.objects.all()"),
        ("unscoped", "rows = Client.objects"),
        ("unscoped", "get_object_or_404(Client, pk=pk)"),
        ("unscoped", "Client._base_manager.filter(pk=pk)"),
        ("built_statements", "cursor.execute(f'SELECT {name}')"),
        ("built_statements", "cursor.execute('SELECT ' + name)"),
        ("built_statements", "cursor.execute('SELECT %s' % name)"),
        ("built_statements", "cursor.execute('SELECT {}'.format(name))"),
        ("built_statements", "QUERY = f'SELECT {name}'\ncursor.execute(QUERY)"),
        ("built_statements", "Client.objects.raw(text)"),
        ("built_statements", "migrations.RunSQL(text)"),
        ("built_statements", "RunSQL(sql=['SELECT 1', f'SELECT {name}'])"),
        ("built_statements", "cursor.execute(sql.SQL(text))"),
        ("marked_safe", "mark_safe(text)"),
        ("marked_safe", "safestring.SafeString(text)"),
        ("marked_safe", "format_html(text)"),
        ("marked_safe", "format_html(f'<b>{text}</b>')"),
        ("marked_safe", "format_html_join('', pattern, rows)"),
        ("told_to_the_log", "logger.info(f'saved {client}')"),
        ("told_to_the_log", "logger.info('saved %s', client)"),
        ("told_to_the_log", "logger.info('saved %s', client.last_name)"),
        ("told_to_the_log", "self.log.error('broke: %s', exc)"),
        ("told_to_the_log", "logging.warning('a', exc_info=True)"),
        ("told_to_the_log", "logger.exception('broke')"),
        ("dangerous_calls", "eval(text)"),
        ("dangerous_calls", "subprocess.run(text, shell=True)"),
        ("dangerous_imports", "import pickle"),
        ("dangerous_imports", "from xml.etree import ElementTree"),
        ("dangerous_imports", "import random"),
        ("dangerous_calls", "hashlib.md5(text)"),
        ("dangerous_calls", "get(url, verify=False)"),
        ("dangerous_calls", "print(client)"),
        ("unguarded", "@csrf_exempt\ndef view(request): ..."),
        ("unguarded", "decorators.csp_exempt(view)"),
        ("swallowed", "try:\n    go()\nexcept Exception:\n    pass"),
        ("swallowed", "try:\n    go()\nexcept:\n    stop()"),
        ("swallowed", "with suppress(Exception):\n    go()"),
        ("zoneless", "datetime.now()"),
        ("zoneless", "date.today()"),
        ("zoneless", "datetime.utcnow()"),
    ],
)
def test_each_rule_finds_a_line_that_breaks_it(rule: str, source: str) -> None:
    assert list(getattr(syntax, rule)(ast.parse(source)))


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("unscoped", "get_object_or_404(Client.objects.visible_to(request.user), pk=pk)"),
        ("built_statements", "QUERY = 'SELECT 1'\ncursor.execute(QUERY, [name])"),
        ("built_statements", "cursor.execute(sql.SQL('DROP TABLE {}').format(sql.Identifier(name)))"),
        ("marked_safe", "def look() -> SafeString: return format_html('<b>{}</b>', text)"),
        ("told_to_the_log", "logger.warning('notice %s waits: %s', notice.pk, type(problem).__name__)"),
        ("dangerous_calls", "subprocess.run([program, name], check=True)"),
        ("swallowed", "try:\n    go()\nexcept ValueError:\n    pass"),
        ("swallowed", "try:\n    go()\nexcept BaseException:\n    stop()\n    raise"),
        ("zoneless", "datetime.now(UTC)"),
    ],
)
def test_each_rule_leaves_what_is_right_alone(rule: str, source: str) -> None:
    assert list(getattr(syntax, rule)(ast.parse(source))) == []


def test_there_are_modules_to_look_at() -> None:
    assert len(modules()) > 150
    assert sum(is_view(name) for name in modules()) > 20
