"""The network's pages about organizations."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.access import PersonRequest, admin_required
from accounts.forms.people import NewOrganization
from accounts.models import Invitation, Organization, User
from accounts.views.answers import form_status

PAGE_SIZE = 50


@require_safe
@admin_required
def organizations(request: PersonRequest) -> HttpResponse:
    """List every organization with the number of its people."""
    rows = Organization.objects.visible_to(request.user).annotate(
        active_people=Count("people", filter=Q(people__is_active=True))
    )
    page = Paginator(rows.order_by("name", "id"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "people/list.html", {"nav": "people", "page": page})


@require_safe
@admin_required
def everyone(request: PersonRequest) -> HttpResponse:
    """List every person of the network's organizations."""
    rows = User.objects.visible_to(request.user).select_related("organization").order_by("name", "id")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "people/everyone.html", {"nav": "people", "page": page})


@require_safe
@admin_required
def organization(request: PersonRequest, pk: object) -> HttpResponse:
    """Show an organization, its people and the invitations that are open."""
    found = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    page = Paginator(found.people.order_by("name", "id"), PAGE_SIZE).get_page(request.GET.get("page"))
    invitations = Invitation.objects.open_at(timezone.now()).filter(organization=found)
    context = {"nav": "people", "organization": found, "page": page, "invitations": invitations}
    return render(request, "people/organization.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def add(request: PersonRequest) -> HttpResponse:
    """Add a practice or a prescriber organization."""
    initial = {"time_zone": request.user.organization.time_zone}
    form = NewOrganization(request.POST or None, initial=initial)
    if form.is_valid():
        created = actions.create_organization(by=request.user, **form.cleaned_data)
        messages.success(request, _("The organization is here. Now invite its people."))
        return redirect("people:organization", pk=created.pk)
    return render(request, "people/add.html", {"nav": "people", "form": form}, status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def disable_organization(request: PersonRequest, pk: object) -> HttpResponse:
    """Ask first, then end every session of an organization's people."""
    found = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        try:
            actions.disable_organization(by=request.user, organization=found)
            messages.success(request, _("Disabled. Nobody of this organization is signed in now."))
        except ValidationError as problem:
            messages.error(request, problem.messages[0])
        return redirect("people:organization", pk=found.pk)
    return render(request, "people/disable_organization.html", {"nav": "people", "organization": found})


@require_POST
@admin_required
def enable_organization(request: PersonRequest, pk: object) -> HttpResponse:
    """Let an organization's people sign in again."""
    found = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    actions.enable_organization(by=request.user, organization=found)
    messages.success(request, _("Enabled. Its people can sign in again."))
    return redirect("people:organization", pk=found.pk)
