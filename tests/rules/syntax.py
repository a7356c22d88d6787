"""The rules, each a function of one parsed module: what it finds, with the line."""

import ast
from collections.abc import Iterator

from tests.rules.sources import calls

PEOPLE = frozenset({"request.user", "user", "person", "by", "self.user"})
STATEMENTS = frozenset({"execute", "executemany", "raw", "RunSQL", "RawSQL", "extra"})
LOGS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
MAKES_CODE = frozenset(
    {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "input", "breakpoint", "print"}
)
TRACES = frozenset({"exc_info", "extra", "stack_info"})
MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
UNSAFE_MODULES = frozenset(
    {"pickle", "cPickle", "dill", "marshal", "shelve", "yaml", "xml", "lxml", "telnetlib", "ftplib", "random"}
)
WEAK = frozenset({"hashlib.md5", "hashlib.sha1", "tempfile.mktemp", "random.random"})
WITHOUT_ZONE = frozenset(
    {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "datetime.utcfromtimestamp",
        "date.today",
        "datetime.date.today",
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
    }
)
MARKS = frozenset({"mark_safe", "SafeString", "SafeText", "SafeData"})


def _at(node: ast.AST, words: str) -> str:
    return f"{getattr(node, 'lineno', 0)}: {words}"


def unscoped(tree: ast.Module) -> Iterator[str]:
    """A view fetches through a queryset that asks who is asking: `Model.objects.visible_to(request.user)`."""
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and node.attr in MANAGERS):
            continue
        scope = parents[node]
        call = parents.get(scope)
        given = [ast.unparse(argument) for argument in call.args] if isinstance(call, ast.Call) else []
        if not (isinstance(scope, ast.Attribute) and PEOPLE & set(given)):
            yield _at(node, ast.unparse(scope))
    for call, what in calls(tree):
        if what.endswith(("get_object_or_404", "get_list_or_404")) and isinstance(call.args[0], ast.Name):
            name = call.args[0].id
            if name[:1].isupper():
                yield _at(call, f"{what}({name})")


def built_statements(tree: ast.Module) -> Iterator[str]:
    """A statement is a literal, a module's constant that is one, or psycopg's own composition of parts."""
    named = _named_literals(tree)
    for call, what in calls(tree):
        if what.rpartition(".")[2] in STATEMENTS | {"SQL"}:
            for statement in _statements(call):
                if not _is_literal(statement, named):
                    yield _at(call, ast.unparse(statement).split("\n")[0][:60])


def _statements(call: ast.Call) -> list[ast.expr]:
    """Return what is run: the first argument, or those that are named so."""
    named = [word.value for word in call.keywords if word.arg in {"sql", "reverse_sql", "query", "statement"}]
    return [*call.args[:1], *named]


def _named_literals(tree: ast.Module) -> frozenset[str]:
    """Return the module's constants that hold a literal; one that is built from another isn't one."""
    return frozenset(
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and _is_literal(node.value, frozenset())
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    )


def _is_literal(node: ast.expr | None, named: frozenset[str]) -> bool:
    """Return whether it is text as written, or psycopg's composition, which quotes what it is given."""
    match node:
        case ast.Constant():
            return isinstance(node.value, str)
        case ast.Name():
            return node.id in named
        case ast.List() | ast.Tuple():
            return all(_is_literal(each, named) for each in node.elts)
        case ast.Attribute():
            return ast.unparse(node) in {"migrations.RunSQL.noop", "RunSQL.noop"}
        case ast.Call():
            what = ast.unparse(node.func)
            return what in {"sql.SQL", "SQL"} or what.startswith(("sql.SQL(", "SQL("))
    return False


def marked_safe(tree: ast.Module) -> Iterator[str]:
    """Nothing is called safe by hand, and format_html gets its pattern as a literal."""
    for call, what in calls(tree):
        name = what.rpartition(".")[2]
        if name in MARKS:
            yield _at(call, what)
        if name in {"format_html", "format_html_join"}:
            pattern = call.args[1 if name == "format_html_join" else 0]
            if not isinstance(pattern, ast.Constant):
                yield _at(call, f"{name}({ast.unparse(pattern)[:40]})")


def told_to_the_log(tree: ast.Module) -> Iterator[str]:
    """A line of the log is a literal with kinds and keys in it, never a value or a trace."""
    for call, what in calls(tree):
        owner, _, method = what.rpartition(".")
        if method not in LOGS or owner.rpartition(".")[2] not in {"logger", "log", "logging"}:
            continue
        if method == "exception" or any(
            word.arg in {"exc_info", "extra", "stack_info"} for word in call.keywords
        ):
            yield _at(call, f"{what} with a trace")
        if not (call.args and isinstance(call.args[0], ast.Constant)):
            yield _at(call, f"{what} of built text")
        for given in call.args[1:]:
            if not _may_be_told(given):
                yield _at(call, f"{what}: {ast.unparse(given)}")


def _may_be_told(given: ast.expr) -> bool:
    """Return whether it is a literal, a kind (`type(x).__name__`) or a key of a row (`row.pk`)."""
    if isinstance(given, ast.Constant):
        return True
    if isinstance(given, ast.Attribute):
        return given.attr in {"pk", "__name__"}
    return isinstance(given, ast.Call) and ast.unparse(given.func) == "len"


def dangerous_calls(tree: ast.Module) -> Iterator[str]:
    """No code from text, no shell, no weak digest, no unchecked certificate."""
    for call, what in calls(tree):
        if what in MAKES_CODE | WEAK:
            yield _at(call, what)
        for word in call.keywords:
            if (word.arg == "shell" and not _is_false(word.value)) or (
                word.arg == "verify" and _is_false(word.value)
            ):
                yield _at(call, f"{what}({word.arg}=)")


def dangerous_imports(tree: ast.Module) -> Iterator[str]:
    """No library that runs what it reads, speaks in clear, or draws what can be guessed."""
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            if name.split(".")[0] in UNSAFE_MODULES:
                yield _at(node, f"import {name}")


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def unguarded(tree: ast.Module) -> Iterator[str]:
    """No view is taken out of the token, the frame or the policy."""
    loose = {"csrf_exempt", "xframe_options_exempt", "xframe_options_sameorigin", "csp_exempt", "csp_replace"}
    for node in ast.walk(tree):
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        if name in loose:
            yield _at(node, name)


def swallowed(tree: ast.Module) -> Iterator[str]:
    """No fault is passed over without a word, and none is caught whatever it is."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = ast.unparse(node.type) if node.type else ""
        passes = all(isinstance(step, ast.Pass) for step in node.body)
        reraises = any(isinstance(step, ast.Raise) for step in ast.walk(node))
        if (passes and caught in {"", "Exception", "BaseException"}) or (
            caught in {"", "BaseException"} and not reraises
        ):
            yield _at(node, f"except {caught}".strip())
    for call, what in calls(tree):
        if what.rpartition(".")[2] == "suppress" and {"Exception", "BaseException"} & {
            ast.unparse(argument) for argument in call.args
        }:
            yield _at(call, ast.unparse(call))


def zoneless(tree: ast.Module) -> Iterator[str]:
    """The time of day has a zone: `timezone.now()`, or a clock that is given one."""
    for call, what in calls(tree):
        if what in WITHOUT_ZONE and not call.args and not call.keywords:
            yield _at(call, what)
