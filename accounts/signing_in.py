"""The end of every sign-in: both factors are given, and the session is the person's."""

from django.http import HttpRequest

from accounts import second_factor
from accounts.models import User
from accounts.second_factor import Proof
from privacy import audit


def finish(request: HttpRequest, person: User, proof: Proof) -> None:
    """Stamp the session under a new id, so that one that was known before is worth nothing."""
    request.session.cycle_key()
    second_factor.prove(request.session, person, proof)
    audit.record("session.sign_in", by=person, of=person, proof=proof)
