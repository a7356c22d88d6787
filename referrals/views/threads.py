"""A referral's page for both sides, its packet, its messages, and the therapist's list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, allow, therapist_required
from accounts.models import User
from privacy import audit
from privacy.models import Entry
from referrals import actions, covering, history
from referrals.actions import may_write, open_reports
from referrals.actions.taking import IN_EMERGENCY
from referrals.deciding import permitted
from referrals.forms.messages import MessageForm
from referrals.models import CourseState, Message, Packet, Referral
from referrals.move_pages import PAGES
from referrals.packet import read
from referrals.reading import today_for
from referrals.views import loading
from referrals.workflow import Party, Status
from referrals.worklists import for_therapist, therapist_rows
from screening import emergency

NAV = {"nav": "referrals"}
PAGE = 50
LISTS = ("turn", "waiting", "done")

either_side = allow(lambda person: person.is_therapist or person.is_provider)


@therapist_required
@require_safe
def list_referrals(request: PersonRequest) -> HttpResponse:
    """Show one of three lists, 50 a page: what waits for the therapist first."""
    asked = request.GET.get("list", "")
    shown = asked if asked in LISTS else LISTS[0]
    everything = for_therapist(request.user)
    page = Paginator(everything.listed(shown, Party.THERAPIST), PAGE).get_page(request.GET.get("page"))
    rows = therapist_rows(page.object_list)
    audit.record("referral.listed", by=request.user, clients=[row.client for row in rows])
    counts = everything.counted(Party.THERAPIST)
    context = {**NAV, "page": page, "rows": rows, "shown": shown, "counts": counts, "query": f"list={shown}"}
    return render(request, "referrals/list.html", context)


@either_side
@require_safe
def show(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show where a referral stands, what happened, and what the reader can do."""
    referral = loading.visible(request, pk)
    if request.user.is_provider and referral.status == Status.SENT:
        return redirect("inbox:show", pk)
    if referral.status == Status.DRAFT:
        return redirect("referrals:send", pk)
    return _page(request, referral, MessageForm())


@either_side
@require_POST
def message(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Send a message to the other side."""
    referral = loading.own(request, pk)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            actions.send_message(by=request.user, referral=referral, **form.cleaned_data)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Message sent. The e-mail about it carries a link only."))
            return redirect("referrals:show", pk)
    return _page(request, referral, form, status=422)


@either_side
@require_safe
def packet(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show the packet as it was sealed; to a provider its page in the inbox does."""
    referral = loading.visible(request, pk)
    if request.user.is_provider:
        return redirect("inbox:show", pk)
    kept = get_object_or_404(Packet.objects.visible_to(request.user), referral=referral)
    audit.record("packet.read", by=request.user, of=kept, client=referral.client_id)
    context = {**NAV, "referral": referral, "kept": kept, "packet": read(kept.sealed)}
    return render(request, "referrals/packet.html", context)


def _page(request: PersonRequest, referral: Referral, form: MessageForm, status: int = 200) -> HttpResponse:
    audit.record("referral.read", by=request.user, of=referral, client=referral.client_id)
    return render(
        request, "referrals/show.html", {"form": form, **context_of(request.user, referral)}, status=status
    )


def context_of(user: User, referral: Referral) -> dict[str, object]:
    """Return everything that a page about one referral shows to one side."""
    side, today = referral.side_of(user), today_for(referral)
    events = list(referral.events.select_related("by").order_by("number"))
    in_emergency = emergency.access_id(referral) is not None
    may = {move.name for move in permitted(referral.position(today), side)}
    may = may & IN_EMERGENCY if in_emergency else may
    names = [name for name in PAGES if name in may]
    reports = [event for event in open_reports(referral) if event.party != side]
    if not reports:
        names = [name for name in names if name != "acknowledge_urgent_change"]
    return {
        "nav": "inbox" if side is Party.PROVIDER else "referrals",
        "referral": referral,
        "client_name": client_name(user, referral),
        "packet": Packet.objects.visible_to(user)
        .filter(referral=referral)
        .only("organization", "sealed_at")
        .first(),
        "holding": history.holding(referral, user),
        "steps": history.lanes(referral, events, user),
        "next_moves": [(name, PAGES[name]) for name in names if not PAGES[name].aside],
        "other_moves": [(name, PAGES[name]) for name in names if PAGES[name].aside],
        "questions": actions.open_questions(referral)
        if referral.status == Status.INFORMATION_REQUESTED
        else [],
        "asked_by": next((event for event in reversed(events) if event.move == "ask"), None),
        "said": said(referral, user),
        "reports": reports,
        "may_write": may_write(referral) and not in_emergency,
        "may_revoke": side is Party.THERAPIST and referral.consent_ended_at is None and not in_emergency,
        "consent_note": history.consent_words(referral, today),
        "cover_note": covering.on_referral(referral),
        "entries": list(referral.course_entries.select_related("by").order_by("day", "at")),
        "outcomes": list(referral.outcomes.select_related("by").order_by("at")),
        "phone": phone_of_the_other(referral, side),
        "other_where": history.other_where(referral, side),
        "course_state": CourseState(referral.course).label if referral.course else "",
        "may_enter": referral.course_is_open and not referral.consent_ended(today) and not in_emergency,
        "is_provider": side is Party.PROVIDER,
        "today": today,
    }


def client_name(user: User, referral: Referral) -> str:
    """Return the client's name as far as the reader may know it; a closed packet leaves none."""
    if user.is_therapist:
        return referral.client.name
    cover = Packet.objects.visible_to(user).filter(referral=referral).only("organization", "cover").first()
    return str(cover.cover["name"]) if cover else ""


def phone_of_the_other(referral: Referral, side: Party) -> str:
    """Return the number to call for what can't wait, on the other side."""
    if side is Party.PROVIDER:
        reached = referral.cover(Party.THERAPIST) or referral.therapist
        return reached.phone or referral.organization.phone
    listed = referral.listing.phone if referral.listing else ""
    return listed or (referral.prescriber.phone if referral.prescriber else "")


@dataclass(frozen=True, slots=True)
class Said:
    """A message as a reader sees it: whose, and when somebody of the other side had the page before them."""

    message: Message
    is_own: bool
    read_by: str = ""
    read_at: datetime | None = None


def said(referral: Referral, user: User) -> list[Said]:
    """Return the messages, the latest first; that one was read is derived from the audit log."""
    rows = list(referral.messages.select_related("by").order_by("-at", "pk"))
    own = [row for row in rows if row.by.organization_id == user.organization_id]
    reads = _reads_of_others(referral, user) if own else []
    return [_said(row, user, reads) for row in rows]


def _said(row: Message, user: User, reads: Iterable[tuple[str, datetime]]) -> Said:
    if row.by.organization_id != user.organization_id:
        return Said(row, is_own=False)
    name, at = next(((name, at) for name, at in reads if at >= row.at), ("", None))
    return Said(row, row.by_id == user.pk, name, at)


def _reads_of_others(referral: Referral, user: User) -> list[tuple[str, datetime]]:
    """Return who of the other side has opened the page and when, the earliest first."""
    entries = Entry.objects.filter(record=referral.pk, action="referral.read").exclude(
        organization=user.organization_id
    )
    found = list(entries.order_by("at").values_list("by", "at"))
    names = dict(User.objects.filter(pk__in={by for by, _at in found}).values_list("pk", "name"))
    return [(names[by], at) for by, at in found if by in names]
