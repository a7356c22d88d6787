"""The therapist's moves: reply, agree a new time, close, reopen, refer elsewhere, withdraw, recall."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from referrals.actions.drafts import new_draft
from referrals.actions.taking import begin, finish, no_words_without_consent, required
from referrals.models import Event, Packet, RecallReason, Referral, ReferralRequest, WithdrawReason
from referrals.packet import read
from screening.actions import NotPossible
from screening.actions.locks import lock_screening
from screening.models import Screening, ScreeningState

UNKNOWN = frozenset({"not_known", "declined"})
# What the therapist may give as the reason; the end of consent is recorded as such, and the system withdraws.
OWN_REASONS = frozenset({WithdrawReason.CLIENT_WISH, WithdrawReason.SCREENING_IN_ERROR})


@transaction.atomic
def reply(
    *,
    by: User,
    referral: Referral,
    answers: Sequence[Mapping[str, str]],
    note: str = "",
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Event:
    """Answer what was asked, in order: each `{"text": ...}` or `{"unknown": "not_known" | "declined"}`."""
    taking = begin("reply", by=by, referral=referral, form_key=form_key, at=at)
    if taking.earlier is not None:
        return taking.earlier
    questions = open_questions(taking.referral)
    given = [_answer(answer) for answer in answers]
    if len(given) != len(questions):
        raise NotPossible(_("Answer each question, or say that it is not known."))
    pairs = [{"question": asked} | answer for asked, answer in zip(questions, given, strict=True)]
    return finish(taking, note=note, detail={"answers": pairs})


def _answer(answer: Mapping[str, str]) -> dict[str, str]:
    text, unknown = answer.get("text", "").strip(), answer.get("unknown", "")
    if bool(text) is (unknown in UNKNOWN):
        raise NotPossible(_("Answer each question, or say that it is not known."))
    return {"text": text} if text else {"unknown": unknown}


def open_questions(referral: Referral) -> list[str]:
    """Return the questions that were asked last."""
    last = referral.events.filter(move="ask").order_by("-number").first()
    detail = last.detail if last is not None else None
    return [str(question) for question in detail["questions"]] if detail else []


@transaction.atomic
def agree_new_time(
    *, by: User, referral: Referral, note: str = "", form_key: UUID | None = None, at: datetime | None = None
) -> Event:
    """Say that the client will come, and when they can; the provider schedules again."""
    taking = begin("agree_new_time", by=by, referral=referral, form_key=form_key, at=at)
    return taking.earlier or finish(taking, note=note, appointment_at=None)


@transaction.atomic
def question_outcome(
    *, by: User, referral: Referral, note: str, form_key: UUID | None = None, at: datetime | None = None
) -> Event:
    """Question what the provider recorded, in words."""
    taking = begin("question_outcome", by=by, referral=referral, form_key=form_key, at=at)
    words = required(note, _("Write what is not clear about the outcome."))
    return taking.earlier or finish(taking, note=words)


@transaction.atomic
def close(
    *, by: User, referral: Referral, note: str = "", form_key: UUID | None = None, at: datetime | None = None
) -> Event:
    """Confirm that the loop is closed."""
    taking = begin("close", by=by, referral=referral, form_key=form_key, at=at)
    no_words_without_consent(taking, note)
    return taking.earlier or finish(taking, note=note)


@transaction.atomic
def reopen(
    *, by: User, referral: Referral, note: str, form_key: UUID | None = None, at: datetime | None = None
) -> Event:
    """Open a closed referral again, with a reason; it stands as it did before closing."""
    taking = begin("reopen", by=by, referral=referral, form_key=form_key, at=at)
    words = required(note, _("Say why it is opened again."))
    return taking.earlier or finish(taking, note=words)


@transaction.atomic
def refer_elsewhere(
    *, by: User, referral: Referral, note: str = "", form_key: UUID | None = None, at: datetime | None = None
) -> Referral:
    """Close a declined referral and return a new draft linked to it, with nothing to type again."""
    taking = begin("refer_elsewhere", by=by, referral=referral, form_key=form_key, at=at)
    locked = taking.referral
    if taking.earlier is not None:
        return locked.referred_on.get(form_key=_draft_key(taking.form_key))
    no_words_without_consent(taking, note)
    draft = new_draft(
        by=by,
        screening=_standing_screening(by, locked),
        listing=None,
        request=_request_of(locked),
        referred_from=locked,
        form_key=_draft_key(taking.form_key),
        at=taking.at,
    )
    finish(taking, note=note)
    return draft


def _request_of(referral: Referral) -> ReferralRequest:
    """Return what the therapist wrote, from the practice's own packet."""
    kept = Packet.objects.get(referral=referral, organization_id=referral.organization_id)
    sent = read(kept.sealed)
    return ReferralRequest(sent.reason, sent.question, sent.therapist.meets, sent.therapist.role)


def _draft_key(form_key: UUID) -> UUID:
    return uuid5(form_key, "draft")


def _standing_screening(by: User, referral: Referral) -> Screening:
    """Return the screening, or the one that has taken its place since."""
    screening = lock_screening(by, referral.screening_id)
    replacement = screening.replacement if screening.state == ScreeningState.REPLACED else None
    while replacement is not None and replacement.was_moved:
        replacement = replacement.replacement
    if replacement is not None and replacement.state == ScreeningState.COMPLETED:
        return lock_screening(by, replacement.pk)
    return screening


@transaction.atomic
def withdraw(
    *,
    by: User,
    referral: Referral,
    reason: str,
    note: str = "",
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Event:
    """Take the referral back; before acceptance the provider can't read the packet any more."""
    taking = begin("withdraw", by=by, referral=referral, form_key=form_key, at=at)
    if taking.earlier is not None:
        return taking.earlier
    if reason not in OWN_REASONS:
        raise NotPossible(_("Choose a reason from the list."))
    no_words_without_consent(taking, note)
    return finish(taking, code=reason, note=note)


@transaction.atomic
def recall(
    *,
    by: User,
    referral: Referral,
    reason: str,
    note: str = "",
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Event:
    """Take back what went to the wrong place; the event says whether it had been opened.

    The packet closes to the recipient, a copy that it kept included.
    """
    taking = begin("recall", by=by, referral=referral, form_key=form_key, at=at)
    if taking.earlier is not None:
        return taking.earlier
    if reason not in RecallReason.values:
        raise NotPossible(_("Choose a reason from the list."))
    no_words_without_consent(taking, note)
    opened = taking.referral.opened_at
    detail = {"opened_at": opened.isoformat() if opened else None}
    return finish(taking, code=reason, note=note, detail=detail)
