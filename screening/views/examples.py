"""Keeping a preview's example answers as a vignette of the draft."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, admin_required
from screening import actions
from screening.engine import Definition, DocumentProblems, evaluate
from screening.forms.examples import VignetteForm
from screening.forms.previews import CARRIED, Example
from screening.models import QuestionnaireVersion, VersionState
from screening.views.versions import NAV, definition_of, version_of


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def save_vignette(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take the example into the draft, or into a new draft of a version that is no longer one."""
    shown = version_of(request, pk)
    definition = definition_of(shown)
    example = Example.carried(definition, request.POST.get(CARRIED, ""))
    if example is None:
        messages.error(request, _("Begin with a preview: its example answers become the vignette."))
        return redirect("questionnaires:preview", pk)
    form = _form(definition, example, request)
    if form.is_valid():
        try:
            draft = _kept(request, shown, form, example)
        except (actions.NotPossible, DocumentProblems) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept as a vignette of the draft."))
            return redirect("questionnaires:version", draft.pk)
    return ask(request, shown, definition, example, form)


def ask(
    request: PersonRequest,
    shown: QuestionnaireVersion,
    definition: Definition,
    example: Example,
    form: VignetteForm | None = None,
) -> HttpResponse:
    """Show what is found with the example, to be expected or changed before it is kept."""
    form = form or VignetteForm(
        definition=definition, findings=evaluate(definition, example.answers, example.as_of)
    )
    context = {
        **NAV,
        "version": shown,
        "form": form,
        "carried": example.carry(definition),
        "example": example,
        "makes_draft": shown.state != VersionState.DRAFT,
        "may_save": shown.state != VersionState.IN_REVIEW,
    }
    status = 422 if form.errors else 200
    return render(request, "questionnaires/save_vignette.html", context, status=status)


def _form(definition: Definition, example: Example, request: PersonRequest) -> VignetteForm:
    findings = evaluate(definition, example.answers, example.as_of, with_deciding=False)
    return VignetteForm(request.POST, definition=definition, findings=findings)


def _kept(
    request: PersonRequest, shown: QuestionnaireVersion, form: VignetteForm, example: Example
) -> QuestionnaireVersion:
    """Add the vignette to the draft; a version in use gets a draft of its own first."""
    draft = shown
    if shown.state in (VersionState.PUBLISHED, VersionState.RETIRED):
        draft = actions.draft_from(by=request.user, version=shown)
    document = json.loads(draft.document)
    vignette = form.vignette(example)
    return actions.change_draft(
        by=request.user,
        version=draft,
        seen=draft.hash,
        document={**document, "vignettes": [*document["vignettes"], vignette]},
        words=_("added the vignette “%(title)s”") % {"title": vignette["title"]},
    )
