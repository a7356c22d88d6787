"""What a rule finds and is right nonetheless: exactly there, and why."""

from dataclasses import dataclass

ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Allowance:
    """One thing that a rule finds in one module; `what` is ANYTHING where a whole module is meant."""

    rule: str
    module: str
    what: str
    why: str


ALLOWED = (
    *(
        Allowance(
            "told_to_the_log", module, ANYTHING, "a job's name, a kind of exception, a place in the code"
        )
        for module in ("privacy/jobs.py", "privacy/worker.py")
    ),
    Allowance(
        "dangerous_calls",
        "accounts/passwords.py",
        "hashlib.sha1",
        "the published list of breached passwords is one of SHA-1 digests; nothing is kept",
    ),
    Allowance(
        "unscoped",
        "accounts/views/joining.py",
        "Invitation.objects.open_at",
        "asked by somebody without an account, who holds the secret link",
    ),
    Allowance(
        "unscoped",
        "accounts/views/organizations.py",
        "Invitation.objects.open_at",
        "an admin's list of one organization's invitations",
    ),
    Allowance(
        "unscoped",
        "accounts/views/persons.py",
        "Invitation.objects.select_related",
        "an admin withdraws any invitation of the network",
    ),
    Allowance(
        "unscoped",
        "config/demo/views.py",
        "User.objects.active",
        "the demonstration's own people, who are all invented",
    ),
    Allowance(
        "unscoped",
        "referrals/views/directory.py",
        "Listing.objects.filter",
        "the reader's own organization's entry, by its id",
    ),
    Allowance(
        "unscoped",
        "referrals/views/drafts.py",
        "Listing.objects.published",
        "the directory is the same for every therapist",
    ),
    Allowance(
        "unscoped",
        "referrals/views/threads.py",
        "Entry.objects.filter",
        "who of the other side read a referral that was fetched as visible",
    ),
    Allowance(
        "unscoped",
        "referrals/views/threads.py",
        "User.objects.filter",
        "the names of those readers, by their ids",
    ),
    Allowance(
        "built_statements",
        "privacy/grants.py",
        "right",
        "one of the words of RIGHTS in the same module",
    ),
    Allowance(
        "built_statements",
        "privacy/row_security.py",
        ANYTHING,
        "what migrations say of their own tables, before any request",
    ),
    Allowance(
        "built_statements",
        "privacy/verification.py",
        "SET_ORGANIZATION",
        "the literal of privacy/work.py",
    ),
    Allowance(
        "built_statements",
        "referrals/migrations/0003_recall.py",
        "_policies(table, AFTER)",
        "a migration's own table and conditions",
    ),
    Allowance(
        "built_statements",
        "screening/migrations/0003_editors.py",
        "f'DROP TRIGGER {NAME} ON {TABLE}'",
        "two literals of the same migration",
    ),
    Allowance(
        "told_to_the_log",
        "config/database_log.py",
        "logger.warning: ', '.join(found)",
        "names of PostgreSQL's settings",
    ),
    Allowance(
        "told_to_the_log",
        "config/environment.py",
        "logger.warning: name",
        "the name of an environment variable",
    ),
    Allowance(
        "told_to_the_log",
        "config/worker.py",
        "self.log.error: _place(exc)",
        "the kind of a fault and its place in the code",
    ),
    Allowance(
        "told_to_the_log",
        "privacy/middleware.py",
        "logger.error: _id(request)",
        "the request's own random number",
    ),
)
