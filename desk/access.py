"""Whose clients a person answers for: their own and their teams', and as a lead all of the practice's."""

from accounts.models import Duty, User
from screening.models import Client
from screening.models.clients import ClientQuerySet


def answered_for_by(user: User) -> ClientQuerySet:
    """Return the clients whose log, requests and amendments a person may see.

    Emergency access isn't enough: it is for care, and ends after hours.
    """
    clients = Client.objects
    return clients.openable_by(user) if user.has_duty(Duty.LEAD) else clients.in_care_of(user)


def is_practice_lead(user: User) -> bool:
    """Return whether the person leads a practice: they answer the requests of its clients."""
    return user.is_therapist and user.has_duty(Duty.LEAD)


def reads_the_log(user: User) -> bool:
    """Return whether the person reads an organization's log: its lead, or an admin that of the network."""
    return user.is_admin or user.has_duty(Duty.LEAD)
