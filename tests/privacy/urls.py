"""Views that do, for the tests, everything a view can do wrong."""

from uuid import UUID

from allauth.core.exceptions import ImmediateHttpResponse
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import include, path

from privacy import audit, context
from tests.privacy.samples import Letter


def write(request: HttpRequest, then: str) -> HttpResponse:
    """Write a letter and its entry, then answer as the address says."""
    organization_id = request.user.organization_id
    letter = Letter.objects.create(organization_id=organization_id, subject=then)
    audit.record("letter.write", by=request.user, of=letter)
    return _answer(then)


def _answer(then: str) -> HttpResponse:
    match then:
        case "raise-missing":
            raise Http404
        case "raise-refused":
            raise PermissionDenied
        case "raise-bad":
            raise BadRequest
        case "raise-error":
            raise KeyError(then)
        case "answered-elsewhere":
            raise ImmediateHttpResponse(HttpResponse("all is well"))
        case "break-statement":
            connection.cursor().execute("SELECT 1 / 0")
        case "break-commit":
            connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
            connection.cursor().execute(BROKEN_REPLY, [str(context.organization())])
        case "stream":
            return StreamingHttpResponse(["a", "b"])
        case "action-fails":
            _fail_inside_an_action()
    return HttpResponse(then, status=int(then) if then.isdigit() else 200)


BROKEN_REPLY = """
    INSERT INTO tests_reply (id, organization_id, letter_id) VALUES (gen_random_uuid(), %s, gen_random_uuid())
"""


def _fail_inside_an_action() -> None:
    """An action's own savepoint goes back; what the request wrote before it stays."""
    try:
        with transaction.atomic():
            Letter.objects.all().delete()
            raise KeyError
    except KeyError:
        return


def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a letter, if the organization has it."""
    letter = Letter.objects.filter(pk=pk).first()
    if letter is None:
        raise Http404
    audit.record("letter.read", by=request.user, of=letter)
    return HttpResponse(letter.subject)


def count(request: HttpRequest) -> HttpResponse:
    """Say whose rows are visible, how many, and over which connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_setting('app.organization', true)")
        backend, organization = cursor.fetchone()
    return HttpResponse(f"{backend} {Letter.objects.count()} {organization}")


def isolation(request: HttpRequest) -> HttpResponse:
    """Say how the request's transaction is isolated."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        return HttpResponse(f"{cursor.fetchone()[0]} {connection.in_atomic_block}")


def open_to_all(request: HttpRequest) -> HttpResponse:
    """Refuse whoever comes."""
    raise PermissionDenied


urlpatterns = [
    path("write/<str:then>/", write),
    path("letters/<uuid:pk>/", show, name="letter"),
    path("count/", count),
    path("isolation/", isolation),
    path("refuse/", open_to_all),
    path("healthz/live", isolation),
    path("", include("config.urls")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.refused"
handler404 = "config.errors.missing"
handler500 = "config.errors.broken"
