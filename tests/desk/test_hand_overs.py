"""The lead's pages for handing a caseload over, and where others meet what was handed over."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy import context
from privacy.models import Entry, Notice
from referrals.models import HandOver, Referral
from referrals.workflow import Status
from screening.models import Client
from tests.factories import accounts
from tests.factories import referrals as make
from tests.screening.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db):
    return make.scene(now=timezone.now() - timedelta(days=20))


@pytest.fixture
def lead(scene):
    return accounts.therapist(organization=scene.practice, name="Avery Stone", duties=["lead"])


@pytest.fixture
def willa(scene):
    return accounts.therapist(organization=scene.practice, name="Willa Chen")


def page_of(person):
    return reverse("desk:hand_over", args=[person.pk])


def posted(window, person, everyone="", kind="leaving", last_day="", rows=None, **values):
    """Send the page's form, each line as it stands unless `rows` says otherwise."""
    form = window.get(page_of(person)).context["form"]
    said = {field.name: field.initial for _unit, field in form.rows()}
    if rows is not None:
        said = rows(form.rows())
    values = {
        "form_key": str(uuid4()),
        "kind": kind,
        "last_day": last_day,
        "reason": "Moves to another town.",
        "everyone": str(everyone and everyone.pk),
        **said,
        **values,
    }
    return window.post(page_of(person), values)


def text_of(answer):
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def therapist_of(client_id, practice):
    with context.enter(practice.pk):
        return Client.objects.get(pk=client_id).therapist_id


def day_in(**step):
    return (timezone.localdate() + timedelta(**step)).strftime("%m/%d/%Y")


def test_a_lead_reads_a_caseload_and_hands_all_of_it_over(scene, lead, willa):
    sent = make.at(Status.SENT, scene)
    window = signed_in(lead)
    listed = text_of(window.get(reverse("desk:hand_overs")))
    assert "1 client" in listed
    read = text_of(window.get(page_of(scene.therapist)))
    assert "Marisol Vega" in read
    assert f"Referral to {scene.prescriber.name}: their turn, due" in read
    answer = posted(window, scene.therapist, everyone=willa)
    assert (answer.status_code, answer.url) == (302, reverse("desk:hand_overs"))
    assert therapist_of(sent.client_id, scene.practice) == willa.pk
    with context.enter(scene.practice.pk):
        [entry] = Entry.objects.filter(action="caseload.read", by=lead.pk)[:1]
    assert entry.codes == {"clients": [str(sent.client_id)], "person": str(scene.therapist.pk)}
    after = text_of(window.get(reverse("desk:hand_overs")))
    assert "Willa Chen: 1 client." in after
    assert "Hand back from Willa Chen" in after


def test_each_line_may_go_to_somebody_else_or_stay(scene, lead, willa):
    first, second, third = (make.at(Status.SENT, scene) for _ in range(3))
    other = accounts.therapist(organization=scene.practice)

    def rows(shown):
        chosen = {first.client_id: "above", second.client_id: str(other.pk), third.client_id: "stays"}
        return {field.name: chosen[unit.record] for unit, field in shown}

    answer = posted(signed_in(lead), scene.therapist, everyone=willa, rows=rows)
    assert answer.status_code == 302
    held = [therapist_of(each.client_id, scene.practice) for each in (first, second, third)]
    assert held == [willa.pk, other.pk, scene.therapist.pk]


def test_away_until_the_last_day_is_over_where_they_work(scene, lead, willa):
    make.at(Status.SENT, scene)
    answer = posted(signed_in(lead), scene.therapist, everyone=willa, kind="away", last_day=day_in(days=4))
    assert answer.status_code == 302
    with context.enter(scene.practice.pk):
        made = HandOver.objects.get()
    back = made.until.astimezone(scene.practice.zone)
    assert (back.hour, back.minute) == (0, 0)
    assert back.date() == timezone.localdate() + timedelta(days=5)


def test_bad_input_is_said_and_kept(scene, lead, willa):
    """CHECKS 30."""
    make.at(Status.SENT, scene)
    window, elsewhere = signed_in(lead), accounts.therapist()
    for field, values in (
        ("reason", {"reason": ""}),
        ("reason", {"reason": "a\0b"}),
        ("reason", {"reason": "x" * 1001}),
        ("kind", {"kind": "holiday"}),
        ("last_day", {"kind": "away"}),
        ("last_day", {"kind": "away", "last_day": "some day"}),
        ("last_day", {"last_day": day_in(days=3)}),
        ("everyone", {}),
        ("form_key", {"form_key": "x"}),
    ):
        everyone = willa if field != "everyone" else ""
        answer = posted(window, scene.therapist, everyone=everyone, **values)
        assert answer.status_code == 422, (field, values)
        assert field in answer.context["form"].errors, (field, answer.context["form"].errors)
    for stranger in (elsewhere, scene.provider, scene.therapist):
        answer = posted(window, scene.therapist, everyone=stranger)
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"everyone"})
    for last_day in (day_in(days=-2), day_in(days=500)):
        late = posted(window, scene.therapist, everyone=willa, kind="away", last_day=last_day)
        assert late.status_code == 409
        assert "at most a year from now" in text_of(late)
    with context.enter(scene.practice.pk):
        assert HandOver.objects.count() == 0


def test_a_client_that_moved_meanwhile_is_said_and_nothing_is_done(scene, lead, willa):
    """CHECKS 43."""
    first, second = make.at(Status.SENT, scene), make.at(Status.SENT, scene)
    window = signed_in(lead)
    form = window.get(page_of(scene.therapist)).context["form"]
    shown = {field.name: "above" for _unit, field in form.rows()}
    other = accounts.therapist(organization=scene.practice, duties=["lead"])

    def one(rows):
        return {field.name: "above" if unit.record == second.client_id else "stays" for unit, field in rows}

    assert posted(signed_in(other), scene.therapist, everyone=other, rows=one).status_code == 302
    late = posted(window, scene.therapist, everyone=willa, rows=lambda _rows: shown)
    assert late.status_code == 409
    assert "This caseload has changed since you opened it. Nothing was handed over" in text_of(late)
    assert therapist_of(first.client_id, scene.practice) == scene.therapist.pk
    assert therapist_of(second.client_id, scene.practice) == other.pk


def test_a_double_press_hands_over_once(scene, lead, willa):
    """CHECKS 42."""
    make.at(Status.SENT, scene)
    window, key = signed_in(lead), str(uuid4())
    form = window.get(page_of(scene.therapist)).context["form"]
    rows = {field.name: "above" for _unit, field in form.rows()}
    for _twice in range(2):
        answer = posted(window, scene.therapist, everyone=willa, rows=lambda _rows: rows, form_key=key)
        assert answer.status_code == 302
    with context.enter(scene.practice.pk):
        assert HandOver.objects.count() == 1


def test_the_same_page_gives_it_back(scene, lead, willa):
    sent = make.at(Status.SENT, scene)
    window = signed_in(lead)
    posted(window, scene.therapist, everyone=willa)
    with context.enter(scene.practice.pk):
        made = HandOver.objects.get()
    answer = window.get(f"{page_of(willa)}?back={made.pk}")
    form = answer.context["form"]
    assert form["everyone"].value() == str(scene.therapist.pk)
    assert [field.value() for _unit, field in form.rows()] == ["above"]
    posted(window, willa, everyone=scene.therapist)
    assert therapist_of(sent.client_id, scene.practice) == scene.therapist.pk
    for nonsense in ("x", uuid4()):
        assert window.get(f"{page_of(willa)}?back={nonsense}").status_code == 200


def test_only_leads_of_the_own_organization_have_the_pages(scene, lead, willa):
    """CHECKS 2 and 4."""
    make.at(Status.SENT, scene)
    listed = reverse("desk:hand_overs")
    for person, code in (
        (scene.therapist, 403),
        (willa, 403),
        (scene.provider, 403),
        (accounts.admin(), 403),
        (accounts.therapist(duties=["lead"]), 404),
        (accounts.provider(organization=scene.prescriber, duties=["lead"]), 404),
    ):
        window = signed_in(person)
        assert window.get(page_of(scene.therapist)).status_code == code
        assert window.post(page_of(scene.therapist), {"everyone": str(willa.pk)}).status_code == code
        assert window.get(listed).status_code == (403 if code == 403 else 200)
        assert "Marisol" not in text_of(window.get(listed))
    assert signed_in(lead).get(reverse("desk:hand_over", args=[uuid4()])).status_code == 404


def test_a_lead_proves_themselves_again_first(scene, lead):
    window = signed_in(lead)
    session = window.session
    session["proved_at"] = 0
    session.save()
    assert "/account/again/" in window.get(page_of(scene.therapist)).url


def away(scene, lead, to):
    window = signed_in(lead)
    posted(window, scene.therapist, everyone=to, kind="away", last_day=day_in(days=4))
    with context.enter(scene.practice.pk):
        return HandOver.objects.get()


def test_those_concerned_read_it_at_home_on_the_thread_and_on_the_timeline(scene, lead, willa):
    sent = make.at(Status.IN_REVIEW, scene)
    made = away(scene, lead, willa)
    name = scene.therapist.name
    home = reverse("desk:home")
    assert f"You cover for {name} until" in text_of(signed_in(willa).get(home))
    theirs = text_of(signed_in(scene.therapist).get(home))
    assert "While you are away until" in theirs
    assert "I am back: end the cover" in theirs
    for person in (scene.therapist, willa, scene.provider):
        thread = text_of(signed_in(person).get(reverse("referrals:show", args=[sent.pk])))
        assert f"{name} is away. Willa Chen covers until" in thread
    told = signed_in(willa).get(reverse("desk:timeline", args=[sent.client_id])).context["page"]
    words = [happening.words for happening in told]
    assert any(f"Avery Stone let Willa Chen cover for {name} until" in each for each in words)
    end = reverse("desk:end_cover", args=[made.pk])
    assert signed_in(willa).post(end).status_code == 403
    assert signed_in(accounts.therapist()).post(end).status_code == 404
    back = signed_in(scene.therapist).post(end)
    assert (back.status_code, back.url) == (302, home)
    assert "You cover for" not in text_of(signed_in(willa).get(home))
    assert signed_in(willa).get(reverse("clients:show", args=[sent.client_id])).status_code == 404


def test_a_clinics_lead_hands_over_referrals(scene):
    accepted = make.at(Status.ACCEPTED, scene)
    ines = accounts.provider(organization=scene.prescriber, duties=["lead"])
    dana = accounts.provider(organization=scene.prescriber, name="Dana Osei")
    window = signed_in(ines)
    read = text_of(window.get(page_of(scene.provider)))
    assert "Marisol Vega" in read
    assert "Your clinic’s turn, due" in read
    assert posted(window, scene.provider, everyone=dana).status_code == 302
    with context.enter(scene.prescriber.pk):
        assert Referral.objects.get(pk=accepted.pk).provider_id == dana.pk
    inbox = text_of(signed_in(dana).get(reverse("inbox:list") + "?whose=mine"))
    assert "You took over from" in inbox
    assert "Marisol Vega" in inbox


def test_an_admin_reads_counts_only_before_disabling_and_leads_are_told(scene, lead):
    make.at(Status.SENT, scene)
    window = signed_in(accounts.admin())
    page = reverse("people:disable_user", args=[scene.therapist.pk])
    shown = text_of(window.get(page))
    assert "1 client" in shown
    assert "1 open referral" in shown
    assert "Avery Stone" in shown
    assert "Marisol" not in shown
    Notice.objects.all().delete()
    window.post(page)
    told = set(Notice.objects.filter(kind="person.disabled").values_list("recipient", "path"))
    assert (lead.pk, page_of(scene.therapist)) in told
    # The disabled person's caseload is still there to be handed over.
    assert "Disabled" in text_of(signed_in(lead).get(reverse("desk:hand_overs")))
    answer = posted(signed_in(lead), scene.therapist, everyone=lead)
    assert answer.status_code == 302


def test_the_number_of_queries_does_not_grow(scene, lead, willa, django_assert_max_num_queries):
    window = signed_in(lead)
    make.at(Status.SENT, scene)
    with django_assert_max_num_queries(100) as one:
        window.get(page_of(scene.therapist))
    for _ in range(2):
        make.at(Status.SENT, scene)
    with django_assert_max_num_queries(100) as three:
        window.get(page_of(scene.therapist))
    assert len(one.captured_queries) == len(three.captured_queries)
