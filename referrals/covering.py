"""Who covers for whom, in the words of whoever reads it: on home, in the inbox, on a referral."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.templatetags.dates import day, until_moment
from referrals.models import HandOver, HandOverPart, Referral, Role
from referrals.models.hand_overs import lasting
from referrals.workflow import Party

# How long somebody who took over for good is reminded of it.
NEWS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Line:
    """One hand-over as a reader meets it; `may_end` where it is they who are away."""

    hand_over: HandOver
    words: str
    may_end: bool = False


def lines(user: User) -> list[Line]:
    """Return under which covers the person gives or takes now, and what they took over lately."""
    parts = HandOverPart.objects.filter(organization_id=user.organization_id, hand_over_id=OuterRef("pk"))
    taken = Q(Exists(parts.filter(to_id=user.pk)))
    lately = Q(kind="leaving", at__gt=timezone.now() - NEWS) & taken
    rows = HandOver.objects.filter(
        lately | lasting() & (taken | Q(person_id=user.pk)), organization_id=user.organization_id
    )
    return [_line(made, user) for made in rows.with_people().order_by("-at")]


def _line(made: HandOver, user: User) -> Line:
    parts = list(made.parts.all())
    if made.person_id == user.pk:
        names = ", ".join(sorted({part.to.name for part in parts}))
        words = _("While you are away until %(until)s, these cover for you: %(names)s.")
        return Line(made, words % {"until": until_moment(made.until), "names": names}, may_end=True)
    what = {
        "name": made.person.name,
        "what": what_in_words([part for part in parts if part.to_id == user.pk]),
    }
    if made.is_away:
        words = _("You cover for %(name)s until %(until)s: %(what)s.")
        return Line(made, words % {**what, "until": until_moment(made.until)})
    words = _("You took over from %(name)s on %(day)s: %(what)s.")
    return Line(made, words % {**what, "day": day(made.at)})


def what_in_words(parts: list[HandOverPart]) -> str:
    """Return "3 clients, signing for associates"."""
    clients = sum(part.client_id is not None for part in parts)
    referrals = sum(part.referral_id is not None for part in parts)
    said = [
        ngettext("%(n)d client", "%(n)d clients", clients) % {"n": clients} if clients else "",
        ngettext("%(n)d referral", "%(n)d referrals", referrals) % {"n": referrals} if referrals else "",
        _("signing for associates") if any(part.role == Role.SUPERVISOR for part in parts) else "",
    ]
    return ", ".join(each for each in said if each)


def on_referral(referral: Referral) -> str:
    """Return what both sides read while somebody covers, or nothing."""
    away = (
        (referral.therapist, Party.THERAPIST, referral.therapist_cover_until),
        (referral.provider, Party.PROVIDER, referral.provider_cover_until),
    )
    said = []
    for person, party, until in away:
        cover = referral.cover(party)
        if cover is not None and person is not None:
            names = {"name": person.name, "cover": cover.name_with_credentials, "until": until_moment(until)}
            said.append(_("%(name)s is away. %(cover)s covers until %(until)s.") % names)
    return " ".join(said)
