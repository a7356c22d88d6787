"""The course of treatment beside therapy."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest
from privacy import audit
from referrals import actions
from referrals.forms.messages import CourseForm
from referrals.views import loading
from referrals.views.threads import context_of, either_side


@either_side
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Enter a session or a measure, or pause, resume or end the course."""
    referral = loading.own(request, pk)
    form = CourseForm(request.POST or None, referral=referral, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_course_entry(by=request.user, referral=referral, **form.values())
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Entered. Both sides see it."))
            return redirect("referrals:show", pk)
    audit.record("referral.read", by=request.user, of=referral, client=referral.client_id)
    context = context_of(request.user, referral) | {"form": form}
    return render(request, "referrals/course.html", context, status=422 if form.errors else 200)
