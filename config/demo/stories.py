"""What becomes of the invented referrals: each step's mover, move, day and words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config.demo.directory import CASCADE, JUNIPER, TIDEWATER

THERAPIST = "the therapist"


@dataclass(frozen=True, slots=True)
class Step:
    """A move so many working days ago; who makes it, and what it says."""

    days: int
    by: str
    move: str
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """A referral to a prescriber organization: its request, what is shared, and what happened next."""

    to: str
    reason: str
    steps: tuple[Step, ...] = ()
    question: str = "Could ketamine treatment be an adjunct to the therapy we have begun?"
    meets: str = "Weekly, 50 minutes"
    role: str = "integrates"
    not_shared: frozenset[str] = frozenset()
    how: str = "on_screen"
    sent: bool = True


INES, DANA, REYES = "Ines Calder", "Dana Osei", "Tomas Reyes"
ANAND, WHITCOMB = "Leopold Anand", "Grace Whitcomb"
LOW_FOR_LONG = (
    "Low for more than a year in spite of steady work in therapy. Energy and sleep are what hold us up most. "
    "Keeps appointments, and wants to go on with therapy whatever comes of this."
)
TWO_MEDICINES = (
    "Two medicines at full length in this episode with little to show for it. We work on getting back to "
    "ordinary days; progress is real and slow."
)
NIGHTS = "Sleeps three to four hours. Trauma work is under way and stalls wherever the nights have been bad."
PAIN = (
    "Pain for years, and low since it took work away. Both the physical therapist and I see the same plateau."
)


def _seen(sent: int, by: str, accepted: int, appointment: int) -> tuple[Step, ...]:
    """Return the way from the open packet to an appointment."""
    return (
        Step(sent - 1, by, "open_packet"),
        Step(
            accepted, by, "accept", {"note": "Thank you for the full packet. We call the client this week."}
        ),
        Step(accepted - 1, by, "schedule", {"appointment_at": appointment}),
    )


STORIES: dict[str, Story] = {
    "draft": Story(CASCADE, LOW_FOR_LONG, sent=False),
    "discarded": Story(CASCADE, TWO_MEDICINES, (Step(1, THERAPIST, "discard"),), sent=False),
    "sent": Story(CASCADE, NIGHTS, not_shared=frozenset({"substances", "trauma"})),
    "sent_with_a_message": Story(
        TIDEWATER,
        "Worry that fills the day; has left two jobs over it.",
        (
            Step(
                2,
                THERAPIST,
                "send_message",
                {"text": "I am away on Thursday; Abel Kiplagat can answer for me."},
            ),
        ),
    ),
    "in_review": Story(CASCADE, TWO_MEDICINES, (Step(1, INES, "open_packet"),)),
    "asked": Story(
        CASCADE,
        LOW_FOR_LONG,
        (
            Step(5, INES, "open_packet"),
            Step(4, INES, "accept", {"note": "Glad to see this client."}),
            Step(
                1,
                INES,
                "ask",
                {
                    "questions": [
                        "Who prescribes the present medicine, and may we call them?",
                        "Has blood pressure been taken again since the reading in the packet?",
                    ],
                    "note": "Then we can give an appointment.",
                },
            ),
        ),
    ),
    "asked_in_review": Story(
        JUNIPER,
        NIGHTS,
        (
            Step(9, REYES, "open_packet"),
            Step(8, REYES, "ask", {"questions": ["Is there somebody at home on the evening of a session?"]}),
            Step(6, THERAPIST, "reply", {"answers": [{"text": "Yes: a roommate, who knows of the plan."}]}),
        ),
    ),
    "accepted": Story(
        CASCADE,
        "Panic that came back under stress at work. Exposure work has helped with trains and not with lifts.",
        (
            Step(8, INES, "open_packet"),
            Step(8, INES, "assign", {"to": DANA}),
            Step(6, DANA, "accept", {"note": "I take this one."}),
        ),
    ),
    "accepted_long_ago": Story(
        TIDEWATER,
        PAIN,
        (
            Step(14, ANAND, "open_packet"),
            Step(13, ANAND, "accept"),
            Step(13, ANAND, "assign", {"to": WHITCOMB}),
        ),
    ),
    "scheduled": Story(
        JUNIPER,
        NIGHTS,
        (
            *_seen(8, REYES, 6, -1),
            Step(2, REYES, "reschedule", {"appointment_at": -3, "note": "We need the longer slot."}),
        ),
    ),
    "no_show": Story(
        TIDEWATER,
        PAIN,
        (
            *_seen(20, WHITCOMB, 17, 4),
            Step(3, WHITCOMB, "no_show", {"note": "Nobody came, and the telephone was not answered."}),
        ),
    ),
    "evaluated": Story(
        JUNIPER,
        TWO_MEDICINES,
        (
            *_seen(24, REYES, 21, 8),
            Step(6, REYES, "record_outcome", {"kind": "proceeding", "note": "First session in two weeks."}),
        ),
    ),
    "other_treatment": Story(
        CASCADE,
        NIGHTS,
        (
            *_seen(17, DANA, 15, 12),
            Step(11, DANA, "no_show"),
            Step(10, THERAPIST, "agree_new_time", {"note": "Had the date wrong. Mornings are better."}),
            Step(9, DANA, "schedule", {"appointment_at": 6}),
            Step(
                5,
                DANA,
                "record_outcome",
                {
                    "kind": "other_treatment",
                    "note": "A sleep study first; a medicine for nightmares meanwhile.",
                },
            ),
        ),
    ),
    "questioned": Story(
        TIDEWATER,
        PAIN,
        (
            *_seen(11, ANAND, 9, 5),
            Step(4, ANAND, "record_outcome", {"kind": "not_yet", "note": "Not yet."}),
            Step(
                2,
                THERAPIST,
                "question_outcome",
                {"note": "What would have to change, and when do we ask again?"},
            ),
        ),
    ),
    "declined": Story(
        TIDEWATER,
        PAIN,
        (
            Step(4, WHITCOMB, "open_packet"),
            Step(
                3,
                WHITCOMB,
                "decline",
                {"code": "not_taking_new_clients", "note": "Our list is full to spring."},
            ),
        ),
    ),
    "declined_and_closed": Story(
        CASCADE,
        LOW_FOR_LONG,
        (
            Step(25, INES, "open_packet"),
            Step(23, INES, "decline", {"code": "cost_or_insurance"}),
            Step(
                22,
                THERAPIST,
                "close",
                {"note": "Told the client; the other provider is too far away for now."},
            ),
        ),
    ),
    "not_now": Story(
        CASCADE,
        TWO_MEDICINES,
        (
            Step(29, INES, "open_packet"),
            Step(
                26,
                INES,
                "decline",
                {
                    "code": "not_now",
                    "work_on": ["blood_pressure"],
                    "look_again_on": 0,
                    "note": "Please have the family doctor look at the readings first. Then gladly.",
                },
            ),
            Step(25, THERAPIST, "close", {"note": "The client has an appointment with the family doctor."}),
        ),
    ),
    "refer_elsewhere": Story(
        TIDEWATER,
        NIGHTS,
        (
            Step(11, ANAND, "open_packet"),
            Step(
                10,
                ANAND,
                "decline",
                {"code": "refer_to", "listing": CASCADE, "note": "Trauma is their field."},
            ),
            Step(1, THERAPIST, "refer_elsewhere", {"note": "Thank you; we ask them."}),
        ),
    ),
    "withdrawn": Story(
        CASCADE,
        LOW_FOR_LONG,
        (
            Step(13, INES, "open_packet"),
            Step(
                11, THERAPIST, "withdraw", {"reason": "client_wish", "note": "Wants to stop drinking first."}
            ),
        ),
    ),
    "revoked": Story(
        JUNIPER,
        TWO_MEDICINES,
        (Step(21, REYES, "open_packet"), Step(19, THERAPIST, "revoke_consent")),
        how="on_paper",
    ),
    "recalled": Story(
        TIDEWATER, LOW_FOR_LONG, (Step(4, THERAPIST, "recall", {"reason": "wrong_recipient"}),)
    ),
    "closed": Story(
        CASCADE,
        LOW_FOR_LONG,
        (
            *_seen(60, DANA, 57, 48),
            Step(
                47,
                DANA,
                "record_outcome",
                {"kind": "client_declined", "note": "Decided against it, well informed."},
            ),
            Step(45, THERAPIST, "close", {"note": "The client has told me the same."}),
            Step(40, THERAPIST, "reopen", {"note": "The client has thought again."}),
            Step(38, THERAPIST, "close", {"note": "And has stayed with the decision."}),
        ),
    ),
    "course_open": Story(
        JUNIPER,
        LOW_FOR_LONG,
        (
            *_seen(40, REYES, 37, 29),
            Step(
                28,
                REYES,
                "record_outcome",
                {"kind": "proceeding", "note": "Six sessions, then we look together."},
            ),
            Step(
                26,
                THERAPIST,
                "add_course_entry",
                {"kind": "preparation", "day": 26, "notes": "Intentions; who drives."},
            ),
            Step(25, THERAPIST, "close", {"note": "The first date is set."}),
            Step(
                20,
                REYES,
                "add_course_entry",
                {
                    "kind": "dosing",
                    "form": "injection",
                    "day": 20,
                    "notes": "Quiet session. Rested for two hours.",
                },
            ),
            Step(
                18,
                THERAPIST,
                "add_course_entry",
                {"kind": "integration", "day": 18, "notes": "The picture of the house."},
            ),
            Step(
                13,
                REYES,
                "add_course_entry",
                {"kind": "dosing", "form": "injection", "day": 13, "notes": "Some nausea, gone by itself."},
            ),
            Step(
                11,
                THERAPIST,
                "add_course_entry",
                {"kind": "measure", "day": 11, "measure": "PHQ-9", "result": "11 of 27"},
            ),
            Step(
                9,
                REYES,
                "report_urgent_change",
                {"note": "Blood pressure was high before the session; it was put off."},
            ),
            Step(
                8,
                THERAPIST,
                "acknowledge_urgent_change",
                {"note": "Spoke with the client; the family doctor sees them on Friday."},
            ),
            Step(
                4,
                REYES,
                "add_course_entry",
                {"kind": "dosing", "form": "injection", "day": 4, "notes": "Readings fine. Calm."},
            ),
        ),
    ),
    "course_ended": Story(
        TIDEWATER,
        PAIN,
        (
            *_seen(45, ANAND, 43, 36),
            Step(35, ANAND, "record_outcome", {"kind": "proceeding"}),
            Step(33, THERAPIST, "close"),
            Step(30, ANAND, "add_course_entry", {"kind": "dosing", "form": "iv", "day": 30}),
            Step(23, ANAND, "add_course_entry", {"kind": "dosing", "form": "iv", "day": 23}),
            Step(
                21,
                THERAPIST,
                "add_course_entry",
                {"kind": "integration", "day": 21, "notes": "Walked to the lake."},
            ),
            Step(16, ANAND, "add_course_entry", {"kind": "dosing", "form": "iv", "day": 16}),
            Step(
                10,
                ANAND,
                "add_course_entry",
                {"kind": "ended", "day": 10, "notes": "Planned end. Back to therapy alone."},
            ),
        ),
        role="prepares",
        how="on_paper",
    ),
}
