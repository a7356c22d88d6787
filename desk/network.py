"""What waits for the network's admins: versions, sources and counts. Never a client."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Duty, Kind, Organization, User
from accounts.templatetags.dates import day
from referrals.rows import Cell, Row, Tag, due_cell, since_words
from screening.catalog import definition_of, words_of
from screening.engine import Read
from screening.models import QuestionnaireVersion, SourceVerification, VersionState

SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class SourcesStand:
    """How the sources of one published version stand today."""

    version: QuestionnaireVersion
    out_of_date: int
    due_soon: int
    next_review: date | None
    to_be_verified: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many organizations and people there are, by kind."""

    practices: int
    prescribers: int
    disabled: int
    therapists: int
    providers: int


def _versions(user: User) -> list[QuestionnaireVersion]:
    rows = QuestionnaireVersion.objects.visible_to(user).filter(
        state__in=[VersionState.DRAFT, VersionState.IN_REVIEW]
    )
    return list(rows.with_people().defer("document"))


def may_decide(user: User, version: QuestionnaireVersion) -> bool:
    """Whether this person may publish the version: a clinical owner who neither edited nor submitted it."""
    return user.has_duty(Duty.CLINICAL_OWNER) and not version.is_work_of(user)


def versions(user: User) -> tuple[list[Row], list[Row]]:
    """Return the versions that wait for this person, and those that wait for others."""
    own: list[Row] = []
    others: list[Row] = []
    for version in _versions(user):
        if version.is_approved:
            may = may_decide(user, version) and version.publish_at is None
            (own if may else others).append(_approved(version, may))
        elif version.state == VersionState.IN_REVIEW:
            (own if may_decide(user, version) else others).append(_in_review(user, version))
        elif version.edited_by_id == user.pk:
            own.append(_draft(version))
        else:
            others.append(_somebodys_draft(version))
    return own, others


def _approved(version: QuestionnaireVersion, may: bool) -> Row:
    """Tell of an approved version: it waits for its day by itself, or for somebody to publish it."""
    since = version.approved_at or version.edited_at
    name = _("%(title)s, version %(number)d") % {"title": version.title, "number": version.number}
    when = version.publish_at
    waits = _("publishes %(day)s") % {"day": day(when)} if when else _("no day is set")
    return Row(
        name=name,
        url=reverse("questionnaires:version", args=[version.pk]),
        action=_("Publish it, or set its day") if may and when is None else "",
        why=_("Approved by %(name)s.") % {"name": (version.approved_by or version.edited_by).name},
        tags=(Tag(_("Approved"), "act"),),
        cells=(Cell(_("By itself") if when else _("A clinical owner"), waits),),
        go=_("Publish") if may and when is None else "",
        since=since,
    )


def _in_review(user: User, version: QuestionnaireVersion) -> Row:
    since = version.submitted_at or version.edited_at
    name = _("%(title)s, version %(number)d") % {"title": version.title, "number": version.number}
    url = reverse("questionnaires:version", args=[version.pk])
    submitted = _("Submitted by %(name)s.") % {"name": (version.submitted_by or version.edited_by).name}
    if may_decide(user, version):
        return Row(
            name=name,
            url=url,
            action=_("Approve and publish, or send back"),
            why=submitted,
            cells=(due_cell(None, since_words(since)),),
            go=_("Review"),
            since=since,
        )
    return Row(
        name=name,
        url=url,
        why=submitted,
        tags=(Tag(_("In review"), "act"),),
        cells=(
            Cell(_("A clinical owner"), _("since %(day)s") % {"day": day(since)}),
            Cell(_("No date"), _("approval by a second person")),
        ),
        since=since,
    )


def _draft(version: QuestionnaireVersion) -> Row:
    return Row(
        name=_("%(title)s, version %(number)d") % {"title": version.title, "number": version.number},
        url=reverse("questionnaires:version", args=[version.pk]),
        action=_("Change the draft after review") if version.note else _("Finish the draft"),
        why=_("Sent back with a note.") if version.note else _("Not submitted for review yet."),
        cells=(due_cell(None, _("Edited %(day)s") % {"day": day(version.edited_at)}),),
        go=_("Continue"),
        since=version.edited_at,
    )


def _somebodys_draft(version: QuestionnaireVersion) -> Row:
    return Row(
        name=_("%(title)s, version %(number)d") % {"title": version.title, "number": version.number},
        url=reverse("questionnaires:version", args=[version.pk]),
        why=_("Draft, not submitted yet"),
        cells=(
            Cell(version.edited_by.name, _("edited %(day)s") % {"day": day(version.edited_at)}),
            Cell(_("No date"), _("to be submitted")),
        ),
        since=version.edited_at,
    )


def sources(user: User, today: date) -> list[SourcesStand]:
    """Return how the sources of each published version stand, in two queries."""
    rows = QuestionnaireVersion.objects.visible_to(user).filter(state=VersionState.PUBLISHED)
    found = SourceVerification.objects.values_list("questionnaire_id", "source", "words")
    verified = frozenset((questionnaire, source, words) for questionnaire, source, words in found)
    return [_stand(version, verified, today) for version in rows.defer("document").order_by("title")]


def _stand(version: QuestionnaireVersion, verified: frozenset[object], today: date) -> SourcesStand:
    held = definition_of(version.pk).sources
    reviews = [source.review_by for source in held]
    unread = [source for source in held if source.read is Read.NO]
    return SourcesStand(
        version=version,
        out_of_date=sum(review < today for review in reviews),
        due_soon=sum(today <= review <= today + SOON for review in reviews),
        next_review=min((review for review in reviews if review >= today), default=None),
        to_be_verified=sum(
            (version.questionnaire_id, source.key, words_of(source)) not in verified for source in unread
        ),
    )


def counts(user: User) -> Counts:
    """Return how many organizations and people may sign in."""
    found = Organization.objects.visible_to(user).aggregate(
        practices=Count("pk", filter=Q(kind=Kind.PRACTICE, is_active=True)),
        prescribers=Count("pk", filter=Q(kind=Kind.PRESCRIBER, is_active=True)),
        disabled=Count("pk", filter=Q(is_active=False)),
    )
    people = (
        User.objects.visible_to(user)
        .active()
        .aggregate(
            therapists=Count("pk", filter=Q(organization__kind=Kind.PRACTICE)),
            providers=Count("pk", filter=Q(organization__kind=Kind.PRESCRIBER)),
        )
    )
    return Counts(**found, **people)
