"""What is stored of referrals, and who may see it."""

from referrals.models.consents import Consent, HowGiven
from referrals.models.courses import CourseEntry, CourseEntryKind, CourseState, Outcome, OutcomeKind
from referrals.models.events import DeclineCode, Event, Message, RecallReason, WithdrawReason
from referrals.models.hand_overs import HandOver, HandOverKind, HandOverPart, Role
from referrals.models.listings import Evaluates, Form, Listing, Said, Telehealth
from referrals.models.packets import Packet
from referrals.models.referrals import ConsentEnd, Referral, ReferralRequest

__all__ = [
    "Consent",
    "ConsentEnd",
    "CourseEntry",
    "CourseEntryKind",
    "CourseState",
    "DeclineCode",
    "Evaluates",
    "Event",
    "Form",
    "HandOver",
    "HandOverKind",
    "HandOverPart",
    "HowGiven",
    "Listing",
    "Message",
    "Outcome",
    "OutcomeKind",
    "Packet",
    "RecallReason",
    "Referral",
    "ReferralRequest",
    "Role",
    "Said",
    "Telehealth",
    "WithdrawReason",
]
