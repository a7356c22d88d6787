"""What leads did: clients opened in an emergency, and caseloads handed over while somebody is away."""

from datetime import timedelta

from accounts.models import User
from config.demo.calendar import Calendar
from config.demo.people import Cast
from config.demo.screenings import Screened
from privacy.context import enter
from referrals import actions as referral_actions
from referrals.caseloads import caseload
from screening import actions

# Whose client, for whom, why, and how many minutes ago; the second has ended by itself long ago.
OPENED = (
    (
        "Olga Petrenko",
        "Nadia Haddad",
        "At the emergency department; they ask what has been tried. Hugo is on a flight until tonight.",
        95,
    ),
    (
        "Desmond Achebe",
        "Rowan Ellis",
        "His sister called about a letter from the clinic, and Hugo could not be reached.",
        6 * 24 * 60,
    ),
)


def load(cast: Cast, calendar: Calendar, screened: list[Screened]) -> None:
    """Let Harbor's lead open two clients, and three leads hand over what colleagues hold."""
    lead = cast["Rowan Ellis"]
    clients = {each.invented.name: each.client for each in screened}
    with enter(lead.organization_id):
        for name, person, reason, minutes in OPENED:
            actions.open_emergency_access(
                by=lead,
                client=clients[name],
                user=cast[person],
                reason=reason,
                at=calendar.ago(minutes),
            )
    _covered(lead, cast["Hugo Stein"], cast["Nadia Haddad"], calendar, days=16, lasts=7)
    _covered(cast["Joan Abernathy"], cast["Marcus Oyelaran"], cast["Willa Chen"], calendar, days=1, lasts=9)
    _covered(cast["Ines Calder"], cast["Dana Osei"], cast["Ines Calder"], calendar, days=2, lasts=8)


def _covered(lead: User, person: User, cover: User, calendar: Calendar, *, days: int, lasts: int) -> None:
    """Let one colleague cover for all that a person holds, from so many working days ago."""
    at = calendar.at(days, 8, 15)
    with enter(lead.organization_id):
        referral_actions.hand_over(
            by=lead,
            person=person,
            kind="away",
            reason="Away as planned; reachable for nothing that can wait.",
            assigned=[
                referral_actions.Assigned(unit.role, unit.record, cover) for unit in caseload(lead, person)
            ],
            until=calendar.at(days, 0) + timedelta(days=lasts),
            at=at,
        )
