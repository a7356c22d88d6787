"""The reviewer's page: a whole version in reading order, with what is said about each place of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, admin_required
from screening import actions
from screening.comments import Comments, comments_of
from screening.forms.governing import CommentForm, ReplyForm
from screening.models import Place, QuestionnaireVersion, ReviewComment, VersionState
from screening.parts import Part, parts_of
from screening.views.versions import NAV, definition_of, read_version, version_of


@admin_required
@require_safe
def review(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show the whole version: its questions, gates and rules in words, each with a box for comments."""
    return _page(request, read_version(request, pk))


@admin_required
@require_POST
def comment(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Say something about a place of a version; what can't be stored comes back as it was typed."""
    version = version_of(request, pk)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            said = actions.comment(by=request.user, version=version, **form.cleaned_data)
            return redirect(_address(version, said))
        except actions.NotPossible as refusal:
            form.add_error("text", str(refusal))
    return _page(request, version, form=form)


@admin_required
@require_POST
def reply(request: PersonRequest, pk: UUID, comment: UUID) -> HttpResponse:
    """Answer a comment."""
    version = version_of(request, pk)
    first = _comment_of(version, comment)
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            actions.reply(by=request.user, comment=first, text=form.cleaned_data["text"])
            return redirect(_address(version, first))
        except actions.NotPossible as refusal:
            form.add_error("text", str(refusal))
    return _page(request, version, form=form, replied_to=first)


@admin_required
@require_POST
def settle(request: PersonRequest, pk: UUID, comment: UUID) -> HttpResponse:
    """Say that a comment is settled, or (`again`) that it isn't after all."""
    version = version_of(request, pk)
    first = _comment_of(version, comment)
    act = actions.open_again if "again" in request.POST else actions.settle
    try:
        act(by=request.user, comment=first)
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(version, first))


def _comment_of(version: QuestionnaireVersion, pk: UUID) -> ReviewComment:
    first = get_object_or_404(version.comments.filter(answers_to__isnull=True).select_related("by"), pk=pk)
    first.version = version
    return first


def _address(version: QuestionnaireVersion, said: ReviewComment) -> str:
    anchor = f"{said.place}-{said.key.replace('.', '-')}".rstrip("-")
    return f"{reverse('questionnaires:review', args=[version.pk])}#{anchor}"


def _page(
    request: PersonRequest,
    version: QuestionnaireVersion,
    *,
    form: CommentForm | ReplyForm | None = None,
    replied_to: ReviewComment | None = None,
) -> HttpResponse:
    parts = parts_of(definition_of(version))
    comments = comments_of(version, request.user)
    context = {
        **NAV,
        "version": version,
        "chapters": _chapters(parts, comments),
        "comments": comments,
        "elsewhere": _elsewhere(parts, comments),
        "is_open": version.state in (VersionState.DRAFT, VersionState.IN_REVIEW),
        "form": form,
        "form_at": _place_of(form, parts),
        "replied_to": replied_to,
    }
    return render(request, "questionnaires/review.html", context, status=422 if form is not None else 200)


def _chapters(parts: tuple[Part, ...], comments: Comments) -> list[tuple[str, list[tuple[Part, object]]]]:
    """Return the parts by chapter, each with what was said about it."""
    by_place = comments.by_place
    chapters: dict[str, list[tuple[Part, object]]] = {}
    for part in parts:
        threads = by_place.get((part.place, part.key), ())
        chapters.setdefault(part.chapter, []).append((part, threads))
    return list(chapters.items())


def _elsewhere(parts: tuple[Part, ...], comments: Comments) -> list[object]:
    """Return what was said about places that the document no longer has."""
    known = {(part.place, part.key) for part in parts}
    return [each for each in comments.threads if (each.first.place, each.first.key) not in known]


def _place_of(form: CommentForm | ReplyForm | None, parts: tuple[Part, ...]) -> str:
    """Return the anchor of the place that a refused comment was meant for; the whole where it is gone."""
    if not isinstance(form, CommentForm):
        return ""
    wanted = (form.data.get("place", ""), form.data.get("key", ""))
    found = [part.anchor for part in parts if (part.place, part.key) == wanted and part.takes_comments]
    return found[0] if found else Place.VERSION.value
