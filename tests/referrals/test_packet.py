"""The packet: what it holds, that it reads back, and that nothing leaks from a section that isn't shared."""

import json
from itertools import product

import pytest

from privacy import context
from referrals.packet import Covering, Packet, compose, read, seal
from referrals.reading import ALWAYS_SHARED
from screening.models import Screening
from screening.reading import Reading
from tests.factories import referrals
from tests.factories.referrals import Scene

pytestmark = pytest.mark.django_db

YES, NO, DECLINED = {"value": True}, {"value": False}, {"unknown": "declined"}
# Whatever can be said in the two sections that can be left out; {} is no answer.
SUBSTANCES = [
    {"uses": uses, "uses_daily": daily} for uses, daily in product([YES, NO, DECLINED, {}], [YES, {}])
]
MOODS = [
    {"low_mood": low, "how_low": much}
    for low, much in product([YES, NO, DECLINED, {}], [{"value": "3"}, {"value": "0"}, {}])
]


@pytest.fixture
def scene() -> Scene:
    return referrals.scene()


def packet_of(
    scene: Scene, screening: Screening, *sections: str, part2: frozenset[str] = frozenset()
) -> Packet:
    covering = Covering(
        recipient=scene.prescriber,
        therapist=scene.therapist,
        reason="Two medicines did not help.",
        question="",
        meets="Weekly",
        role="prepares",
        sections=ALWAYS_SHARED | set(sections),
        part2_sections=part2,
    )
    with context.enter(scene.practice.pk):
        found = Screening.objects.select_related("client", "organization", "version", "completed_by")
        return compose(Reading(found.get(pk=screening.pk), scene.now), covering)


def test_a_packet_reads_back_as_it_was_sealed(scene: Scene) -> None:
    packet = packet_of(scene, referrals.screening_of(scene), "mood", "substances")
    sealed = seal(packet)
    assert read(sealed.body) == packet
    assert seal(read(sealed.body)) == sealed
    assert sealed.body == json.dumps(
        json.loads(sealed.body), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def test_a_shared_screening_is_told_with_its_reasons(scene: Scene) -> None:
    packet = packet_of(scene, referrals.screening_of(scene), "mood", "substances")
    low = packet.indications[0]
    assert (low.outcome, [criterion.state for criterion in low.criteria]) == (
        "indicators_present",
        ["met", "met"],
    )
    assert [(score.text, score.missing) for score in packet.scores] == [("3 of 3", "")]
    assert {each.key: each.state for each in packet.considerations} == {
        "danger_now": "not_raised",
        "pressure_high": "raised",
        "use": "raised",
        "not_wanted": "not_raised",
    }
    assert [section.key for section in packet.shared_sections] == ["about", "substances", "mood", "safety"]
    assert packet.not_shared_sections == ()


def test_whatever_reads_a_section_that_is_not_shared_is_not_told(scene: Scene) -> None:
    packet = packet_of(scene, referrals.screening_of(scene), "mood")
    assert {each.key: each.outcome for each in packet.indications} == {
        "low": "indicators_present",
        "mixed": "not_shared",
    }
    mixed = packet.indications[1]
    assert (mixed.summary, mixed.criteria, mixed.judgment) == ("", (), None)
    assert {each.key: each.state for each in packet.considerations}["use"] == "not_shared"
    substances = next(section for section in packet.sections if section.key == "substances")
    assert (substances.shared, substances.facts) == (False, ())
    # Its gate reads the section that isn't shared: that it was asked would tell how the gate was answered.
    mood = next(section for section in packet.sections if section.key == "mood")
    assert {fact.key: fact.missing for fact in mood.facts}["low_after_use"] == "not_shared"


@pytest.mark.parametrize(
    ("left_out", "shared", "variants"),
    [("substances", ("mood",), SUBSTANCES), ("mood", ("substances",), MOODS)],
    ids=["substances", "mood"],
)
def test_answers_of_a_section_left_out_change_no_byte(
    scene: Scene, left_out: str, shared: tuple[str, ...], variants: list[dict[str, dict[str, object]]]
) -> None:
    client = referrals.client_of(scene)
    start = scene.now
    sealed, open_ones = set(), set()
    for answers in variants:
        scene.now = start
        screening = referrals.screening_of(scene, client, answers={left_out: answers})
        sealed.add(seal(packet_of(scene, screening, *shared)).hash)
        open_ones.add(seal(packet_of(scene, screening, "mood", "substances")).hash)
    # The same answers do make a difference where they are shared: else this test would prove nothing.
    assert len(open_ones) > len(variants) / 2
    assert len(sealed) == 1


def test_a_part_2_record_carries_the_redisclosure_notice(scene: Scene) -> None:
    screening = referrals.screening_of(scene)
    part2 = frozenset({"substances"})
    with_it = packet_of(scene, screening, "mood", "substances", part2=part2)
    without = packet_of(scene, screening, "mood", part2=part2)
    assert with_it.redisclosure_notice.startswith("42 CFR part 2 prohibits")
    assert [section.key for section in with_it.sections if section.part2] == ["substances"]
    assert without.redisclosure_notice == ""


def test_preview_and_sending_seal_the_same_bytes_within_a_day(scene: Scene) -> None:
    screening = referrals.screening_of(scene)
    first = seal(packet_of(scene, screening, "mood"))
    scene.later(minutes=30)
    assert seal(packet_of(scene, screening, "mood")) == first
    scene.later(days=1)
    assert seal(packet_of(scene, screening, "mood")) != first
