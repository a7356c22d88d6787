"""How one signs in: one's factors, recovery codes, password and e-mail."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, again
from accounts.access import PersonRequest, signed_in, signed_in_again
from accounts.forms.factors import FactorName
from accounts.models import Factor, RecoveryCode
from accounts.next_page import next_page
from accounts.views.answers import form_status
from accounts.views.enrolling import keep_to_show


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def prove_again(request: PersonRequest) -> HttpResponse:
    """Ask for the password or a factor once more, then lead back."""
    asked = again.ask(request, is_answered=request.method == "POST")
    return asked or redirect(next_page(request, reverse("security:show")))


@require_safe
@signed_in
def show(request: PersonRequest) -> HttpResponse:
    """Show how one signs in, and what can be changed about it."""
    context = {
        "person": request.user,
        "factors": Factor.objects.visible_to(request.user),
        "codes_left": RecoveryCode.objects.visible_to(request.user).filter(used_at__isnull=True).count(),
    }
    return render(request, "account/security.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@signed_in_again
def rename_factor(request: PersonRequest, pk: object) -> HttpResponse:
    """Give a factor another name."""
    factor = get_object_or_404(Factor.objects.visible_to(request.user), pk=pk)
    form = FactorName(request.POST if request.method == "POST" else None, initial={"name": factor.name})
    if form.is_valid():
        actions.rename_factor(by=request.user, factor=factor, **form.cleaned_data)
        messages.success(request, _("The name is saved."))
        return redirect("security:show")
    context = {"form": form, "factor": factor}
    return render(request, "account/rename_factor.html", context, status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@signed_in_again
def remove_factor(request: PersonRequest, pk: object) -> HttpResponse:
    """Ask first, then take a factor out of use."""
    factor = get_object_or_404(Factor.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        try:
            actions.remove_factor(by=request.user, factor=factor)
            messages.success(request, _("Removed: it opens nothing any more."))
        except ValidationError as problem:
            messages.error(request, problem.messages[0])
        return redirect("security:show")
    return render(request, "account/remove_factor.html", {"factor": factor})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@signed_in_again
def renew_codes(request: PersonRequest) -> HttpResponse:
    """Ask first, then make new recovery codes in the place of the old ones."""
    if request.method == "POST":
        keep_to_show(request, request.user, actions.renew_recovery_codes(by=request.user))
        return redirect("security:new_codes")
    return render(request, "account/renew_codes.html")
