"""The status of a page with a form."""

from http import HTTPStatus

from django import forms


def form_status(form: forms.BaseForm) -> int:
    """Return 422 where the form could not be used, so that no program takes the page for a success."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
