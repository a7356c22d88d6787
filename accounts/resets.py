"""A new password by e-mail: the same work and the same answer, whether or not anybody has the e-mail.

Asking leaves one notice in the outbox, to the person or to nobody. The link is made when the notice is sent:
no token waits in a table, and the request for a known e-mail takes no longer than for an unknown one.
"""

from datetime import timedelta
from urllib.parse import urljoin
from uuid import UUID, uuid5

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts import addresses, attempts, throttling
from accounts.models import User
from accounts.throttling import Limit
from privacy import outbox

NOTICE = "account.password_reset"
HOUR = timedelta(hours=1)
# So that nobody's mailbox is filled, and no list of addresses is tried.
FOR_AN_EMAIL = Limit("reset", 5, HOUR)
FROM_A_NETWORK = Limit("reset.network", 30, HOUR)
# In the place of a person who isn't there; nobody is ever given it as an id.
NOBODY = UUID("6f0c2f1e-7d0a-5c55-9d2b-3f0d6a1b8c47")


def count(request: HttpRequest, email: str) -> None:
    """Count one more asking, or raise `attempts.TooMany`."""
    words = _("A link was asked for too often. Use the newest one, or try again %(wait)s.")
    network = addresses.network_of(request)
    if network:
        attempts.refuse(request, throttling.count_and_keep(FROM_A_NETWORK, network), words)
    attempts.refuse(request, throttling.count_and_keep(FOR_AN_EMAIL, email), words)


def ask(email: str) -> None:
    """Have a link sent to whoever has this e-mail."""
    person = User.objects.filter(email=email).only("id").first()
    recipient = person.pk if person is not None else _stand_in(email)
    outbox.notify(recipient=recipient, kind=NOTICE, path=reverse("account_reset_password"))


def link_for(person: User) -> str:
    """Return a link that works once, for an hour; its host is the product's own, whatever a request said."""
    names = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return urljoin(settings.PUBLIC_ADDRESS, reverse("account_reset_password_from_key", kwargs=names))


def _stand_in(email: str) -> UUID:
    """Return an id that is nobody's, the same for the same e-mail: asked for twice, it waits once."""
    return uuid5(NOBODY, salted_hmac("accounts.resets", email, algorithm="sha256").hexdigest())
