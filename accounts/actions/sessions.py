"""Writes to sessions: ended one by one, or all but one's own."""

from uuid import UUID

from django.db import models, transaction

from accounts.models import Device, Session, User
from privacy import audit


def end_session(*, by: User, session: Session) -> None:
    """End one of one's own sessions, wherever it runs."""
    with transaction.atomic():
        ended = Session.objects.visible_to(by).select_for_update().filter(pk=session.pk)
        for row in list(ended):
            row.delete()
        audit.record("session.end", by=by, of=by, session=session.id)


def end_other_sessions(*, by: User, but: UUID) -> int:
    """End every session of one's own but this one, and forget every browser; return how many ended."""
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        ended, _ = Session.objects.filter(person=by).exclude(id=but).delete()
        Device.objects.filter(person=by).delete()
        audit.record("session.end_others", by=by, of=by, number=ended)
    return ended


def end_all(people: models.QuerySet[User]) -> None:
    """End every session of these people and forget their browsers: a part of the action that calls it."""
    Session.objects.filter(person__in=people).delete()
    Device.objects.filter(person__in=people).delete()
