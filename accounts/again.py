"""Asks somebody who is signed in to prove themselves once more, and loses nothing of what they had typed."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import second_factor
from accounts.forms.proofs import SignInAgain
from accounts.models import User
from privacy import audit

PREFIX = "again-"


def ask(
    request: HttpRequest, *, is_answered: bool, carried: Sequence[tuple[str, str]] = ()
) -> HttpResponse | None:
    """Return the page that asks, or None once what was posted to it proves the person.

    `carried` is what the page posts again beside the proof, so that a form which came too late goes on.
    """
    person = cast(User, request.user)
    by_a_click = _came_by_a_click(request, person)
    form = SignInAgain(request.POST if is_answered else None, request=request, person=person)
    if is_answered and (by_a_click or form.is_valid()):
        second_factor.prove_again(request.session)
        proof = form.proof or second_factor.Proof.DEMONSTRATION
        audit.record("session.prove_again", by=person, of=person, proof=proof)
        return None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    context = {"form": form, "carried": carried, "by_a_click": by_a_click}
    return render(request, "account/again.html", context, status=status)


def is_answered(request: HttpRequest) -> bool:
    """Say whether what was posted answers the page that asks."""
    return any(name.startswith(PREFIX) for name in request.POST)


def carried_by(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of the form that was sent, without the proof and the token."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not name.startswith(PREFIX)
    ]


def _came_by_a_click(request: HttpRequest, person: User) -> bool:
    """Say whether this is a person of the demonstration, who came in by a click and proves nothing else."""
    return second_factor.proof_of(request.session, person) == second_factor.Proof.DEMONSTRATION
