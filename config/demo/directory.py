"""What the invented prescriber organizations say of themselves."""

from dataclasses import replace

from config.demo.calendar import Calendar
from config.demo.people import Cast
from privacy.context import enter
from referrals import actions
from referrals.actions import ListingFacts
from referrals.models import Evaluates, Form, Listing, Said, Telehealth
from screening.models import PayerType

CASCADE, JUNIPER = "Cascade Clinic", "Juniper Psychiatry"
TIDEWATER = "Tidewater Center for Interventional Psychiatry"

# Each by its contact; what is left out nobody has said.
FACTS = {
    "Ines Calder": ListingFacts(
        about=(
            "A psychiatry clinic of six. Evaluation takes two visits; the second is with the client's "
            "therapist on the telephone where the client wishes it."
        ),
        city="Portland",
        state="or",
        phone="(503) 555-0163",
        licensed_in=("or", "wa"),
        evaluates=(Evaluates.TRD, Evaluates.ANXIETY, Evaluates.PTSD, Evaluates.CHRONIC_PAIN),
        forms=(Form.NASAL_ESKETAMINE, Form.IV),
        payers=(PayerType.COMMERCIAL, PayerType.MEDICARE, PayerType.SELF_PAY),
        languages="English, Spanish",
        telehealth=Telehealth.EVALUATION_ONLY,
        works_with_therapist=Said.YES,
        step_free=Said.YES,
        says_what_to_work_on=Said.YES,
        wait_weeks=3,
    ),
    "Tomas Reyes": ListingFacts(
        about="One nurse practitioner, one long appointment at a time. Sessions only beside psychotherapy.",
        city="Beaverton",
        state="or",
        phone="(971) 555-0129",
        licensed_in=("or",),
        evaluates=(Evaluates.TRD, Evaluates.PTSD),
        forms=(Form.INJECTION, Form.LOZENGE),
        payers=(PayerType.SELF_PAY,),
        languages="English",
        telehealth=Telehealth.YES,
        works_with_therapist=Said.YES,
        wait_weeks=1,
    ),
    "Leopold Anand": ListingFacts(
        about="Interventional psychiatry and pain medicine under one roof, with its own recovery rooms.",
        city="Boise",
        state="id",
        phone="(208) 555-0190",
        licensed_in=("id", "or"),
        evaluates=(Evaluates.TRD, Evaluates.CHRONIC_PAIN),
        forms=(Form.IV,),
        payers=(PayerType.COMMERCIAL, PayerType.MEDICAID),
        step_free=Said.YES,
        works_with_therapist=Said.NO,
        wait_weeks=7,
    ),
}


def load(cast: Cast, calendar: Calendar) -> dict[str, Listing]:
    """Write and publish each organization's entry; return them by its name."""
    listings: dict[str, Listing] = {}
    for days, (contact, facts) in enumerate(FACTS.items()):
        person = cast[contact]
        with enter(person.organization_id):
            listings[person.organization.name] = actions.write_listing(
                by=person,
                facts=replace(facts, contact=person),
                is_published=True,
                at=calendar.at(70 - days, 15),
            )
    return listings
