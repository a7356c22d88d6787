"""Questionnaires and their versions, for admins: upload, review, publish, retire."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, admin_required
from accounts.models import Duty
from privacy import audit
from screening import actions, catalog
from screening.comments import comments_of
from screening.engine import DocumentProblems
from screening.forms.authoring import DocumentForm, ReviewNoteForm, SendBackForm, written
from screening.models import Questionnaire, QuestionnaireVersion, VersionState
from screening.review import review_of
from screening.standing import HOLDS, lines_of, publishing_of, steps_of
from screening.verifications import page_of
from screening.views.comparing import against_in_use
from screening.views.versions import NAV, definition_of, read_version, version_of


@admin_required
@require_safe
def list_questionnaires(request: PersonRequest) -> HttpResponse:
    """Show every questionnaire with its versions, newest first."""
    questionnaires = Questionnaire.objects.visible_to(request.user).with_versions()
    return render(request, "questionnaires/list.html", {**NAV, "questionnaires": questionnaires})


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
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
@require_safe
def version(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show where a version stands, what its checks and vignettes say, and what can be done with it."""
    shown = read_version(request, pk)
    reviewed = review_of(shown)
    try:
        definition = catalog.definition_of_version(shown)
    except DocumentProblems:
        definition = None
    lines = lines_of(definition, reviewed, timezone.localdate())
    context = {
        **NAV,
        "version": shown,
        "review": reviewed,
        "steps": steps_of(shown),
        "lines": lines,
        "held": sum(line.state == HOLDS for line in lines),
        "publishing": publishing_of(shown, reviewed, request.user),
        "comments": comments_of(shown, request.user),
        "verification": page_of(shown),
        **against_in_use(shown, definition),
    }
    return render(request, "questionnaires/version.html", context)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Put another document in place of a draft's."""
    draft = version_of(request, pk)
    if draft.state != VersionState.DRAFT:
        messages.error(request, _("It is no longer a draft, so its document stays as it is."))
        return redirect("questionnaires:version", draft.pk)
    start = {"text": _text_of(draft), "seen": draft.hash}
    form = DocumentForm(
        request.POST or None, request.FILES or None, initial=start, key=draft.questionnaire.key
    )
    if request.method == "POST" and form.is_valid() and _replaced(request, draft, form):
        messages.success(request, _("The draft has its new document."))
        return redirect("questionnaires:version", draft.pk)
    context = {**NAV, "form": form, "version": draft}
    return render(request, "questionnaires/replace.html", context, status=422 if form.errors else 200)


@admin_required
@require_safe
def download(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Hand out the version's document as a JSON file."""
    wanted = version_of(request, pk)
    audit.record("version.exported", by=request.user, of=wanted, number=wanted.number)
    name = f"{wanted.questionnaire.key}-{wanted.number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(_text_of(wanted), content_type="application/json", headers=headers)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Send a draft to review, with a note for who reads it."""
    draft = version_of(request, pk)
    form = ReviewNoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _("Sent to review. A clinical owner who didn’t write in it publishes it.")
        return _step(request, draft, actions.submit_for_review, done, note=form.cleaned_data["note"])
    context = {**NAV, "form": form, "version": draft, "publishers": actions.publishers_of(draft)}
    return render(request, "questionnaires/submit.html", context, status=422 if form.errors else 200)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Send a version in review back to its author, with a word about why."""
    reviewed = version_of(request, pk)
    form = SendBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _("Back with its author, as a draft.")
        return _step(request, reviewed, actions.return_to_draft, done, note=form.cleaned_data["note"])
    context = {**NAV, "form": form, "version": reviewed}
    return render(request, "questionnaires/send_back.html", context, status=422 if form.errors else 200)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take a published version out of use, after saying what follows; screenings read as they were."""
    published = version_of(request, pk)
    if request.method == "POST":
        done = _("Retired. Screenings made with it read as they were.")
        return _step(request, published, actions.retire, done)
    return render(request, "questionnaires/retire.html", {**NAV, "version": published})


@admin_required
@require_safe
def sources(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show the version's sources: what each supports, who read it, when to look again."""
    shown = read_version(request, pk)
    verified = catalog.verified_sources(shown)
    rows = [(source, source.key in verified) for source in definition_of(shown).sources]
    context = {
        **NAV,
        "version": shown,
        "rows": rows,
        "verified": len(verified),
        "may_verify": request.user.has_duty(Duty.CLINICAL_OWNER),
        "today": timezone.localdate(),
    }
    return render(request, "questionnaires/sources.html", context)


@admin_required
@require_POST
def verify_source(request: PersonRequest, pk: UUID, source: str) -> HttpResponse:
    """Record that a clinical owner has read a source and found that it says what the document says."""
    shown = version_of(request, pk)
    if all(known.key != source for known in definition_of(shown).sources):
        raise Http404
    actions.verify_source(by=request.user, version=shown, source=source)
    messages.success(request, _("Marked as verified. Results no longer call it “to be verified”."))
    return redirect("questionnaires:sources", shown.pk)


def _text_of(shown: QuestionnaireVersion) -> str:
    """Return the document for people; one that the engine can't read any more as it is stored."""
    try:
        return written(catalog.definition_of_version(shown))
    except DocumentProblems:
        return shown.document


def _replaced(request: PersonRequest, draft: QuestionnaireVersion, form: DocumentForm) -> bool:
    """Replace the draft's document; where it can't be, the form says why and keeps the text."""
    document, seen = form.cleaned_data["document"], form.cleaned_data["seen"]
    try:
        actions.replace_draft_document(by=request.user, version=draft, document=document, seen=seen)
    except actions.ChangedMeanwhile as refusal:
        draft.refresh_from_db()
        form.show_as_current(draft.hash)
        words = _("%(why)s Yours is kept below: storing it again puts it in place of theirs.")
        form.add_error("text", words % {"why": refusal})
    except actions.NotPossible as refusal:
        form.add_error("text", str(refusal))
    return not form.errors


def _step(
    request: PersonRequest,
    moved: QuestionnaireVersion,
    action: Callable[..., QuestionnaireVersion],
    done: str,
    **given: str,
) -> HttpResponse:
    """Take one step with a version; a step that isn't possible any more says why on the version's page."""
    try:
        action(by=request.user, version=moved, **given)
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("questionnaires:version", moved.pk)
