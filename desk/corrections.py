"""The screenings that safety corrections touch: each therapist's list, and how far a practice is."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, therapist_required
from accounts.models import Duty, User
from desk.records.screenings import CONSIDERATIONS, CRITERIA, OUTCOMES
from privacy import audit
from referrals.models import Referral
from referrals.rows import Cell, Row
from screening import actions
from screening.catalog import definition_of
from screening.differences import question_text
from screening.engine import Definition
from screening.models import SafetyCorrection, TouchedScreening
from screening.models.corrections import TouchedScreeningQuerySet

NAV = {"nav": "home"}


@dataclass(frozen=True, slots=True)
class Line:
    """A touched screening with what differs in words."""

    touched: TouchedScreening
    differs: tuple[str, ...]
    was_sent: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A correction with the screenings of the person's clients that it touches."""

    correction: SafetyCorrection
    lines: tuple[Line, ...]


@therapist_required
@require_safe
def corrections(request: PersonRequest) -> HttpResponse:
    """Show the screenings of the person's clients that a correction touches, and a lead how far all are."""
    found = listed(request.user)
    clients = sorted({str(line.touched.screening.client_id) for each in found for line in each.lines})
    audit.record("client.listed", by=request.user, owner=request.user.organization_id, clients=clients)
    context = {**NAV, "corrections": found, "progress": progress_of(request.user)}
    return render(request, "desk/corrections.html", context)


@therapist_required
@require_POST
def looked(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Record that the person looked at a touched screening, and that nothing is to be done."""
    touched = get_object_or_404(TouchedScreening.objects.in_care_of(request.user), pk=pk)
    actions.look_at_touched(by=request.user, touched=touched)
    messages.success(request, _("Recorded: you looked at it, and nothing is to be done."))
    return redirect("desk:corrections")


def listed(user: User) -> list[Listed]:
    """Return every correction that touches screenings of the person's clients, the latest first."""
    lines: dict[UUID, list[Line]] = {}
    corrections: dict[UUID, SafetyCorrection] = {}
    for touched in _rows(TouchedScreening.objects.in_care_of(user)):
        corrections[touched.correction_id] = touched.correction
        lines.setdefault(touched.correction_id, []).append(_line(touched))
    latest = sorted(corrections.values(), key=lambda each: each.declared_at, reverse=True)
    return [Listed(each, tuple(lines[each.pk])) for each in latest]


def waiting(user: User) -> Iterator[Row]:
    """Yield one line for the home page while screenings wait to be looked at."""
    touched = TouchedScreening.objects.in_care_of(user).waiting()
    keys = list(touched.order_by("found_at").values_list("found_at", flat=True))
    if keys:
        words = ngettext("%(n)d screening to look at", "%(n)d screenings to look at", len(keys))
        yield Row(
            name=_("A questionnaire was corrected"),
            url=reverse("desk:corrections"),
            action=_("Look at the screenings that it touches"),
            why=words % {"n": len(keys)},
            cells=(Cell(_("Now"), _("safety correction"), tone="over"),),
            go=_("Open"),
            is_urgent=True,
            since=keys[0],
        )


def progress_of(user: User) -> dict[str, int] | None:
    """Return how many of the practice's touched screenings were looked at, for its leads."""
    if not user.has_duty(Duty.LEAD):
        return None
    rows = TouchedScreening.objects.filter(organization_id=user.organization_id)
    total, left = rows.count(), rows.waiting().count()
    return {"total": total, "settled": total - left} if total else None


def _rows(rows: TouchedScreeningQuerySet) -> list[TouchedScreening]:
    sent = Referral.objects.filter(
        Q(organization_id=OuterRef("organization_id")) & Q(screening_id=OuterRef("screening_id"))
    ).exclude(status__in=["draft", "discarded"])
    related = rows.annotate(was_sent=Exists(sent)).select_related(
        "correction__version", "correction__declared_by", "screening__client__organization", "looked_by"
    )
    return list(
        related.defer("correction__version__document", "screening__findings_text").order_by("found_at")
    )


def _line(touched: TouchedScreening) -> Line:
    before = definition_of(touched.screening.version_id)
    after = definition_of(touched.correction.version_id)
    return Line(touched, tuple(_words(touched.differs, before, after)), bool(vars(touched)["was_sent"]))


def _words(
    differs: dict[str, dict[str, list[str | None]]], before: Definition, after: Definition
) -> Iterator[str]:
    """Say what differs, outcomes first."""
    said = _("%(what)s: %(before)s before, %(after)s now")
    gone = _("no such rule")
    for name, states in (("outcomes", OUTCOMES), ("considerations", CONSIDERATIONS), ("criteria", CRITERIA)):
        for key, (old, new) in differs.get(name, {}).items():
            yield said % {
                "what": _title(name, key, before, after),
                "before": str(states[old]) if old else gone,
                "after": str(states[new]) if new else gone,
            }
    for key in differs.get("questions", ()):
        yield _("It answered: %(question)s") % {"question": question_text(before, key)}


def _title(name: str, key: str, before: Definition, after: Definition) -> str:
    for definition in (after, before):
        try:
            if name == "outcomes":
                return definition.indication(key).title
            if name == "considerations":
                return definition.consideration(key).title
            indication, _dot, criterion = key.partition(".")
            return definition.indication(indication).criterion(criterion).statement
        except KeyError:
            continue
    return key
