"""Sending a form as a browser would, and sending what no browser would."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.hostile.pages import Form
from tests.hostile.world import World

URLENCODED = "application/x-www-form-urlencoded"

Sent = Mapping[str, list[str]]


def post(world: World, form: Form, sent: Sent) -> HttpResponse:
    """Send a form as a browser would."""
    if form.is_upload:
        return post_raw(world, form, encode_multipart(BOUNDARY, dict(sent)), MULTIPART_CONTENT)
    return post_raw(world, form, urlencode(sent, doseq=True).encode(), URLENCODED)


def post_raw(world: World, form: Form, body: bytes, content_type: str) -> HttpResponse:
    """Send a body as it is, in a browser of its own: an answer may have signed the last one out."""
    return world.browser(form.persona).generic("POST", form.action, body, content_type)
