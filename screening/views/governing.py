"""Approving and publishing a version, now or on a day, and beginning a draft from another one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, admin_required, duty_required
from accounts.models import Duty
from screening import actions
from screening.actions.governing import unproved_in
from screening.comments import comments_of
from screening.forms.governing import LATER, NOW, ApprovalForm
from screening.models import QuestionnaireVersion, VersionState
from screening.review import review_of
from screening.standing import HOLDS, lines_of
from screening.verifications import Page, page_of
from screening.views.comparing import against_in_use
from screening.views.versions import NAV, definition_of, version_of


@duty_required(Duty.CLINICAL_OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Approve what was read, and say when it is published; a refusal keeps what was typed."""
    version = version_of(request, pk)
    if version.state != VersionState.IN_REVIEW or version.is_work_of(request.user):
        messages.error(request, _("It waits for nobody’s approval, or not for yours: its page says whose."))
        return redirect("questionnaires:version", version.pk)
    verification = page_of(version)
    unproved = unproved_in(verification.standing.report) if verification else ()
    form = ApprovalForm(
        request.POST or None,
        initial={"seen": version.hash},
        zone=request.user.organization.zone,
        now=timezone.now(),
        is_approved=_holds(version),
        has_unproved=bool(unproved),
    )
    if request.method == "POST" and form.is_valid() and _decided(request, version, form, unproved):
        return redirect("questionnaires:version", version.pk)
    return _approval_page(request, version, form, verification)


@duty_required(Duty.CLINICAL_OWNER)
@require_POST
def publish(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Publish an approved version now."""
    version = version_of(request, pk)
    try:
        actions.publish(by=request.user, version=version, seen=request.POST.get("seen", ""))
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Published. New screenings use this version; begun ones keep theirs."))
    return redirect("questionnaires:version", version.pk)


@admin_required
@require_POST
def call_off(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Call off the day on which a version is published."""
    version = version_of(request, pk)
    try:
        actions.call_off_publishing(by=request.user, version=version)
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Called off. It stays approved, and nothing publishes it by itself."))
    return redirect("questionnaires:version", version.pk)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft_from(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Begin a draft with the document of a version, after saying what follows."""
    version = version_of(request, pk)
    restores = version.state == VersionState.RETIRED
    if request.method == "POST":
        try:
            made = actions.draft_from(by=request.user, version=version, restores=restores)
        except actions.NotPossible as refusal:
            messages.error(request, str(refusal))
            return redirect("questionnaires:version", version.pk)
        messages.success(request, _("A draft with that document. It goes to review like any other."))
        return redirect("questionnaires:version", made.pk)
    context = {**NAV, "version": version, "restores": restores}
    return render(request, "questionnaires/draft_from.html", context)


def _holds(version: QuestionnaireVersion) -> bool:
    """Whether the version has an approval that can still be published on."""
    return version.is_approved and actions.published_since_approval(version) is None


def _decided(
    request: PersonRequest, version: QuestionnaireVersion, form: ApprovalForm, unproved: tuple[str, ...]
) -> bool:
    """Do what the form says; where it isn't possible, the form says why and keeps what was typed."""
    when, seen = form.cleaned_data["when"], form.cleaned_data["seen"]
    given = {"by": request.user, "version": version, "seen": seen}
    try:
        if when == NOW and _holds(version):
            actions.publish(**given)
        elif when == NOW:
            actions.approve_and_publish(**given, unproved=unproved)
        else:
            if not _holds(version):
                actions.approve(**given, unproved=unproved)
            if when != LATER:
                actions.set_publishing_day(**given, when=form.cleaned_data["publish_at"])
    except actions.ChangedMeanwhile as refusal:
        version.refresh_from_db()
        form.show_as_current(version.hash)
        form.add_error(None, str(refusal))
    except actions.NotPossible as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, _done(when))
    return not form.errors


def _done(when: str) -> str:
    if when == NOW:
        return _("Published. New screenings use this version; begun ones keep theirs.")
    if when == LATER:
        return _("Approved. It waits to be published.")
    return _("Approved. It is published on its day by itself, if nothing stands in the way then.")


def _approval_page(
    request: PersonRequest, version: QuestionnaireVersion, form: ApprovalForm, verification: Page | None
) -> HttpResponse:
    definition, reviewed = definition_of(version), review_of(version)
    lines = lines_of(definition, reviewed, timezone.localdate())
    context = {
        **NAV,
        "version": version,
        "form": form,
        "lines": [line for line in lines if line.state != HOLDS],
        "held": sum(line.state == HOLDS for line in lines),
        "comments": comments_of(version, request.user),
        "verification": verification,
        "is_approved": _holds(version),
        **against_in_use(version, definition),
    }
    return render(request, "questionnaires/approve.html", context, status=422 if form.errors else 200)
