"""Questionnaires and their versions, for admins: upload, review, preview, publish, retire."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import PersonRequest, admin_required
from accounts.models import Duty, User
from screening import actions, catalog
from screening.engine import DocumentProblems, Source
from screening.forms.authoring import DocumentForm, SendBackForm
from screening.models import Questionnaire, QuestionnaireVersion, VersionState
from screening.review import Review, review

NAV = {"nav": "questionnaires"}


@admin_required
@require_GET
def list_questionnaires(request: PersonRequest) -> HttpResponse:
    """Show every questionnaire with its versions, newest first."""
    questionnaires = Questionnaire.objects.visible_to(request.user).with_versions()
    return render(request, "questionnaires/list.html", {**NAV, "questionnaires": questionnaires})


@admin_required
@require_http_methods(["GET", "POST"])
def upload(request: PersonRequest) -> HttpResponse:
    """Take a document in as a new draft; a bad one is stored nowhere and comes back with its problems."""
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        version = actions.create_draft(by=request.user, document=form.cleaned_data["document"])
        messages.success(request, _("Stored as a draft. Preview it, then send it to review."))
        return redirect("questionnaires:version", version.pk)
    status = 422 if form.errors else 200
    return render(request, "questionnaires/upload.html", {**NAV, "form": form}, status=status)


@admin_required
@require_GET
def version(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show where a version stands, what its checks and vignettes say, and what can be done with it."""
    shown = _version(request, pk)
    reviewed = review(catalog.definition_of_version(shown))
    context = {**NAV, "version": shown, "review": reviewed, "steps": _steps(shown)}
    return render(
        request, "questionnaires/version.html", context | _publishing(shown, reviewed, request.user)
    )


@admin_required
@require_http_methods(["GET", "POST"])
def replace(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Put another document in place of a draft's."""
    draft = _version(request, pk)
    if draft.state != VersionState.DRAFT:
        raise Http404
    form = DocumentForm(request.POST or None, request.FILES or None, initial={"text": draft.document})
    if request.method == "POST" and form.is_valid():
        try:
            actions.replace_draft_document(
                by=request.user, version=draft, document=form.cleaned_data["document"]
            )
        except actions.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The draft has its new document."))
            return redirect("questionnaires:version", draft.pk)
    context = {**NAV, "form": form, "version": draft}
    return render(request, "questionnaires/replace.html", context, status=422 if form.errors else 200)


@admin_required
@require_GET
def download(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Hand out the version's document as a JSON file."""
    wanted = _version(request, pk)
    name = f"{wanted.questionnaire.key}-{wanted.number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(wanted.document, content_type="application/json", headers=headers)


@admin_required
@require_POST
def submit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Send a draft to review."""
    return _step(
        request, pk, actions.submit_for_review, _("Sent to review. A person who didn't edit it publishes it.")
    )


@admin_required
@require_POST
def publish(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Approve the clinical content and publish, as a second person with the clinical owner's duty."""
    return _step(
        request,
        pk,
        actions.approve_and_publish,
        _("Published. New screenings use this version; begun ones keep theirs."),
    )


@admin_required
@require_POST
def retire(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take a published version out of use; screenings keep reading as they were."""
    return _step(request, pk, actions.retire, _("Retired. Screenings made with it read as they were."))


@admin_required
@require_http_methods(["GET", "POST"])
def send_back(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Send a version in review back to its author, with a word about why."""
    reviewed = _version(request, pk)
    form = SendBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.return_to_draft(by=request.user, version=reviewed, note=form.cleaned_data["note"])
        except actions.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Back with its author, as a draft."))
            return redirect("questionnaires:version", reviewed.pk)
    context = {**NAV, "form": form, "version": reviewed}
    return render(request, "questionnaires/send_back.html", context, status=422 if form.errors else 200)


@admin_required
@require_GET
def sources(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show the version's sources: what each supports, who read it, when to look again."""
    shown = _version(request, pk)
    verified = catalog.verified_sources(shown)
    rows = [(source, source.key in verified) for source in catalog.definition_of_version(shown).sources]
    return render(request, "questionnaires/sources.html", {**NAV, "version": shown, "rows": rows})


@admin_required
@require_POST
def verify_source(request: PersonRequest, pk: UUID, source: str) -> HttpResponse:
    """Record that a clinical owner has read a source and found that it says what the document says."""
    shown = _version(request, pk)
    _source(shown, source)
    try:
        actions.verify_source(by=request.user, version=shown, source=source)
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect("questionnaires:sources", shown.pk)


def _version(request: PersonRequest, pk: UUID) -> QuestionnaireVersion:
    versions = QuestionnaireVersion.objects.visible_to(request.user).with_people()
    return get_object_or_404(versions, pk=pk)


def _source(shown: QuestionnaireVersion, key: str) -> Source:
    try:
        return catalog.definition_of_version(shown).source(key)
    except KeyError:
        raise Http404 from None


def _step(
    request: PersonRequest, pk: UUID, action: Callable[..., QuestionnaireVersion], done: str
) -> HttpResponse:
    """Take one step with a version; a step that isn't possible any more says why on the version's page."""
    moved = _version(request, pk)
    try:
        action(by=request.user, version=moved)
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    except DocumentProblems:
        messages.error(request, _("What the checks and vignettes show needs work first."))
    else:
        messages.success(request, done)
    return redirect("questionnaires:version", moved.pk)


@dataclass(frozen=True, slots=True)
class Step:
    """One state of a version's life, as the row of steps shows it."""

    title: str
    words: str
    is_done: bool
    is_now: bool


def _steps(shown: QuestionnaireVersion) -> list[Step]:
    order = list(VersionState)
    words = {
        VersionState.DRAFT: _("written or uploaded"),
        VersionState.IN_REVIEW: _("read by a second person"),
        VersionState.PUBLISHED: _("by a clinical owner"),
        VersionState.RETIRED: _("no new screenings"),
    }
    here = order.index(VersionState(shown.state))
    return [
        Step(str(state.label), words[state], place < here, place == here) for place, state in enumerate(order)
    ]


def _publishing(shown: QuestionnaireVersion, reviewed: Review, user: User) -> dict[str, object]:
    """Say whether this person can publish, and if not, who can."""
    owners = User.objects.filter(
        organization_id=user.organization_id, is_active=True, duties__contains=[Duty.CLINICAL_OWNER]
    )
    others = [owner for owner in owners if owner.pk not in (shown.edited_by_id, shown.submitted_by_id)]
    return {
        "is_ready": reviewed.is_ready,
        "may_publish": user in others,
        "edited_by_reader": user.pk in (shown.edited_by_id, shown.submitted_by_id),
        "others": others,
    }
