"""What each step of a version asks first: who takes it, in which state, and of which document."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Duty, Kind, User
from privacy import outbox
from screening.actions.locks import ChangedMeanwhile, NotPossible
from screening.models import QuestionnaireVersion, VersionState
from screening.review import review_of
from screening.verification import Report
from screening.verifications import Standing, verification_of


class NotReady(NotPossible):
    """Something of the document or what was said about it needs work; the version's page says what."""


def require_admin(by: User) -> None:
    """Refuse whoever isn't an admin of the network."""
    if not by.is_admin:
        raise PermissionDenied


def require_owner(by: User) -> None:
    """Refuse whoever isn't a clinical owner."""
    require_admin(by)
    if not by.has_duty(Duty.CLINICAL_OWNER):
        raise PermissionDenied


def require_state(version: QuestionnaireVersion, state: VersionState, sentence: str) -> None:
    """Refuse a version in another state."""
    if version.state != state:
        raise NotPossible(sentence)


def require_seen(version: QuestionnaireVersion, seen: str | None) -> None:
    """Refuse where the document isn't the one that was read; without a hash nobody asks."""
    if seen is not None and seen != version.hash:
        raise ChangedMeanwhile(
            _("%(name)s put another document here after you opened this page. Read it first.")
            % {"name": version.edited_by.name}
        )


def require_others_work(version: QuestionnaireVersion, by: User) -> None:
    """Refuse whoever wrote in the version or sent it to review."""
    if version.is_work_of(by):
        raise NotPossible(_("Somebody else publishes: nobody approves their own edits."))


def require_ready(version: QuestionnaireVersion) -> None:
    """Refuse a document that a check or a vignette objects to."""
    if not review_of(version).is_ready:
        raise NotReady(_("What the checks and vignettes show needs work first."))


def require_settled(version: QuestionnaireVersion) -> None:
    """Refuse while a comment is open that somebody marked as to be settled first."""
    waiting = version.comments.in_the_way().count()
    if waiting:
        words = ngettext(
            "%(n)d comment has to be settled first.", "%(n)d comments have to be settled first.", waiting
        )
        raise NotReady(words % {"n": waiting})


def require_proved(version: QuestionnaireVersion) -> Standing:
    """Refuse rules that nobody verified or of which something does not hold; return what is known."""
    standing = verification_of(version)
    if standing is None or standing.report is None:
        raise NotReady(_("Its rules have to be verified first."))
    if wrong := len(standing.report.wrong):
        words = ngettext(
            "The verification of its rules found %(n)d thing that does not hold.",
            "The verification of its rules found %(n)d things that do not hold.",
            wrong,
        )
        raise NotReady(words % {"n": wrong})
    return standing


def unproved_in(report: Report | None) -> tuple[str, ...]:
    """Return what a report could not prove, each as a code: what was asked, and of which keys."""
    unproved = report.not_proved if report is not None else ()
    return tuple(f"{each.about.asked.value}:{','.join(each.about.keys)}" for each in unproved)


def publishers_of(version: QuestionnaireVersion) -> list[User]:
    """Return the clinical owners who may publish the version: those whose work it isn't."""
    owners = User.objects.active().filter(
        organization__kind=Kind.NETWORK, duties__contains=[Duty.CLINICAL_OWNER]
    )
    return [owner for owner in owners.order_by("name") if not version.is_work_of(owner)]


def tell(version: QuestionnaireVersion, kind: str, *, but: User | None, page: str = "") -> None:
    """Leave a notice, a link only, for everybody who wrote in the version or sent it to review."""
    wrote = [*version.editors, *([version.submitted_by_id] if version.submitted_by_id else [])]
    people = {person for person in wrote if but is None or person != but.pk}
    for person in User.objects.active().filter(pk__in=people).order_by("pk"):
        outbox.notify(recipient=person.pk, kind=kind, path=f"/questionnaires/{version.pk}/{page}")
