"""The directory: who takes referrals, what they say of themselves, and one's own entry."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, provider_required, signed_in
from accounts.models import User
from referrals import actions
from referrals.forms.listings import DirectoryForm, ListingForm, initial_of
from referrals.models import Listing
from referrals.models.listings import ListingQuerySet

NAV = {"nav": "directory"}
PAGE = 50


@signed_in
@require_safe
def list_directory(request: PersonRequest) -> HttpResponse:
    """Show the published entries, narrowed and ordered by fixed choices."""
    form = DirectoryForm(request.GET)
    chosen = form.chosen()
    found = _narrowed(Listing.objects.visible_to(request.user).published(), chosen)
    page = Paginator(found.select_related("organization", "contact"), PAGE).get_page(request.GET.get("page"))
    query = "&".join(f"{name}={value}" for name, value in chosen.items())
    context = {**NAV, "form": form, "page": page, "query": query, "narrowed": form.in_words()}
    return render(request, "directory/list.html", context)


@signed_in
@require_safe
def show(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show one entry in full."""
    listings = Listing.objects.visible_to(request.user).select_related("organization", "contact")
    listing = get_object_or_404(listings, pk=pk)
    own = listing.organization_id == request.user.organization_id
    return render(request, "directory/show.html", {**NAV, "listing": listing, "may_edit": own})


@provider_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest) -> HttpResponse:
    """Let the people of a prescriber organization write its entry."""
    listing = Listing.objects.filter(organization_id=request.user.organization_id).first()
    colleagues = User.objects.visible_to(request.user).active().order_by("name")
    form = ListingForm(request.POST or None, initial=initial_of(listing), colleagues=colleagues)
    differences: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        published, revision = form.cleaned_data["is_published"], form.cleaned_data["revision"]
        try:
            saved = actions.write_listing(
                by=request.user, facts=form.facts(), is_published=published, revision=revision
            )
        except actions.ChangedMeanwhile as changed:
            form.add_error(None, str(changed))
            # Both are shown; saving again, knowingly, replaces what stands now.
            differences = form.differences_from(listing)
            typed = request.POST.copy()
            typed["revision"] = str(listing.revision if listing else 0)
            form.data = typed
        except actions.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. Therapists see it at once."))
            return redirect("directory:show", saved.pk)
    context = {**NAV, "form": form, "listing": listing, "differences": differences}
    return render(request, "directory/edit.html", context, status=422 if form.errors else 200)


def _narrowed(listings: ListingQuerySet, chosen: dict[str, str]) -> ListingQuerySet:
    """Keep what matches. Nothing said isn't a match, so the page says what a filter leaves out."""
    if "evaluates" in chosen:
        listings = listings.filter(evaluates__contains=[chosen["evaluates"]])
    if "licensed_in" in chosen:
        listings = listings.filter(licensed_in__contains=[chosen["licensed_in"]])
    if "form" in chosen:
        listings = listings.filter(forms__contains=[chosen["form"]])
    if "payer" in chosen:
        listings = listings.filter(payers__contains=[chosen["payer"]])
    if "telehealth" in chosen:
        listings = listings.filter(telehealth=chosen["telehealth"])
    if chosen.get("order") == "name":
        return listings.order_by("-takes_referrals", "organization__name", "pk")
    wait = F("wait_weeks").asc(nulls_last=True)
    return listings.order_by("-takes_referrals", wait, "organization__name", "pk")
