"""What each action of the audit log is called, as whoever reads it would say it, and of what kind it is.

A new `audit.record("...")` needs its words here: a test walks the code and asks for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from privacy.models import Entry


class Kind(TextChoices):
    """The kinds of things that people do; lists of the log are narrowed by them."""

    READ = "read", lazy("Read")
    CHANGED = "changed", lazy("Changed")
    SENT = "sent", lazy("Sent or answered")
    EXPORTED = "exported", lazy("Exported or printed")
    REFUSED = "refused", lazy("Refused")
    SIGN_IN = "sign_in", lazy("Sign-in")
    OFFICE = "office", lazy("People and settings")


# What an entry about a client can be of.
ABOUT_CLIENTS = (Kind.READ, Kind.CHANGED, Kind.SENT, Kind.EXPORTED, Kind.REFUSED)

Words = str | Promise

_WORDS: Mapping[Kind, Mapping[str, Words]] = {
    Kind.READ: {
        "client.read": lazy("Read the client’s page"),
        "client.listed": lazy("Saw a list of clients"),
        "client.found": lazy("Looked for a client by name or record number"),
        "screening.outcomes_counted": lazy("An admin had outcomes counted; no record was shown"),
        "screening.read": lazy("Read a screening"),
        "screening.listed": lazy("Saw the screenings to sign"),
        "referral.read": lazy("Read a referral"),
        "referral.listed": lazy("Saw a list of referrals"),
        "inbox.listed": lazy("Saw the inbox"),
        "cover.read": lazy("Read the cover of a packet"),
        "packet.read": lazy("Read a packet"),
        "packet.previewed": lazy("Previewed a packet before sending"),
        "log.client_read": lazy("Read who looked at the client"),
        "log.read": lazy("Read the access log"),
        "records.read": lazy("Read a records request"),
        "records.listed": lazy("Saw the list of records requests"),
        "amendment.read": lazy("Read a request to amend"),
        "screening.questions_counted": lazy("Counted how questions were answered, as sums"),
        "version.read": lazy("Read a version of a questionnaire"),
        "emergency.listed": lazy("Saw the list of emergency access"),
        "caseload.read": lazy("Read a colleague’s caseload"),
        "emergency.searched": lazy("Looked for a client to open in an emergency"),
        "emergency.considered": lazy("Opened the page for emergency access"),
    },
    Kind.CHANGED: {
        "client.added": lazy("Added the client"),
        "client.changed": lazy("Changed the client’s record"),
        "client.care_team_joined": lazy("Added a colleague to the care team"),
        "client.care_team_left": lazy("Took a colleague off the care team"),
        "client.cover_ended": lazy("Ended a colleague’s cover for the client"),
        "client.handed_over": lazy("Handed the client over to a colleague"),
        "screening.part2_recorded": lazy("Recorded whether a section is a substance-use program’s record"),
        "screening.started": lazy("Started a screening"),
        "screening.answered": lazy("Recorded answers"),
        "screening.completed": lazy("Completed a screening"),
        "screening.replaced": lazy("Began to amend a screening"),
        "screening.moved": lazy("Moved a screening to a newer version of its questionnaire"),
        "screening.entered_in_error": lazy("Marked a screening as entered in error"),
        "screening.safety_confirmed": lazy("Confirmed the safety answers"),
        "screening.signed": lazy("Signed a screening"),
        "judgment.recorded": lazy("Recorded a judgment"),
        "consideration.acknowledged": lazy("Acknowledged an urgent consideration"),
        "consent.recorded": lazy("Recorded consent"),
        "consent.revoked": lazy("Recorded that consent was revoked"),
        "consent.expired": lazy("Consent expired"),
        "consent.expiry_warned": lazy("Told both sides that consent ends soon"),
        "referral.started": lazy("Started a referral"),
        "referral.recipient_chosen": lazy("Chose the recipient of a referral"),
        "referral.request_written": lazy("Wrote the reason for a referral"),
        "referral.statements_chosen": lazy("Chose whether a statement goes with the packet"),
        "referral.discard": lazy("Discarded the draft of a referral"),
        "referral.assign": lazy("Assigned a referral to somebody"),
        "emergency.opened": lazy("Opened emergency access"),
        "emergency.ended": lazy("Ended emergency access"),
        "emergency.noted": lazy("Took note of emergency access"),
        "records.asked": lazy("Recorded a records request"),
        "records.extended": lazy("Extended the time for a records request"),
        "records.answered": lazy("Answered a records request"),
        "amendment.asked": lazy("Recorded a request to amend"),
        "amendment.extended": lazy("Extended the time for a request to amend"),
        "amendment.accepted": lazy("Accepted a request to amend"),
        "amendment.denied": lazy("Denied a request to amend"),
        "amendment.disagreement": lazy("Recorded the client’s statement of disagreement"),
        "amendment.rebuttal": lazy("Recorded a rebuttal"),
        "version.drafted": lazy("Began a version of a questionnaire"),
        "version.begun": lazy("Began a change to a questionnaire"),
        "version.edited": lazy("Edited a version of a questionnaire"),
        "version.count_asked": lazy("Had a version’s questions counted"),
        "version.submitted": lazy("Sent a version to review"),
        "version.returned": lazy("Sent a version back"),
        "version.published": lazy("Approved and published a version"),
        "version.copied": lazy("Began a version with the document of another"),
        "version.approved": lazy("Approved a version"),
        "version.released": lazy("Published an approved version"),
        "version.dated": lazy("Set the day on which a version is published"),
        "version.called_off": lazy("Called off the day on which a version is published"),
        "version.not_published": lazy("A version wasn’t published on its day"),
        "version.outcomes_counted": lazy("Had counted what a version would change"),
        "version.verification_asked": lazy("Had the rules of a version verified"),
        "version.commented": lazy("Commented on a version"),
        "version.replied": lazy("Replied to a comment on a version"),
        "version.comment_settled": lazy("Settled a comment on a version"),
        "version.comment_reopened": lazy("Opened a comment on a version again"),
        "version.retired": lazy("Retired a version"),
        "screening.corrected": lazy("Looked for screenings that a safety correction touches"),
        "correction.looked": lazy("Looked at a screening that a safety correction touches"),
        "version.declared_correction": lazy("Declared a version a safety correction"),
        "question.reported": lazy("Reported a question"),
        "question.settled": lazy("Settled what was reported about a question"),
        "source.verified": lazy("Marked a source as verified"),
        "listing.written": lazy("Changed the directory entry"),
    },
    Kind.SENT: {
        "referral.send": lazy("Sent the packet"),
        "referral.open": lazy("Opened the packet"),
        "referral.ask": lazy("Asked for information"),
        "referral.reply": lazy("Answered questions"),
        "referral.accept": lazy("Accepted the referral"),
        "referral.decline": lazy("Declined the referral"),
        "referral.schedule": lazy("Made an appointment"),
        "referral.reschedule": lazy("Moved the appointment"),
        "referral.no_show": lazy("Noted that the client did not come"),
        "referral.agree_new_time": lazy("Agreed a new time with the client"),
        "referral.record_outcome": lazy("Recorded the outcome of the evaluation"),
        "referral.question_outcome": lazy("Questioned the outcome"),
        "referral.close": lazy("Closed the referral"),
        "referral.refer_elsewhere": lazy("Closed the referral to refer elsewhere"),
        "referral.reopen": lazy("Opened the referral again"),
        "referral.withdraw": lazy("Withdrew the referral"),
        "referral.recall": lazy("Recalled the packet"),
        "referral.report_urgent_change": lazy("Reported an urgent change"),
        "referral.acknowledge_urgent_change": lazy("Acknowledged an urgent change"),
        "referral.provider_unavailable": lazy("The provider became unavailable"),
        "message.sent": lazy("Sent a message"),
        "course.dosing": lazy("Entered a dosing session"),
        "course.preparation": lazy("Entered a preparation session"),
        "course.integration": lazy("Entered an integration session"),
        "course.measure": lazy("Entered a measure"),
        "course.paused": lazy("Paused the course"),
        "course.resumed": lazy("Resumed the course"),
        "course.ended": lazy("Ended the course"),
    },
    Kind.EXPORTED: {
        "screening.printed": lazy("Printed a screening"),
        "records.exported": lazy("Made the export of a client’s records"),
        "log.exported": lazy("Exported the access log"),
        "version.exported": lazy("Downloaded a version of a questionnaire"),
    },
    Kind.REFUSED: {"access.refused": lazy("Asked for something and was refused")},
    Kind.SIGN_IN: {
        "session.password": lazy("Gave the right password"),
        "session.proof_failed": lazy("Gave a wrong password, code or passkey"),
        "session.prove_again": lazy("Proved once more who they are"),
        "session.sign_in": lazy("Signed in"),
        "session.sign_in_failed": lazy("Tried to sign in with a wrong password or code"),
        "session.sign_out": lazy("Signed out"),
        "session.provider": lazy("Came back from their organization’s sign-in"),
        "sign_on.link": lazy("Linked their organization’s sign-in"),
        "sign_on.unlink": lazy("Unlinked their organization’s sign-in"),
        "session.end": lazy("Ended another session of their own"),
        "session.end_others": lazy("Ended every other session of their own"),
    },
    Kind.OFFICE: {
        "organization.create": lazy("Added an organization"),
        "organization.change_settings": lazy("Changed the organization’s settings"),
        "organization.disable": lazy("Disabled an organization"),
        "organization.enable": lazy("Enabled an organization"),
        "caseload.handed_over": lazy("Handed over a caseload"),
        "caseload.counted": lazy("Counted what a person holds"),
        "caseload.cover_ended": lazy("Ended the cover of a caseload"),
        "security.changed": lazy("Changed how they sign in"),
        "erasure.ask": lazy("Asked to erase an organization"),
        "erasure.confirm": lazy("Erased an organization"),
        "erasure.withdraw": lazy("Withdrew an erasure"),
        "key.rewrap": lazy("Wrapped a data key by another master key"),
        "person.create": lazy("Added a person"),
        "person.invite": lazy("Invited a person"),
        "person.withdraw_invitation": lazy("Withdrew an invitation"),
        "person.join": lazy("Joined by invitation"),
        "person.disable": lazy("Disabled a person"),
        "person.enable": lazy("Enabled a person"),
        "person.set_duties": lazy("Changed a person’s duties"),
        "person.set_supervisor": lazy("Chose who signs for a person"),
        "person.set_password": lazy("Set a password"),
        "person.ask_to_change_email": lazy("Asked to change their e-mail"),
        "person.change_email": lazy("Changed their e-mail"),
        "factor.added": lazy("Took a second factor into use"),
        "factor.renamed": lazy("Renamed a second factor"),
        "factor.removed": lazy("Took a second factor out of use"),
        "factor.reset": lazy("Reset a person’s second factor"),
        "recovery_codes.renewed": lazy("Made new recovery codes"),
        "recovery_codes.used": lazy("Used a recovery code"),
        "person.change_own_details": lazy("Changed their own details"),
    },
}

ACTIONS: Mapping[str, tuple[Kind, Words]] = {
    action: (kind, words) for kind, by_action in _WORDS.items() for action, words in by_action.items()
}

# Pages that are recorded as another page's action, and what they show.
_PAGES: Mapping[tuple[str, str], Words] = {
    ("client.read", "timeline"): lazy("Read the client’s timeline"),
    ("client.read", "records"): lazy("Opened the page for a records request"),
    ("client.read", "requests"): lazy("Read what was asked about the record"),
    ("client.read", "amend"): lazy("Opened the page for a request to amend"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """An entry in words: what was done and of what kind it is."""

    kind: Kind
    words: str


def said(entry: Entry) -> Said:
    """Return an entry in words; an action of an earlier version that has none is shown by its name."""
    return said_of(entry.action, str(entry.codes.get("page", "")))


def said_of(action: str, page: str = "") -> Said:
    """Return an action in words, and of a page where the action has several."""
    kind, words = ACTIONS.get(action, (Kind.CHANGED, _("Did: %(action)s") % {"action": action}))
    return Said(kind, str(_PAGES.get((action, page), words)))


def actions_of(kind: Kind) -> frozenset[str]:
    """Return every action of a kind."""
    return frozenset(action for action, (of, _words) in ACTIONS.items() if of is kind)
