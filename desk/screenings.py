"""What waits in screenings: urgent considerations, unfinished answers, signatures."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, Max, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.dates import clock, day
from desk.rows import FEW
from referrals.models import Referral
from referrals.rows import Cell, Row, Tag, due_cell, since_words
from screening.catalog import definition_of
from screening.models import Acknowledgement, Finding, Screening, ScreeningState, SectionAnswers, Signature
from screening.models.screenings import ScreeningQuerySet

NAMES = (
    "client__organization",
    "client__first_name",
    "client__last_name",
    "client__used_name",
)


def urgent(user: User) -> Iterator[Row]:
    """Yield what was raised as urgent and waits to be acknowledged: it stands first."""
    due = Acknowledgement.objects.in_care_of(user).due().select_related("screening__client")
    for raised in due.only(
        "consideration", "raised_at", "screening__version_id", *(f"screening__{name}" for name in NAMES)
    ):
        consideration = definition_of(raised.screening.version_id).consideration(raised.consideration)
        today = timezone.localdate(raised.raised_at) == timezone.localdate()
        words = _("Raised today, %(time)s") if today else _("Raised %(day)s")
        yield Row(
            name=raised.screening.client.name,
            client=str(raised.screening.client_id),
            url=reverse("screenings:urgent", args=[raised.screening_id, raised.consideration]),
            action=_("Acknowledge an urgent consideration"),
            why=_("%(title)s. Nothing can be sent before.") % {"title": consideration.title},
            cells=(
                Cell(
                    _("Now"),
                    words % {"time": clock(raised.raised_at), "day": day(raised.raised_at)},
                    tone="over",
                    level="urgent",
                ),
            ),
            go=_("Open"),
            is_urgent=True,
            since=raised.raised_at,
        )


def unfinished(user: User) -> Iterator[Row]:
    """Yield the screenings that are being filled in."""
    rows = list(
        Screening.objects.in_care_of(user)
        .filter(state=ScreeningState.IN_PROGRESS)
        .select_related("client", "version")
        .only("started_at", "version__title", *NAMES)
    )
    sections = SectionAnswers.objects.filter(organization_id=user.organization_id, screening__in=rows)
    saved_at = dict(sections.values_list("screening_id").annotate(Max("saved_at")))
    for screening in rows:
        saved = saved_at.get(screening.pk)
        last = _("Saved %(day)s") % {"day": day(saved)} if saved else _("Nothing answered yet")
        yield Row(
            name=screening.client.name,
            client=str(screening.client_id),
            url=reverse("screenings:show", args=[screening.pk]),
            action=_("Finish the screening"),
            why=screening.version.title,
            cells=(Cell(_("No date"), last),),
            go=_("Continue"),
            since=saved or screening.started_at,
        )


def to_sign(user: User) -> Iterator[Row]:
    """Yield the screenings of associates that wait for this person's signature."""
    for screening, by, at in _unsigned(Screening.objects.signable_by(user)):
        yield Row(
            name=screening.client.name,
            client=str(screening.client_id),
            url=reverse("screenings:result", args=[screening.pk]),
            action=_("Read and sign the screening"),
            why=_("Completed by %(name)s, whose screenings you sign.") % {"name": by.name_with_credentials},
            cells=(due_cell(None, since_words(at)),),
            go=_("Read"),
            since=at,
        )


def at_supervisor(user: User) -> Iterator[Row]:
    """Yield the person's completed screenings that wait for their supervisor's signature."""
    if user.needs_signature_from_id is None:
        return
    own = Screening.objects.in_care_of(user).filter(state=ScreeningState.COMPLETED, completed_by_id=user.pk)
    for screening, by, at in _unsigned(own):
        supervisor = by.needs_signature_from
        yield Row(
            name=screening.client.name,
            client=str(screening.client_id),
            url=reverse("screenings:result", args=[screening.pk]),
            why=_("Screening complete"),
            tags=(Tag(_("Unsigned"), "look"),),
            cells=(
                Cell(supervisor.name if supervisor else "", _("since %(day)s") % {"day": day(at)}),
                Cell(_("No date"), _("supervisor’s signature")),
            ),
            since=at,
        )


def not_referred(user: User) -> list[Row]:
    """Return the latest completed screenings with outcomes that no referral was made of."""
    outcomes = Finding.objects.filter(
        organization_id=OuterRef("organization_id"), screening_id=OuterRef("pk")
    )
    referred = Referral.objects.filter(
        organization_id=OuterRef("organization_id"), screening_id=OuterRef("pk")
    )
    rows = Screening.objects.in_care_of(user).filter(
        Exists(outcomes), ~Exists(referred), state=ScreeningState.COMPLETED
    )
    latest = rows.order_by("-completed_at").select_related("client").only("completed_at", *NAMES)
    return [
        Row(
            name=screening.client.name,
            client=str(screening.client_id),
            url=reverse("screenings:result", args=[screening.pk]),
            why=_("Completed %(day)s") % {"day": day(screening.completed_at)},
            cells=(),
        )
        for screening in latest[:FEW]
    ]


def _unsigned(screenings: ScreeningQuerySet) -> Iterator[tuple[Screening, User, datetime]]:
    """Yield each that nobody has signed, with who completed it and when."""
    signed = Signature.objects.filter(
        organization_id=OuterRef("organization_id"), screening_id=OuterRef("pk")
    )
    people = (f"completed_by__{name}" for name in ("name", "credentials", "needs_signature_from__name"))
    rows = screenings.filter(~Exists(signed)).select_related("client", "completed_by__needs_signature_from")
    for screening in rows.only("completed_at", *people, *NAMES):
        if screening.completed_by and screening.completed_at:
            yield screening, screening.completed_by, screening.completed_at
