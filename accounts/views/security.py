"""How one signs in: one's factors, recovery codes, password and e-mail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import again
from accounts.access import PersonRequest, signed_in


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def prove_again(request: PersonRequest) -> HttpResponse:
    """Ask for the password or a factor once more, then lead back."""
    asked = again.ask(request, is_answered=request.method == "POST")
    return asked or redirect(next_page(request, "profile:show"))


def next_page(request: HttpRequest, otherwise: str) -> str:
    """Return the page of ours that `next` names, else the one named here."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else otherwise
