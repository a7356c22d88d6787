"""Refused and missing look the same; what broke says so without reading anything (CHECKS 2, 32)."""

import re

import pytest
from django.test import Client, RequestFactory

from config import errors
from tests.factories import accounts


def words_of(response) -> str:
    """The page without its tokens."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())


@pytest.fixture
def browser(db):
    window = Client()
    window.force_login(accounts.provider())
    return window


def test_refused_and_missing_are_one_page(browser):
    refused, missing = browser.get("/clients/"), browser.get("/nowhere/")
    assert (refused.status_code, missing.status_code) == (403, 404)
    assert words_of(refused) == words_of(missing)
    assert "It never was, or it is not yours to see." in words_of(missing)


def test_missing_is_said_to_those_who_are_signed_out_too(client, db):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "This page is not there" in response.content.decode()


def test_a_form_without_its_token_says_that_it_is_out_of_date(db):
    response = Client(enforce_csrf_checks=True).post("/account/login/", {})
    assert response.status_code == 403
    assert "This form is out of date" in response.content.decode()


def test_a_host_that_is_not_ours_is_a_bad_request(db):
    response = Client(raise_request_exception=False).get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "elsewhere" not in response.content.decode()


def test_what_broke_gives_the_number_of_the_request_and_no_trace():
    request = RequestFactory().get("/")
    request.id = "7f3c19a2"
    response = errors.broken(request)
    page = response.content.decode()
    assert response.status_code == 500
    assert '<span class="key">7f3c19a2</span>' in page
    assert "Traceback" not in page


def test_a_database_that_is_away_says_when_to_try_again():
    response = errors.unavailable(RequestFactory().get("/"))
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "wait half a minute" in response.content.decode()
