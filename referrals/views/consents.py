"""Consent: recording it for a draft, and its end."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, therapist_required
from privacy import audit
from referrals import actions
from referrals.forms.drafts import ConsentForm, RevokeForm
from referrals.models import Consent, Referral
from referrals.reading import reading_of
from referrals.workflow import Status


@therapist_required
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Write why, record what the client lets this recipient see, and go on to the preview."""
    drafts = Referral.objects.in_care_of(request.user).filter(status=Status.DRAFT)
    referral = get_object_or_404(drafts.with_people().select_related("client"), pk=pk)
    if referral.listing_id is None:
        return redirect("referrals:choose_again", pk)
    reading = reading_of(referral)
    form = ConsentForm(
        request.POST or None, referral=referral, reading=reading, consent=_earlier(request, referral)
    )
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, referral, form)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("referrals:send", pk)
    audit.record("referral.read", by=request.user, of=referral, client=referral.client_id)
    context = {"nav": "referrals", "referral": referral, "client": referral.client, "form": form}
    context |= {"always": form.always_in_words, "sensitive": form.sensitive_fields}
    return render(request, "referrals/consent.html", context, status=422 if form.errors else 200)


def _save(request: PersonRequest, referral: Referral, form: ConsentForm) -> None:
    actions.write_request(by=request.user, referral=referral, **form.request())
    actions.record_consent(by=request.user, referral=referral, **form.consent())
    actions.preview_packet(by=request.user, referral=referral)


def _earlier(request: PersonRequest, referral: Referral) -> Consent | None:
    """Return this draft's consent, or that of the referral it follows: nothing is typed again."""
    rows = Consent.objects.visible_to(request.user).standing()
    own = rows.filter(referral=referral).first()
    return own or rows.filter(referral=referral.referred_from_id).first()


@therapist_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Record that the client takes consent back."""
    referral = get_object_or_404(
        Referral.objects.in_care_of(request.user).with_people().select_related("client"), pk=pk
    )
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ended = actions.revoke_consent(by=request.user, referral=referral)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _revoked_words(ended))
            return redirect("referrals:show", pk)
    audit.record("referral.read", by=request.user, of=referral, client=referral.client_id)
    context = {"nav": "referrals", "referral": referral, "client": referral.client, "form": form}
    return render(request, "referrals/revoke.html", context, status=409 if form.errors else 200)


def _revoked_words(referral: Referral) -> str:
    if not referral.is_sent:
        return _("Consent revoked. Nothing was sent.")
    if referral.accepted_at is None:
        return _("Consent revoked. The packet is closed to the provider, and the referral is withdrawn.")
    return _("Consent revoked. The provider keeps its copy as its own record; nothing else flows.")
