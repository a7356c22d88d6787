"""Organizations and people for tests, made through the product's own actions."""

from typing import Any

import factory

from accounts import actions
from accounts.models import Kind, Organization, User
from privacy import context

PASSWORD = "a long walk in the rain"


def in_context(organization_id: Any, action: Any, **values: Any) -> Any:
    """Call an action as a request or command of an organization would."""
    with context.enter(organization_id):
        return action(**values)


class OrganizationFactory(factory.Factory[Organization]):
    """An organization with its key and its chain; a practice unless said otherwise."""

    class Meta:
        model = Organization

    kind = Kind.PRACTICE
    name = factory.Sequence(lambda number: f"Practice {number}")
    time_zone = "America/Los_Angeles"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **values: Any) -> Organization:
        by = None if values["kind"] == Kind.NETWORK else values.pop("by", None) or admin()
        settings = {
            name: values.pop(name)
            for name in ("crisis_plan", "requires_signature", "part2_program", "is_active")
            if name in values
        }
        organization: Organization = in_context(None, actions.create_organization, by=by, **values)
        return _settle(organization, settings)


def _settle(organization: Organization, settings: dict[str, Any]) -> Organization:
    """Choose the settings as the organization's lead would, and disable it as an admin would."""
    if not settings.pop("is_active", True):
        in_context(None, actions.disable_organization, by=admin(), organization=organization)
    if settings:
        lead = UserFactory(organization=organization, duties=["lead"])
        values = {
            "phone": organization.phone,
            "time_zone": organization.time_zone,
            "crisis_plan": "",
            "requires_signature": False,
            "part2_program": False,
        }
        in_context(None, actions.change_practice_settings, by=lead, **(values | settings))
    organization.refresh_from_db()
    return organization


class UserFactory(factory.Factory[User]):
    """A person of a practice, with `PASSWORD`; pass `organization` for another place."""

    class Meta:
        model = User

    organization = factory.LazyFunction(lambda: OrganizationFactory())
    name = factory.Sequence(lambda number: f"Person {number}")
    email = factory.Sequence(lambda number: f"person{number}@example.org")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **values: Any) -> User:
        is_active, supervisor = values.pop("is_active", True), values.pop("needs_signature_from", None)
        user: User = in_context(None, actions.create_user, by=None, **values)
        if supervisor is not None:
            user = in_context(None, actions.set_supervisor, by=admin(), user=user, supervisor=supervisor)
        if not is_active:
            user = in_context(None, actions.disable_user, by=admin(), user=user)
        user.organization = values["organization"]
        return user


def network() -> Organization:
    """Return the network's operator; there is one."""
    found = Organization.objects.filter(kind=Kind.NETWORK).first()
    return found or OrganizationFactory(kind=Kind.NETWORK, name="The network")


def admin(**values: Any) -> User:
    """Return the network's first admin, or a new one with these values."""
    found = None if values else User.objects.filter(organization__kind=Kind.NETWORK).first()
    return found or UserFactory(organization=network(), **values)


def therapist(**values: Any) -> User:
    """Return a person of a practice, of a new one unless `organization` is given."""
    return UserFactory(**values)


def provider(**values: Any) -> User:
    """Return a person of a prescriber organization, of a new one unless `organization` is given."""
    organization = values.pop("organization", None) or prescriber()
    return UserFactory(organization=organization, **values)


def practice(**values: Any) -> Organization:
    """Return a new practice."""
    return OrganizationFactory(**values)


def prescriber(**values: Any) -> Organization:
    """Return a new prescriber organization."""
    return OrganizationFactory(kind=Kind.PRESCRIBER, **values)
