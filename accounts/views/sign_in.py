"""Allauth's pages of sign-in and passwords, with the answer that a refused form gets here."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account import views
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def refusing(view: View) -> View:
    """Answer 422 where allauth shows a form again with its errors and calls that a success."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        if request.method == "POST" and answer.status_code == HTTPStatus.OK:
            answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return answer

    return answering


login = refusing(views.login)
logout = views.logout
password_reset = refusing(views.password_reset)
password_reset_done = views.password_reset_done
password_reset_from_key = refusing(views.password_reset_from_key)
password_reset_from_key_done = views.password_reset_from_key_done
password_change = refusing(views.password_change)
