"""Pages about one person: duties, supervision, disabling, and invitations."""

from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.access import PersonRequest, admin_required, allow, signed_in_again
from accounts.forms.factors import SecondFactorReset
from accounts.forms.people import Duties, NewInvitation, Supervision
from accounts.models import Duty, Invitation, Organization, User
from accounts.views.answers import form_status


@require_safe
@admin_required
def person(request: PersonRequest, pk: object) -> HttpResponse:
    """Show who somebody is and what may be done about it."""
    found = get_object_or_404(User.objects.visible_to(request.user).select_related("organization"), pk=pk)
    return render(request, "people/person.html", {"nav": "people", "person": found})


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def duties(request: PersonRequest, pk: object) -> HttpResponse:
    """Choose a person's duties."""
    found = get_object_or_404(User.objects.visible_to(request.user).select_related("organization"), pk=pk)
    initial = {"duties": found.duties}
    form = Duties(
        request.POST if request.method == "POST" else None, organization=found.organization, initial=initial
    )
    if form.is_valid():
        actions.set_duties(by=request.user, user=found, duties=form.cleaned_data["duties"])
        messages.success(request, _("The duties are saved and count from now on."))
        return redirect("people:person", pk=found.pk)
    context = {"nav": "people", "person": found, "form": form}
    return render(request, "people/duties.html", context, status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda person: person.is_admin or (person.is_therapist and person.has_duty(Duty.LEAD)))
def supervisor(request: PersonRequest, pk: object) -> HttpResponse:
    """Choose whose signature a person's screenings need."""
    found = get_object_or_404(User.objects.visible_to(request.user).select_related("organization"), pk=pk)
    initial = {"supervisor": found.needs_signature_from_id}
    form = Supervision(request.POST if request.method == "POST" else None, person=found, initial=initial)
    if form.is_valid():
        actions.set_supervisor(by=request.user, user=found, supervisor=form.cleaned_data["supervisor"])
        messages.success(request, _("Saved. It counts for screenings from now on."))
        return redirect(_back(request, found))
    context = {"person": found, "form": form, "back": _back(request, found)}
    return render(request, "people/supervisor.html", context, status=form_status(form))


def _back(request: PersonRequest, found: User) -> str:
    return reverse("people:person", args=[found.pk]) if request.user.is_admin else reverse("people:settings")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda person: person.is_admin or person.has_duty(Duty.LEAD))
@signed_in_again
def reset_second_factor(request: PersonRequest, pk: object) -> HttpResponse:
    """Ask why, then take a person's factors out of use: they enroll anew when they sign in."""
    found = get_object_or_404(User.objects.visible_to(request.user).select_related("organization"), pk=pk)
    if not actions.may_reset_second_factor(request.user, found):
        raise PermissionDenied
    form = SecondFactorReset(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.reset_second_factor(by=request.user, user=found, **form.cleaned_data)
        messages.success(request, _("Reset. Every session of this person has ended, and they are told."))
        return redirect(_back(request, found))
    context = {"person": found, "form": form, "back": _back(request, found)}
    return render(request, "people/reset_second_factor.html", context, status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def disable_user(request: PersonRequest, pk: object) -> HttpResponse:
    """Ask first, then end every session of a person."""
    found = get_object_or_404(User.objects.visible_to(request.user).select_related("organization"), pk=pk)
    if request.method == "POST":
        try:
            actions.disable_user(by=request.user, user=found)
            messages.success(request, _("Disabled. Every session of this person has ended."))
        except ValidationError as problem:
            messages.error(request, problem.messages[0])
        return redirect("people:person", pk=found.pk)
    return render(request, "people/disable_user.html", {"nav": "people", "person": found})


@require_POST
@admin_required
def enable_user(request: PersonRequest, pk: object) -> HttpResponse:
    """Let a person sign in again."""
    found = get_object_or_404(User.objects.visible_to(request.user).select_related("organization"), pk=pk)
    actions.enable_user(by=request.user, user=found)
    messages.success(request, _("Enabled. This person can sign in again."))
    return redirect("people:person", pk=found.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def invite(request: PersonRequest, pk: object) -> HttpResponse:
    """Invite a person; the link is shown here once and sent by e-mail."""
    found = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    if not found.is_active:
        messages.error(request, _("This organization is disabled: enable it first."))
        return redirect("people:organization", pk=found.pk)
    form = NewInvitation(request.POST or None, organization=found)
    invited = _invited(request, found, form) if form.is_valid() else None
    if invited is not None:
        link = urljoin(settings.PUBLIC_ADDRESS, reverse("people:join", args=[invited.token]))
        _send_link(invited.invitation, link)
        context = {"nav": "people", "invitation": invited.invitation, "link": link}
        return render(request, "people/invited.html", context)
    context = {"nav": "people", "organization": found, "form": form}
    return render(request, "people/invite.html", context, status=form_status(form))


def _invited(request: PersonRequest, found: Organization, form: NewInvitation) -> actions.Invited | None:
    try:
        return actions.invite(by=request.user, organization=found, **form.cleaned_data)
    except ValidationError as problem:
        form.add_error("email", problem)
        return None


def _send_link(invitation: Invitation, link: str) -> None:
    """Send the link after the commit; a mail server that is away is logged and breaks nothing."""
    body = render_to_string(
        "people/email/invitation.txt", {"link": link, "expires_at": invitation.expires_at}
    )
    subject = _("You are invited to Warm Handoff")

    def send() -> None:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [invitation.email])

    # A function with a name, not a partial: Django names it in the log when it fails.
    transaction.on_commit(send, robust=True)


@require_POST
@admin_required
def withdraw_invitation(request: PersonRequest, pk: object) -> HttpResponse:
    """Take back an invitation."""
    found = get_object_or_404(Invitation.objects.select_related("organization"), pk=pk)
    try:
        actions.withdraw_invitation(by=request.user, invitation=found)
        messages.success(request, _("Withdrawn. The link opens nothing any more."))
    except ValidationError as problem:
        messages.error(request, problem.messages[0])
    return redirect("people:organization", pk=found.organization_id)
