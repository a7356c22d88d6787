"""A world whose every text carries a script, and all that its people and its e-mails show of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core import mail
from django.core.management import call_command
from django.db import models

from accounts.models import Organization
from privacy import context
from privacy.encryption import EncryptedField
from tests.hostile.crawl import PERSONAS, Page, forms_in, pages_of
from tests.hostile.pages import Element, read
from tests.hostile.payloads import MARKER, Hostile
from tests.hostile.sending import post
from tests.hostile.undone import undone
from tests.hostile.world import Builder


@dataclass(frozen=True)
class Met:
    """What was seeded, every answer, every e-mail, and what stands in the columns of the database."""

    words: Hostile
    pages: list[Page]
    mails: list[str]
    columns: dict[str, set[str]]

    def html(self) -> Iterator[tuple[Page, Element]]:
        """Yield the answers that a browser would read as a page."""
        for page in self.pages:
            if "html" in page.answer.headers.get("Content-Type", ""):
                yield page, read(page.answer.content.decode())


def look_at_all() -> Met:
    """Seed a world with scripts, and open, send and read all of it."""
    words = Hostile()
    world = Builder(words).build()
    mail.outbox = []
    pages = [page for persona in PERSONAS for page in pages_of(world, persona)]
    for form in forms_in(pages):
        # What a form answers is a page too: shown again with its errors, or a file.
        for sent in (form.filled(), {each.name: ["no such choice"] for each in form.fields}):
            with undone():
                pages.append(Page(form.persona, form.action, post(world, form, sent)))
    call_command("send_notices")
    return Met(words, pages, [str(each.message()) for each in mail.outbox], dict(_columns()))


def _columns() -> Iterator[tuple[str, set[str]]]:
    """Yield every column of text, with the marks that stand in it."""
    for model in apps.get_models():
        if model._meta.app_label not in {"accounts", "privacy", "screening", "referrals"}:
            continue
        for field in model._meta.concrete_fields:
            if _holds_text(field):
                name = f"{model.__name__}.{field.name}"
                yield name, set(MARKER.findall(" ".join(map(str, _values(model, field.attname)))))


def _holds_text(field: models.Field) -> bool:
    inner = field.base_field if isinstance(field, ArrayField) else field
    kinds = (models.CharField, models.TextField, models.JSONField, EncryptedField)
    return isinstance(inner, kinds) and not inner.choices


def _values(model: type[models.Model], name: str) -> Iterator[object]:
    for organization in [None, *Organization.objects.values_list("pk", flat=True)]:
        with context.enter(organization):
            for row in model._base_manager.all():
                # What an organization sees of another's row may be sealed with the other's key.
                if not hasattr(row, "organization_id") or organization in (None, row.organization_id):
                    yield getattr(row, name)
