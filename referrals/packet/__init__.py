"""The sealed copy that is sent: what it holds, what it leaves out, and how it is read again.

`compose` gathers what a screening says, `seal` turns it into the bytes that are previewed and sent, `read`
gives those bytes back as values for a page. What could be read from a section that isn't shared is "not
shared".
"""

from referrals.packet.composing import REDISCLOSURE_NOTICE, Covering, compose
from referrals.packet.parts import (
    Acknowledged,
    Answers,
    ClientPart,
    ConsiderationPart,
    CriterionPart,
    EntryPart,
    FactPart,
    IndicationPart,
    JudgmentPart,
    Packet,
    ScorePart,
    SectionPart,
    StatementPart,
    TherapistPart,
    TherapistRole,
)
from referrals.packet.sealing import Sealed, read, seal
from referrals.packet.sharing import Sharing

__all__ = [
    "REDISCLOSURE_NOTICE",
    "Acknowledged",
    "Answers",
    "ClientPart",
    "ConsiderationPart",
    "Covering",
    "CriterionPart",
    "EntryPart",
    "FactPart",
    "IndicationPart",
    "JudgmentPart",
    "Packet",
    "ScorePart",
    "Sealed",
    "SectionPart",
    "Sharing",
    "StatementPart",
    "TherapistPart",
    "TherapistRole",
    "compose",
    "read",
    "seal",
]
