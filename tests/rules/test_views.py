"""Every view says which methods it takes and who may come (CHECKS 1, 32, 52)."""

from collections.abc import Callable, Iterator
from types import CodeType

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.decorators.http import require_POST, require_safe

from accounts.access import admin_required

GUARDS, METHODS = "accounts/access.py", "django/views/decorators/http.py"

# Who comes here is nobody yet, or anybody.
OPEN = {
    "account_login": "the sign-in page",
    "account_logout": "allauth asks for the session itself",
    "account_reset_password": "for people who can't sign in",
    "account_reset_password_done": "for people who can't sign in",
    "account_reset_password_from_key": "for people who can't sign in; the link is the proof",
    "account_reset_password_from_key_done": "for people who can't sign in",
    "security:code": "for people between password and second factor, whom it looks for itself",
    "security:passkey_request": "for people who sign in with a passkey",
    "security:passkey_sign_in": "for people who sign in with a passkey",
    "sessions:status": "for a page that is still open when its session has ended: it says so",
    "people:join": "for people without an account; the link is the proof",
    "security_txt": "for anybody",
    "robots_txt": "for anybody",
    "favicon": "for anybody",
}
# Views of allauth's are classes: a method that they have no function for answers 405 by itself.
CLASSES = {name for name in OPEN if name.startswith("account_")} | {"account_change_password"}


def views(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, Callable[..., HttpResponse]]]:
    """Yield every view by its address's full name."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from views(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback


def files_of(view: Callable[..., HttpResponse] | None) -> list[str]:
    """Return the files in which the view and what is wrapped round it were written, the outermost first."""
    found = []
    while view is not None:
        code = getattr(view, "__code__", None)
        if isinstance(code, CodeType):
            found.append(code.co_filename)
        view = getattr(view, "__wrapped__", None)
    return found


def has(view: Callable[..., HttpResponse], file: str) -> bool:
    """Return whether a decorator of this file stands round the view."""
    return any(each.endswith(file) for each in files_of(view)[:-1])


def test_every_view_says_who_may_come() -> None:
    """CHECKS 1: and one that is open to all is open on purpose."""
    unguarded = {name for name, view in views(get_resolver()) if not has(view, GUARDS)}
    assert unguarded == OPEN.keys()


def test_every_view_says_which_methods_it_takes() -> None:
    """CHECKS 32."""
    loose = {name for name, view in views(get_resolver()) if not has(view, METHODS)}
    assert loose <= CLASSES


def test_every_view_that_is_open_gives_its_reason() -> None:
    assert all(why for why in OPEN.values())


def bare(request: HttpRequest) -> HttpResponse:
    """Answer anybody."""
    return HttpResponse()


@pytest.mark.parametrize(
    ("view", "guarded", "limited"),
    [
        (bare, False, False),
        (require_POST(bare), False, True),
        (admin_required(bare), True, False),
        (admin_required(require_safe(bare)), True, True),
        (require_safe(admin_required(bare)), True, True),
    ],
)
def test_the_look_at_decorators_sees_what_is_there(
    view: Callable[..., HttpResponse], guarded: bool, limited: bool
) -> None:
    assert (has(view, GUARDS), has(view, METHODS)) == (guarded, limited)
