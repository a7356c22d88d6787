"""Which organizations' own sign-ins the page of signing in leads to."""

from django import template

from accounts.identity_providers import IdentityProvider, configured

register = template.Library()


@register.simple_tag
def sign_on_providers() -> tuple[IdentityProvider, ...]:
    """Return the configured providers; without any nothing is shown."""
    return configured()
