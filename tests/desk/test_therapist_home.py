"""A therapist's home: their turn first, then what others have, each with a since and a due."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacy import context
from referrals.workflow import Party, Status
from screening import actions as screening_actions
from screening.models import Acknowledgement
from tests.factories import accounts, referrals

THERAPISTS = [status for status in Status if status.turn is Party.THERAPIST]
PROVIDERS = [status for status in Status if status.turn is Party.PROVIDER]

STEPS = {
    Status.DRAFT: ("Finish and send the referral", "Continue"),
    Status.INFORMATION_REQUESTED: ("Answer {clinic}", "Answer"),
    Status.NO_SHOW: ("Agree on a new time", "Agree"),
    Status.EVALUATED: ("Confirm the outcome and close", "Confirm"),
    Status.DECLINED: ("Decide what comes next", "Decide"),
}


def home(browser, person):
    response = browser(person).get("/")
    assert response.status_code == 200
    return response


def turn(response):
    return response.context["lists"].turn.rows


def waiting(response):
    return response.context["lists"].waiting.rows


def test_signed_out_leads_to_sign_in(client, db):
    assert client.get("/").headers["Location"] == "/account/login/?next=/"


def test_nothing_waits_is_said(browser, scene):
    page = home(browser, scene.therapist).content.decode()
    assert "Nothing waits for you" in page
    assert "No referral or signature is with somebody else." in page


@pytest.mark.parametrize("status", THERAPISTS)
def test_a_referral_whose_turn_is_the_therapists_waits_for_them(browser, scene, status):
    referral = referrals.at(status, scene)
    response = home(browser, scene.therapist)
    action, go = STEPS[status]
    assert [(row.action, row.go, row.url) for row in turn(response)] == [
        (action.format(clinic=scene.prescriber.name), go, f"/referrals/{referral.pk}/")
    ]
    assert waiting(response) == ()
    assert referral.turn == Party.THERAPIST


@pytest.mark.parametrize("status", PROVIDERS)
def test_a_referral_whose_turn_is_the_providers_waits_for_others(browser, scene, status):
    referral = referrals.at(status, scene)
    response = home(browser, scene.therapist)
    assert turn(response) == ()
    assert [(row.url, row.cells[0].strong) for row in waiting(response)] == [
        (f"/referrals/{referral.pk}/", scene.prescriber.name)
    ]


@pytest.mark.parametrize("status", [status for status in Status if status.is_final])
def test_a_referral_that_waits_for_nobody_waits_nowhere(browser, scene, status):
    referrals.at(status, scene)
    response = home(browser, scene.therapist)
    assert (turn(response), waiting(response)) == ((), ())
    assert len(response.context["lists"].closed) == (status is Status.CLOSED)


def test_an_overdue_referral_says_how_long_it_is_overdue(browser, db):
    scene = referrals.scene(now=referrals.MONDAY - timedelta(days=180))
    referrals.at(Status.SENT, scene)
    cell = waiting(home(browser, scene.therapist))[0].cells[1]
    assert cell.tone == "over"
    assert cell.strong.startswith("Overdue ")
    assert "Was due " in cell.small


def test_what_is_urgent_stands_first_and_leads_to_its_page(browser, scene):
    referrals.at(Status.DRAFT, scene)
    urgent = referrals.screening_of(scene, answers={"safety": {"danger": {"value": True}}})
    with context.enter(scene.practice.pk):
        raised = Acknowledgement.objects.due().get(screening=urgent)
    first, *rest = turn(home(browser, scene.therapist))
    assert (first.is_urgent, first.url) == (True, f"/screenings/{urgent.pk}/urgent/{raised.consideration}/")
    assert [row.is_urgent for row in rest] == [False]


def test_an_unfinished_screening_waits_and_a_completed_one_stays_in_sight(browser, scene):
    started = scene.by(
        scene.therapist,
        screening_actions.start_screening,
        client=referrals.client_of(scene),
        version=scene.version,
    )
    completed = referrals.screening_of(scene)
    response = home(browser, scene.therapist)
    assert [(row.action, row.url) for row in turn(response)] == [
        ("Finish the screening", f"/screenings/{started.pk}/")
    ]
    assert [row.url for row in response.context["lists"].not_referred] == [
        f"/screenings/{completed.pk}/result/"
    ]


def test_a_signature_waits_for_the_supervisor_and_shows_as_unsigned_to_the_associate(browser, scene):
    supervisor = accounts.therapist(organization=scene.practice, duties=["supervisor"], name="Super Visor")
    with context.enter(None):
        accounts.actions.set_supervisor(by=accounts.admin(), user=scene.therapist, supervisor=supervisor)
    scene.therapist.refresh_from_db()
    screening = referrals.screening_of(scene)
    assert [(row.action, row.url) for row in turn(home(browser, supervisor))] == [
        ("Read and sign the screening", f"/screenings/{screening.pk}/result/")
    ]
    mine = waiting(home(browser, scene.therapist))
    assert [(row.tags[0].text, row.cells[0].strong) for row in mine] == [("Unsigned", "Super Visor")]
    scene.by(supervisor, screening_actions.sign_screening, screening=screening)
    assert (turn(home(browser, supervisor)), waiting(home(browser, scene.therapist))) == ((), ())


def test_a_colleague_sees_none_of_it(browser, scene, colleague):
    referrals.at(Status.DRAFT, scene)
    referrals.at(Status.SENT, scene)
    referrals.screening_of(scene, answers={"safety": {"danger": {"value": True}}})
    assert len(turn(home(browser, scene.therapist))) == 2
    lists = home(browser, colleague).context["lists"]
    assert (lists.turn.total, lists.waiting.total, lists.not_referred, lists.closed) == (0, 0, (), ())


def test_no_title_holds_a_name(browser, scene):
    referrals.at(Status.SENT, scene)
    page = home(browser, scene.therapist).content.decode()
    assert "Vega1" in page
    assert page.split("<title>")[1].split("</title>")[0] == "Home - Warm Handoff"


def queries_of(browser, person):
    window = browser(person)
    window.get("/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert window.get("/").status_code == 200
    return [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def test_the_number_of_queries_does_not_grow_with_the_rows(browser, scene):
    def more():
        referrals.at(Status.INFORMATION_REQUESTED, scene)
        referrals.at(Status.SENT, scene)
        referrals.at(Status.CLOSED, scene)
        referrals.screening_of(scene, answers={"safety": {"danger": {"value": True}}})

    more()
    one = queries_of(browser, scene.therapist)
    more()
    more()
    three = queries_of(browser, scene.therapist)
    assert len(three) == len(one)
