"""The invented clients: who they are, whose they are, and how far each has come."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from screening.models import Contacts, Knows, PayerType


class Stage(StrEnum):
    """How far a client's screening has come."""

    NONE = "none"
    BEGUN = "begun"
    COMPLETED = "completed"
    REPLACED = "replaced"
    ENTERED_IN_ERROR = "entered_in_error"


@dataclass(frozen=True, slots=True)
class Invented:
    """A client to invent. `days` is how many working days ago the screening was completed or left."""

    first_name: str
    last_name: str
    born: date
    case: str
    days: int
    stage: Stage = Stage.COMPLETED
    used_name: str = ""
    colleague: str = ""
    # A story of config/demo/stories.py: what became of the referral.
    story: str = ""

    @property
    def name(self) -> str:
        """The legal name."""
        return f"{self.first_name} {self.last_name}"


HARBOR: dict[str, tuple[Invented, ...]] = {
    "Rowan Ellis": (
        Invented("Marisol", "Vega", date(1984, 3, 12), "urgent", 0),
        Invented("Jonah", "Whitaker", date(1979, 8, 30), "depression", 6, story="asked"),
        Invented("Amara", "Nwosu", date(1991, 1, 5), "depression_and_worry", 24, story="evaluated"),
        Invented("Daniel", "Cho", date(1968, 11, 17), "depression_and_pain", 5, story="declined"),
        Invented("Priscilla", "Hart", date(1957, 6, 2), "blood_pressure", 30, story="not_now"),
        Invented("Lena", "Kowalczyk", date(1988, 4, 21), "depression", 1, story="draft"),
        Invented("Samuel", "Ortiz", date(1973, 9, 9), "trauma", 8, story="scheduled"),
        Invented("Bettina", "Marsh", date(1962, 2, 14), "depression_and_trauma", 3, story="sent"),
        Invented("Howard", "Nguyen", date(1950, 12, 1), "one_medicine_so_far", 12),
        Invented("Oluwaseun", "Adebayo-Fitzgerald", date(1995, 7, 7), "worry", 0, Stage.BEGUN),
        Invented("Ruth", "Lindqvist", date(1976, 5, 19), "thoughts_of_death", 40, story="course_open"),
        Invented("Caleb", "Ross", date(1999, 10, 28), "nothing_present", 16),
        Invented("Mei-Ling", "Tanaka", date(1986, 3, 3), "depression", 2, used_name="May", story="in_review"),
    ),
    "Hugo Stein": (
        Invented("Thaddeus", "Birch", date(1981, 1, 22), "list_not_complete", 4),
        Invented("Ximena", "Castellanos Prieto", date(1993, 8, 15), "panic", 9, story="accepted"),
        Invented("Olga", "Petrenko", date(1965, 4, 4), "pain_crps", 20, story="no_show"),
        Invented("Warren", "Eads", date(1970, 6, 26), "drinking", 14, story="withdrawn"),
        Invented("Priya", "Raghunathan", date(1990, 12, 12), "social_anxiety", 7, Stage.REPLACED),
        Invented("Desmond", "Achebe", date(1959, 2, 27), "depression", 60, story="closed"),
    ),
    "Nadia Haddad": (
        Invented("Ingrid", "Solberg", date(1947, 9, 30), "pain_fibromyalgia", 11, story="questioned"),
        Invented("Theo", "Marchetti", date(2001, 5, 8), "depression_and_worry", 0, Stage.NONE),
        Invented("Aisha", "Rahmani", date(1983, 11, 11), "trauma_and_worry", 1, colleague="Rowan Ellis"),
        Invented("Felix", "Grunwald", date(1978, 7, 1), "near_misses", 18, Stage.ENTERED_IN_ERROR),
    ),
}

ALDER: dict[str, tuple[Invented, ...]] = {
    "Willa Chen": (
        Invented("Noor", "Haidari", date(1996, 2, 9), "trauma_short_measure", 1),
        Invented("Gregory", "Stamper", date(1972, 10, 3), "depression", 5, story="recalled"),
        Invented("Yolanda", "Espinoza", date(1987, 6, 18), "weeks_not_known", 3, Stage.BEGUN),
        Invented("Kit", "Halloran", date(1994, 1, 30), "depression_and_worry", 10, story="asked_in_review"),
    ),
    "Joan Abernathy": (
        Invented("Walter", "Fincham", date(1955, 8, 8), "old_measure", 22, story="revoked"),
        Invented("Leilani", "Kahale", date(1989, 9, 23), "depression", 26, story="declined_and_closed"),
        Invented("Bernard", "Okonkwo", date(1967, 3, 16), "bipolar_recorded", 6),
    ),
    "Marcus Oyelaran": (
        Invented("Sasha", "Volkova", date(1998, 12, 20), "declines_much", 4),
        Invented("Harriet", "Pruitt", date(1961, 5, 25), "does_not_want_it", 13),
        Invented("Emilio", "Barragán", date(1980, 4, 11), "depression", 2, story="discarded"),
        Invented("June", "Castellano", date(1975, 7, 29), "pain_other", 0, Stage.BEGUN),
    ),
}

LAKESIDE: dict[str, tuple[Invented, ...]] = {
    "Teresa Villanueva-Brandt": (
        Invented(
            "Russell", "Haverford", date(1969, 1, 14), "depression_and_pain", 15, story="accepted_long_ago"
        ),
        Invented("Marguerite", "Delacroix-Owens", date(1954, 11, 6), "depression", 45, story="course_ended"),
        Invented("Tobias", "Engel", date(1992, 8, 19), "worry", 3, story="sent_with_a_message"),
        Invented("Pilar", "Montoya", date(1985, 2, 3), "nothing_present", 28),
    ),
    "Abel Kiplagat": (
        Invented("Janelle", "Whitfield", date(1977, 10, 17), "trauma", 17, story="other_treatment"),
        Invented(
            "Ezra", "Lowenthal", date(1963, 3, 28), "depression_and_trauma", 12, story="refer_elsewhere"
        ),
        Invented("Cordelia", "Banks", date(2000, 6, 6), "panic", 0, Stage.NONE),
    ),
}

# The practice's state, its record numbers' first letters, and its clients by therapist.
CLIENTS = (("or", "HC", HARBOR), ("or", "AS", ALDER), ("id", "LT", LAKESIDE))

LANGUAGES = ("English", "English", "Spanish", "English", "English and Polish", "English")
PAYERS = tuple(PayerType)
PRESCRIBERS = ("Dr. Elaine Moritz, family medicine", "Cedar Primary Care", "Dr. Vikram Shah", "")


def contacts_of(invented: Invented, seed: int) -> Contacts:
    """Return how to reach the client; some of it nobody has recorded yet."""
    handle = f"{invented.first_name}.{invented.last_name.split()[0]}".lower().replace("á", "a")
    return Contacts(
        phone=f"(503) 555-0{200 + seed}",
        message_is_safe=("yes", "yes", "no", "not_known")[seed % 4],
        email=f"{handle}@mail.example" if seed % 3 else "",
        language=LANGUAGES[seed % len(LANGUAGES)],
        emergency_contact=f"A sister, (971) 555-0{100 + seed}" if seed % 2 else "",
        prescriber=PRESCRIBERS[seed % len(PRESCRIBERS)],
        prescriber_knows=(Knows.YES, Knows.NO, Knows.NOT_KNOWN, "")[seed % 4],
        primary_care=PRESCRIBERS[(seed + 1) % len(PRESCRIBERS)],
        primary_care_knows=(Knows.NOT_KNOWN, Knows.YES, "", Knows.NO)[seed % 4],
        payer_type=PAYERS[seed % len(PAYERS)],
    )
