"""The other product's process: fills its database, then times one case for each line it reads.

Run by the Python of its own environment. Of ours it imports the browser and the questions alone.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.test import Client

from bench import questionnaire
from bench.browser import HOST, Answer, Browser, form_of

OK, FOUND = 200, 302


def configure(database: dict[str, Any]) -> None:
    """Set it up as its documentation says, on Django's usual middleware."""
    contrib = [f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages")]
    settings.configure(
        ALLOWED_HOSTS=[HOST],
        SECRET_KEY=os.urandom(32).hex(),
        INSTALLED_APPS=[*contrib, "django.contrib.staticfiles", "survey"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        DATABASES={"default": database},
        ROOT_URLCONF="bench.peer.addresses",
        TEMPLATES=[_templates()],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        STATIC_URL="/static/",
        USE_TZ=True,
        LOGIN_URL="/sign-in/",
        DEFAULT_SURVEY_PUBLISHING_DURATION=30,
        CHOICES_SEPARATOR="|",
        USER_DID_NOT_ANSWER="Left blank",
        LOGGING_CONFIG=None,
    )
    django.setup()


def _templates() -> dict[str, Any]:
    names = ("auth.context_processors.auth", "messages.context_processors.messages")
    processors = ["django.template.context_processors.request", *(f"django.contrib.{name}" for name in names)]
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": processors},
    }


class Peer:
    """Its person, its two surveys with every question answered, and its cases by name."""

    def __init__(self) -> None:
        self.person = self._person()
        window = Client()
        window.force_login(self.person)
        cookies = {name: morsel.value for name, morsel in window.cookies.items()}
        self.browser = Browser(get_wsgi_application(), cookies)
        self.short, self.long = self._survey(questionnaire.SHORT), self._survey(questionnaire.LONG)
        self.turn = count(1)
        for survey in (self.short, self.long):
            self._answered(survey)()

    def ready(self, name: str) -> Callable[[], Answer]:
        """Make ready what is timed."""
        match name:
            case "bare view":
                return self.browser.get(f"/bare/{self.person.pk}/")
            case "section page, 12 questions":
                return self.browser.get(f"/survey/{self.short.pk}/")
            case "section page, 60 questions":
                return self.browser.get(f"/survey/{self.long.pk}/")
            case "save of 60 answers":
                return self._answered(self.long)
        raise ValueError(name)

    @staticmethod
    def _person() -> Any:
        from django.contrib.auth.models import User

        return User.objects.create_user("rowan")

    def _survey(self, questions: int) -> Any:
        from survey.models import Category, Question, Survey

        survey = Survey.objects.create(
            name=f"{questions} questions",
            is_published=True,
            need_logged_user=True,
            editable_answers=True,
            display_method=Survey.ALL_IN_ONE_PAGE,
        )
        category = Category.objects.create(name="All", survey=survey, order=1)
        choices = "|".join(questionnaire.LABELS)
        for number in range(1, questions + 1):
            Question.objects.create(
                text=f"In the last two weeks, how much were you bothered by problem number {number}?",
                order=number,
                required=False,
                survey=survey,
                category=category,
                type=Question.RADIO,
                choices=choices,
            )
        return survey

    def _answered(self, survey: Any) -> Callable[[], Answer]:
        """Make ready to send its form with every answer changed."""
        page = self.browser.get(f"/survey/{survey.pk}/")()
        self.browser.keep_cookies(page)
        token = [field for field in form_of(page.text, "method") if field[0] == "csrfmiddlewaretoken"]
        slugs = [label.lower().replace(" ", "-") for label in questionnaire.LABELS]
        shift = next(self.turn)
        names = [f"question_{question.pk}" for question in survey.questions.order_by("order")]
        answers = [(name, slugs[(n + shift) % len(slugs)]) for n, name in enumerate(names)]
        return self.browser.post(f"/survey/{survey.pk}/", [*token, *answers])


def main() -> None:
    """Say "ready", then answer each name with the seconds that its case took."""
    configure(json.loads(sys.stdin.readline()))
    call_command("migrate", verbosity=0)
    peer = Peer()
    _say("ready")
    for line in sys.stdin:
        name = line.strip()
        call = peer.ready(name)
        gc.collect(0)
        gc.disable()
        started = time.perf_counter()
        answer = call()
        seconds = time.perf_counter() - started
        gc.enable()
        expected = FOUND if name.startswith("save") else OK
        _say(seconds if answer.status == expected else f"{answer.status} {answer.text[:300]}")


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
