"""Taking over for good what somebody who leaves had: clients, referrals, the signing of a supervisor."""

from uuid import uuid5

from django.utils.translation import gettext as _

from accounts.actions import set_supervisor
from accounts.models import User
from referrals.actions.taking import finish, on_locked
from referrals.caseloads import associates_of, referrals_of
from referrals.deciding import is_permitted
from referrals.models import HandOver, Referral
from referrals.reading import today_for
from referrals.workflow import Party
from screening.actions import NotPossible
from screening.models import CareTeamMember, Client


def take_client(made: HandOver, client: Client, to: User) -> None:
    """Make `to` the client's therapist, or their member of the care team, and give them the referrals."""
    person = made.person
    team = CareTeamMember.objects.filter(client=client, organization_id=client.organization_id)
    if client.therapist_id == person.pk:
        client.therapist = to
        client.save(update_fields=["therapist"])
        team.filter(user=to).delete()
    elif client.therapist_id != to.pk:
        _join(made, client, to)
    # Somebody who leaves sees nothing any more, also where they only covered.
    team.filter(user=person).delete()
    rows = referrals_of(person).filter(client=client).with_people().order_by("pk")
    for referral in rows.select_for_update(of=("self",)):
        take_referral(made, referral, to)


def take_referral(made: HandOver, referral: Referral, to: User) -> None:
    """Let `to` answer for a locked referral on their side; its thread tells, where it can be assigned."""
    party = referral.side_of(to)
    position = referral.position(today_for(referral, made.at))
    values = _answering(party, to)
    if is_permitted("assign", position, party):
        taking = on_locked("assign", referral, party, by=made.by, at=made.at)
        finish(taking, detail={"name": to.name}, code="", note="", **values)
        return
    # A draft has no thread yet, and that of a closed referral is closed: only its course goes on.
    for name, value in values.items():
        setattr(referral, name, value)
    referral.save(update_fields=list(values))


def take_signing(made: HandOver, to: User) -> None:
    """Let `to` sign for all associates of the supervisor who leaves."""
    for associate in associates_of(made.person).order_by("pk"):
        if associate.pk == to.pk:
            words = _("%(name)s is one of the associates: somebody else signs for them.")
            raise NotPossible(words % {"name": to.name})
        set_supervisor(by=made.by, user=associate, supervisor=to)


def _answering(party: Party, to: User) -> dict[str, User | None]:
    """Return what changes on a referral; a cover for the one before ends."""
    side = "therapist" if party is Party.THERAPIST else "provider"
    return {side: to, f"{side}_cover": None, f"{side}_cover_until": None}


def _join(made: HandOver, client: Client, to: User) -> None:
    team = CareTeamMember.objects.filter(client=client, user=to)
    member = team.first() or CareTeamMember(
        id=uuid5(client.pk, str(to.pk)), organization_id=client.organization_id, client=client, user=to
    )
    if member.added_at is not None and member.until is None:
        return
    member.added_by, member.added_at, member.until = made.by, made.at, None
    member.save()
