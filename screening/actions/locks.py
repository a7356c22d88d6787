"""How an action gets hold of the row it changes, and how it says that it can't."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import User
from screening.models import Client, QuestionnaireVersion, Screening


class NotPossible(Exception):
    """The action doesn't fit the state of things; its text is a sentence for the person who tried."""


class ChangedMeanwhile(NotPossible):
    """Somebody else changed the record after it was shown."""


class RecordNumberTaken(NotPossible):
    """Another client of the practice has this record number."""


def lock_client(by: User, pk: UUID) -> Client:
    """Lock a client the person looks after; a stranger's is refused, and one that is opened for reading."""
    try:
        return Client.objects.in_care_of(by).select_for_update(of=("self",)).get(pk=pk)
    except Client.DoesNotExist:
        raise PermissionDenied from None


def lock_screening(by: User, pk: UUID, *, in_emergency: bool = False) -> Screening:
    """Lock a screening of a client the person looks after, with client, organization and version at hand.

    `in_emergency` also lets in somebody for whom a lead opened the client.
    """
    rows = Screening.objects.visible_to(by) if in_emergency else Screening.objects.in_care_of(by)
    rows = rows.select_related("client", "organization", "version", "completed_by")
    try:
        return rows.select_for_update(of=("self",)).get(pk=pk)
    except Screening.DoesNotExist:
        raise PermissionDenied from None


def lock_open_screening(by: User, pk: UUID) -> Screening:
    """Lock a screening that can still be answered."""
    screening = lock_screening(by, pk)
    if screening.was_moved:
        raise NotPossible(_("This screening was moved to a newer version of its questionnaire: go on there."))
    if not screening.is_open:
        raise NotPossible(
            _("This screening is no longer open: its answers can't be changed. Amend it instead.")
        )
    return screening


def lock_version(pk: UUID) -> QuestionnaireVersion:
    """Lock a version of a questionnaire."""
    return QuestionnaireVersion.objects.select_for_update().get(pk=pk)


def required_words(text: str, sentence: str) -> str:
    """Return the trimmed text, or refuse with the sentence where there is none."""
    words = text.strip()
    if not words:
        raise NotPossible(sentence)
    return words
