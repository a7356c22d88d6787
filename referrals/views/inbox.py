"""The provider's inbox: what waits for the clinic, the cover before a packet is opened, and the packet."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, provider_required
from privacy import audit
from referrals import actions, covering, history
from referrals.deciding import permitted
from referrals.models import Event, Packet, Referral
from referrals.models.referrals import ReferralQuerySet
from referrals.move_pages import PAGES
from referrals.packet import read
from referrals.reading import today_for
from referrals.workflow import Party, Status
from referrals.worklists import for_provider, provider_rows, with_what_rows_show

NAV = {"nav": "inbox"}
PAGE = 50
LISTS = ("turn", "waiting", "done")
WHOSE = ("everyone", "mine", "unassigned")


@provider_required
@require_safe
def list_inbox(request: PersonRequest) -> HttpResponse:
    """Show one of three lists, 50 a page: what waits for the clinic first."""
    shown = _one_of(request.GET.get("list"), LISTS)
    whose = _one_of(request.GET.get("whose"), WHOSE)
    everything = _whose(for_provider(request.user), whose, request)
    found = with_what_rows_show(everything.listed(shown, Party.PROVIDER))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = provider_rows(request.user, page.object_list)
    clients = [row.client for row in rows]
    audit.record("inbox.listed", by=request.user, clients=clients)
    context = {
        **NAV,
        "page": page,
        "rows": rows,
        "shown": shown,
        "whose": whose,
        "query": f"list={shown}&whose={whose}",
        "covers": covering.lines(request.user),
        "counts": everything.counted(Party.PROVIDER),
    }
    return render(request, "inbox/list.html", context)


@provider_required
@require_safe
def show(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show the cover of what was sent and not opened yet; afterwards the packet as it was sealed."""
    referral = get_object_or_404(for_provider(request.user), pk=pk)
    packet = Packet.objects.visible_to(request.user).filter(referral=referral).order_by("kept_since").last()
    if packet is None:
        return render(request, "inbox/closed.html", {**NAV, "referral": referral})
    if referral.status == Status.SENT:
        audit.record("cover.read", by=request.user, of=referral, client=referral.client_id)
        context = {**NAV, "referral": referral, "cover": packet.cover, "reports": _reports(referral)}
        context["holding"] = history.holding(referral, request.user)
        return render(request, "inbox/cover.html", context)
    audit.record("packet.read", by=request.user, of=packet, client=referral.client_id)
    may = {move.name for move in permitted(referral.position(today_for(referral)), Party.PROVIDER)}
    context = {
        **NAV,
        "referral": referral,
        "kept": packet,
        "reports": _reports(referral),
        "packet": read(packet.sealed),
        # The way on is the last button.
        "moves": [(name, PAGES[name]) for name in reversed(PAGES) if name in may and not PAGES[name].aside],
    }
    return render(request, "inbox/packet.html", context)


@provider_required
@require_POST
def open_packet(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Open a packet: from now on it is in review, and the therapist sees that."""
    referral = get_object_or_404(for_provider(request.user), pk=pk)
    try:
        actions.open_packet(by=request.user, referral=referral)
    except actions.NotPossible:
        # Somebody else of the clinic was first: the page shows where it stands.
        return redirect("inbox:show", referral.pk)
    return redirect("inbox:show", referral.pk)


def _reports(referral: Referral) -> list[Event]:
    """Return the therapist's urgent changes that nobody of the clinic has acknowledged."""
    return [event for event in actions.open_reports(referral) if event.party == Party.THERAPIST]


def _one_of(value: str | None, names: tuple[str, ...]) -> str:
    return value if value in names else names[0]


def _whose(referrals: ReferralQuerySet, whose: str, request: PersonRequest) -> ReferralQuerySet:
    match whose:
        case "mine":
            return referrals.answered_by(request.user)
        case "unassigned":
            return referrals.filter(provider__isnull=True)
    return referrals
