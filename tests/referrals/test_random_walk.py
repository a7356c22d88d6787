"""A random walk of the moves over HTTP: the pages offer what the table permits, and nothing is missed."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy import context
from referrals import actions
from referrals.deciding import permitted, replayed
from referrals.models import Referral
from referrals.move_pages import PAGES
from referrals.reading import today_for
from referrals.workflow import MOVES, Party, Status
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db

STEPS = 220
# What nobody is offered: the system acts, and sending has a page of its own.
BY_THE_SYSTEM = {"provider_unavailable"}


class Walker:
    """Two browsers, one referral at a time, and the moves taken so far."""

    def __init__(self, client_class, seed):
        self.seed, self.drawn = seed, 0
        self.scene = make.scene()
        self.clients = {Party.THERAPIST: client_class(), Party.PROVIDER: client_class()}
        self.clients[Party.THERAPIST].force_login(self.scene.therapist)
        self.clients[Party.PROVIDER].force_login(self.scene.provider)
        self.taken = []
        self.referral = None

    def choice(self, options):
        """Draw one, the same in every run."""
        self.drawn += 1
        digest = hashlib.sha256(f"{self.seed} {self.drawn}".encode()).digest()
        return options[int.from_bytes(digest[:8]) % len(options)]

    def begin(self):
        """Start a referral with a new client, as far as the preview, this morning."""
        self.scene.now = timezone.now() - timedelta(hours=6)
        screening = make.screening_of(self.scene)
        self.referral = make.ready(self.scene, screening=screening)

    def reload(self):
        with context.enter(self.scene.practice.pk):
            self.referral = Referral.objects.with_people().get(pk=self.referral.pk)
            self.events = list(self.referral.events.order_by("number"))
            self.reports = [(event.pk, event.party) for event in actions.open_reports(self.referral)]
            self.position = self.referral.position(today_for(self.referral))
            steps = [(event.move, Party(event.party)) for event in self.events]
        assert replayed(steps).status is self.referral.state
        assert (self.referral.turn or None) == self.referral.state.turn

    def offered(self, party):
        """Return the moves that a side's page links to."""
        answer = self.clients[party].get(reverse("referrals:show", args=[self.referral.pk]), follow=True)
        if answer.status_code == 404:
            return set()
        page = answer.content.decode()
        prefix = reverse("referrals:move", args=[self.referral.pk, "NAME"]).removesuffix("NAME/")
        return {name for name in PAGES if f'href="{prefix}{name}/"' in page}

    def expected(self, party):
        """Return the moves that the table permits a side, but for a report of its own to acknowledge."""
        names = {move.name for move in permitted(self.position, party)} & set(PAGES)
        if not any(reporter != party for _pk, reporter in self.reports):
            names.discard("acknowledge_urgent_change")
        return names

    def form(self, name, party):
        ahead = timezone.localtime(timezone.now() + timedelta(days=7)).strftime("%m/%d/%Y 9:30 AM")
        person = self.scene.therapist if party is Party.THERAPIST else self.scene.provider
        report = next((str(pk) for pk, reporter in self.reports if reporter != party), "")
        return {
            "form_key": str(uuid4()),
            "question_1": "Blood pressure?",
            "answer_0": "132 / 84",
            "code": "not_taking_new_clients",
            "appointment_at": ahead,
            "kind": self.choice(["proceeding", "not_yet"]),
            "reason": "client_wish" if name == "withdraw" else "wrong_client",
            "to": str(person.pk),
            "report": report,
            "note": "A few words.",
        }

    def step(self):
        """Take one move that a page offers; where a side is offered nothing there is nothing to try."""
        self.reload()
        for party in (Party.THERAPIST, Party.PROVIDER):
            if self.referral.state is Status.DRAFT:
                assert self.offered(party) <= {"discard"}
            elif not (party is Party.PROVIDER and self.referral.state is Status.SENT):
                assert self.offered(party) == self.expected(party), (self.referral.status, party)
        choices = [
            (name, party)
            for party in (Party.THERAPIST, Party.PROVIDER)
            for name in sorted(self.expected(party))
        ]
        if self.referral.state is Status.DRAFT:
            choices.append(("send", Party.THERAPIST))
        if not choices:
            return self.begin()
        # What was taken least often comes first, so that every move has its turn.
        fewest = min(self.taken.count(name) for name, _party in choices)
        name, party = self.choice([choice for choice in choices if self.taken.count(choice[0]) == fewest])
        return self.take(name, party)

    def take(self, name, party):
        if name == "send":
            url = reverse("referrals:send", args=[self.referral.pk])
            previewed = self.clients[party].get(url).context["form"]["previewed"].value()
            data = {"form_key": str(uuid4()), "previewed": previewed, "note": ""}
        else:
            url = reverse("referrals:move", args=[self.referral.pk, name])
            data = self.form(name, party)
        answer = self.clients[party].post(url, data)
        if name == "no_show" and answer.status_code == 409:
            # The appointment lies ahead still; both sides know.
            return
        assert answer.status_code == 302, (name, answer.context["form"].errors)
        self.taken.append(name)
        self.reload()
        assert self.events[-1].move == name
        if name in {"withdraw", "recall", "discard", "refer_elsewhere"}:
            self.begin()


def test_a_random_walk_takes_every_move_and_is_offered_what_the_table_permits():
    from django.test import Client

    walker = Walker(Client, seed=20261123)
    walker.begin()
    for _ in range(STEPS):
        walker.step()
    # An appointment that is over by now: only the clock of the factories can make one.
    walker.scene.now = timezone.now() - timedelta(days=20)
    walker.referral = make.at(Status.SCHEDULED, walker.scene)
    walker.reload()
    walker.take("no_show", Party.PROVIDER)
    walker.take("agree_new_time", Party.THERAPIST)
    assert {move.name for move in MOVES} - set(walker.taken) == BY_THE_SYSTEM
    assert set(walker.taken) - {move.name for move in MOVES} == set()
