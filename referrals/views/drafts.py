"""On the way to sending: choose a provider, preview the packet, send it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, therapist_required
from accounts.templatetags.dates import long_day
from privacy import audit
from referrals import actions
from referrals.deciding import due_on
from referrals.forms.drafts import ChooseForm, SendForm
from referrals.matching import Compared, compared, wishes_of
from referrals.models import Consent, Listing, Referral
from referrals.packet import Packet, Sealed, read
from referrals.reading import reading_of, sealed_now, statements_in
from referrals.sending import Requirement, requirements
from referrals.statements import INCLUDED, LEFT_OUT, Statements
from referrals.workflow import Status
from screening import emergency
from screening.models import Screening
from screening.reading import Reading

NAV = {"nav": "referrals"}
PAGE = 50
ORDERS = {"wait": lazy("Shortest wait"), "match": lazy("Most facts that match"), "name": lazy("Name")}


@therapist_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: PersonRequest, screening: UUID) -> HttpResponse:
    """Choose a provider for a completed screening; that starts a draft, and nothing is sent."""
    found = get_object_or_404(_screenings(request), pk=screening)
    form = ChooseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.start_referral(by=request.user, screening=found, **form.cleaned_data)
        except actions.AlreadyReferred as already:
            messages.info(request, str(already))
            return redirect("referrals:show", already.referral.pk)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("referrals:consent", draft.pk)
    return _choice(request, Reading(found), form)


@therapist_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_again(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Choose the provider of a draft that has none yet, or another one."""
    referral = _draft(request, pk)
    form = ChooseForm(request.POST or None, initial={"listing": referral.listing_id})
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_recipient(by=request.user, referral=referral, listing=form.cleaned_data["listing"])
        except actions.AlreadyReferred as already:
            messages.info(request, str(already))
            return redirect("referrals:show", already.referral.pk)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("referrals:consent", pk)
    return _choice(request, reading_of(referral), form)


def _screenings(request: PersonRequest) -> Any:
    return Screening.objects.in_care_of(request.user).select_related("client", "organization", "version")


def _draft(request: PersonRequest, pk: UUID) -> Referral:
    drafts = Referral.objects.in_care_of(request.user).filter(status=Status.DRAFT)
    return get_object_or_404(drafts.with_people().select_related("client"), pk=pk)


def _readable_draft(request: PersonRequest, pk: UUID) -> Referral:
    """Return a draft that the person may read, perhaps only because a lead opened the client for them."""
    drafts = Referral.objects.visible_to(request.user).with_emergency(request.user)
    found = drafts.filter(status=Status.DRAFT).with_people().select_related("client")
    referral = get_object_or_404(found, pk=pk)
    emergency.note(request, referral)
    return referral


def _choice(request: PersonRequest, reading: Reading, form: ChooseForm) -> HttpResponse:
    client = reading.screening.client
    audit.record("screening.read", by=request.user, of=reading.screening, client=client.pk)
    wishes, order = wishes_of(reading), request.GET.get("order", "")
    listings = Listing.objects.published().select_related("organization", "contact")
    taking = [compared(each, wishes) for each in listings.filter(takes_referrals=True)]
    page = Paginator(_ordered(taking, order), PAGE).get_page(request.GET.get("page"))
    context = {
        **NAV,
        "screening": reading.screening,
        "client": client,
        "age": client.age_on(reading.today),
        "wishes": wishes.in_words,
        "page": page,
        "form": form,
        "chosen": str(form["listing"].value() or ""),
        "order": order if order in ORDERS else "wait",
        "orders": ORDERS,
        "not_taking": listings.filter(takes_referrals=False).count(),
    }
    return render(request, "referrals/choose.html", context, status=422 if form.errors else 200)


def _ordered(found: list[Compared], order: str) -> list[Compared]:
    """Order by what the therapist picks; a wait that nobody said comes last."""
    by_name = sorted(found, key=lambda each: each.listing.addressee.casefold())
    match order:
        case "match":
            return sorted(by_name, key=lambda each: -each.matching)
        case "name":
            return by_name
    return sorted(by_name, key=lambda each: (each.listing.wait_weeks is None, each.listing.wait_weeks or 0))


@dataclass(frozen=True, slots=True)
class Ready:
    """A draft with all that its page shows: the packet as it would be sealed now, and what holds."""

    referral: Referral
    reading: Reading
    consent: Consent | None
    sealed: Sealed | None
    statements: Statements | None
    requirements: tuple[Requirement, ...]

    @property
    def packet(self) -> Packet | None:
        """The packet, read back from the very text that would be sealed."""
        return read(self.sealed.body) if self.sealed else None

    @property
    def is_previewed(self) -> bool:
        """Whether the therapist has had this very packet before them."""
        return self.sealed is not None and self.referral.previewed_digest == self.sealed.hash

    @property
    def may_send(self) -> bool:
        """Whether everything holds."""
        return all(each.holds for each in self.requirements)


def readied(referral: Referral) -> Ready:
    """Read a draft as it stands now."""
    reading = reading_of(referral)
    consent = referral.consents.standing().filter(ended_at__isnull=True).first()
    usable = consent is not None and consent.recipient_id == referral.prescriber_id
    said = statements_in(referral, consent, reading) if consent and usable else None
    sealed = sealed_now(referral, consent, reading, said) if consent and usable else None
    holds = requirements(referral, consent, reading, sealed, said)
    return Ready(referral, reading, consent, sealed, said, holds)


@therapist_required
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show the packet itself and what must hold; send exactly what was shown."""
    sent = Referral.objects.visible_to(request.user).exclude(status=Status.DRAFT).filter(pk=pk)
    if sent.exists():
        return redirect("referrals:show", pk)
    referral = _draft(request, pk) if request.method == "POST" else _readable_draft(request, pk)
    if referral.listing_id is None:
        return redirect(*_without_a_packet(referral, "referrals:choose_again"))
    form = SendForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _sending(request, referral, form)
    try:
        event = actions.send(by=request.user, referral=referral, **form.cleaned_data)
    except actions.PacketChanged as changed:
        actions.preview_packet(by=request.user, referral=referral)
        form.add_error(None, str(changed))
        return _sending(request, _draft(request, pk), form, status=409)
    except actions.NotPossible as refused:
        form.add_error(None, str(refused))
        return _sending(request, referral, form, status=409)
    messages.success(request, _sent_words(referral, event.due_on))
    return redirect("referrals:show", pk)


def _sent_words(referral: Referral, due: date | None) -> str:
    words = _("Sent to %(clinic)s. They have until %(day)s to open it.")
    clinic = referral.prescriber.name if referral.prescriber else ""
    return words % {"clinic": clinic, "day": long_day(due)}


@therapist_required
@require_POST
def preview(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Remember that the therapist has read the packet as it is now."""
    referral = _draft(request, pk)
    try:
        actions.preview_packet(by=request.user, referral=referral)
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
        return redirect("referrals:consent", pk)
    return redirect("referrals:send", pk)


@therapist_required
@require_POST
def statements(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Say whether the client's statements about the whole record go along; the packet is read anew then."""
    referral = _draft(request, pk)
    include = request.POST.get("include", "")
    if include in (INCLUDED, LEFT_OUT):
        actions.choose_statements(by=request.user, referral=referral, include=include == INCLUDED)
    return redirect("referrals:send", pk)


def _without_a_packet(referral: Referral, next_step: str) -> tuple[str, UUID]:
    """Return where a draft goes on; who may only read it finds nothing there yet, so the client's page."""
    if emergency.access_id(referral):
        return "clients:show", referral.client_id
    return next_step, referral.pk


def _sending(
    request: PersonRequest, referral: Referral, form: SendForm, status: int | None = None
) -> HttpResponse:
    ready = readied(referral)
    if ready.sealed is None:
        return redirect(*_without_a_packet(referral, "referrals:consent"))
    shown = SendForm(initial={"previewed": ready.sealed.hash})
    if form.is_bound:
        # The note and the form's key stay; the packet is the one that this page shows.
        shown = form
        shown.data = QueryDict(urlencode({**request.POST.dict(), "previewed": ready.sealed.hash}))
    audit.record("packet.previewed", by=request.user, of=referral, client=referral.client_id)
    clinic = referral.prescriber
    now = ready.reading.at
    context = {
        **NAV,
        "referral": referral,
        "client": referral.client,
        "ready": ready,
        "packet": ready.packet,
        "form": shown,
        "until": due_on(Status.SENT, now, clinic.time_zone) if clinic else None,
    }
    return render(request, "referrals/send.html", context, status=status or (422 if form.errors else 200))
