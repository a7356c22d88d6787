"""A browser in which somebody signed in with both factors."""

from django.test import Client
from django.urls import reverse

from accounts.models import User
from bench.browser import Application, Browser
from tests import signing_in


def signed_in(application: Application, person: User) -> Browser:
    """Return a browser that holds the person's session, and the token that its forms are sent with."""
    signing_in.install()
    window = Client()
    window.force_login(person)
    browser = Browser(application, {name: morsel.value for name, morsel in window.cookies.items()})
    browser.keep_cookies(browser.get(reverse("profile:show"))())
    return browser
