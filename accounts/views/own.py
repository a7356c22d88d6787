"""One's own details, and a lead's settings of their own organization."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.access import PersonRequest, allow, signed_in
from accounts.forms.people import OwnDetails, PracticeSettings
from accounts.models import Duty, User
from accounts.views.answers import form_status

OWN = ("name", "credentials", "licence", "phone")
SETTINGS = ("phone", "time_zone", "crisis_plan", "requires_signature", "part2_program")


@require_safe
@signed_in
def show(request: PersonRequest) -> HttpResponse:
    """Show one's own details and duties."""
    return render(request, "people/own_details.html", {"person": request.user})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: PersonRequest) -> HttpResponse:
    """Change one's own details."""
    form = OwnDetails(request.POST or None, initial={name: getattr(request.user, name) for name in OWN})
    if form.is_valid():
        actions.change_own_details(by=request.user, **form.cleaned_data)
        messages.success(request, _("Your details are saved. Others see them from now on."))
        return redirect("profile:show")
    return render(request, "people/edit_own_details.html", {"form": form}, status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda person: person.has_duty(Duty.LEAD))
def practice_settings(request: PersonRequest) -> HttpResponse:
    """Change the settings of one's own organization."""
    own = request.user.organization
    initial = {name: getattr(own, name) for name in SETTINGS}
    form = PracticeSettings(request.POST or None, organization=own, initial=initial)
    if form.is_valid():
        values = {"requires_signature": False, **form.cleaned_data}
        actions.change_practice_settings(by=request.user, **values)
        messages.success(request, _("The settings are saved and count from now on."))
        return redirect("people:settings")
    colleagues = User.objects.visible_to(request.user).select_related("needs_signature_from")
    context = {"form": form, "organization": own, "colleagues": colleagues}
    return render(request, "people/settings.html", context, status=form_status(form))
