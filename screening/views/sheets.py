"""The transparency sheet of a version, for admins and for whoever relies on what was found with it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, signed_in
from privacy import audit
from screening import sheets
from screening.catalog import definition_of_version
from screening.engine import DocumentProblems
from screening.explanation.proved import proved
from screening.verifications import verification_of
from screening.views.versions import NAV


@signed_in
@require_safe
def sheet(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show how the findings of a version are made."""
    version = get_object_or_404(sheets.readable_by(request.user), pk=pk)
    audit.record("version.read", by=request.user, of=version, number=version.number)
    try:
        definition = definition_of_version(version)
        body = sheets.sheet_html(version, timezone.localdate())
    except DocumentProblems:
        raise Http404 from None
    standing = verification_of(version)
    context = {
        **(NAV if request.user.is_admin else {"nav": "guidance"}),
        "version": version,
        "definition": definition,
        "body": body,
        "proved": proved(definition, standing.report) if standing and standing.report else None,
        "history": sheets.history_of(version),
    }
    return render(request, "questionnaires/sheet.html", context)


@signed_in
@require_safe
def sheet_of(request: PersonRequest, digest: str) -> HttpResponse:
    """Lead from a document's digest, as packets print it, to its sheet."""
    version = sheets.readable_by(request.user).filter(hash=f"sha256:{digest}").order_by("-number").first()
    if version is None:
        raise Http404
    return redirect("questionnaires:sheet", version.pk)
