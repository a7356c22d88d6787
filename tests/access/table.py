"""Every address of the product, what it names, and what everybody gets there: CHECKS 1."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.access.world import PENDING, PERSONAS

OK, FOUND, REFUSED, MISSING, NO_METHOD, INVALID = 200, 302, 403, 404, 405, 422

Expected = tuple[int, ...]

# Whoever gave a password alone is led to the second factor, before any view says what it takes.
WALLED = dict.fromkeys(PENDING, FOUND)


def _expected(**by_persona: int) -> Expected:
    """Signed out and disabled people are led to sign-in, whoever gave a password alone to the second factor.

    Everybody else is refused unless said otherwise.
    """
    usual = dict.fromkeys(PERSONAS, REFUSED) | {"signed out": FOUND, "disabled": FOUND} | WALLED
    return tuple((usual | by_persona)[persona] for persona in PERSONAS)


def own(status: int = OK) -> Expected:
    """Return what a therapist's own record gives: other therapists don't learn that it exists."""
    return _expected(therapist=status, colleague=MISSING, stranger=MISSING)


def therapists(status: int = OK) -> Expected:
    """Return what every therapist gets."""
    return _expected(therapist=status, colleague=status, stranger=status)


def received(status: int = OK) -> Expected:
    """Return what a clinic's own record gives."""
    return _expected(provider=status, other_provider=MISSING)


def providers(status: int = OK) -> Expected:
    """Return what every provider gets."""
    return _expected(provider=status, other_provider=status)


def both_sides(status: int = OK, provider: int | None = None) -> Expected:
    """Return what a referral gives to its two sides."""
    return _expected(
        therapist=status,
        provider=provider or status,
        colleague=MISSING,
        stranger=MISSING,
        other_provider=MISSING,
    )


def sides(status: int = OK) -> Expected:
    """Return what every therapist and every provider gets."""
    return _expected(**dict.fromkeys(PERSONAS[1:6], status))


def admins(status: int = OK) -> Expected:
    """Return what the network's admins get."""
    return _expected(admin=status)


def everybody(status: int = OK) -> Expected:
    """Return what everybody gets who is signed in."""
    return _expected(**dict.fromkeys(PERSONAS[1:7], status))


def enrolling(status: int = OK) -> Expected:
    """Return what the pages give that take a factor into use."""
    return _expected(**dict.fromkeys([*PERSONAS[1:7], "enrolling"], status))


def public(status: int = OK) -> Expected:
    """Return what everybody gets, signed in or not."""
    return (status,) * len(PERSONAS)


@dataclass(frozen=True)
class Row:
    """An address by its name, and what GET and POST (of an empty form) give to each of PERSONAS in turn."""

    name: str
    get: Expected
    post: Expected
    names: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


CLIENT, ASKED = {"pk": "client"}, {"pk": "records_request"}
OPEN, DONE = {"pk": "open_screening"}, {"pk": "done_screening"}
DRAFT, SENT, REVIEW = {"pk": "draft_referral"}, {"pk": "sent_referral"}, {"pk": "review_referral"}
VERSION, WRITTEN = {"pk": "version"}, {"pk": "draft_version"}
COMMENT = WRITTEN | {"comment": "comment"}
CRITERION = {"indication": "low", "criterion": "low_said"}
IN_SECTION, ON_QUESTION = WRITTEN | {"section": "mood"}, WRITTEN | {"question": "how_low"}
PRACTICE, PERSON = {"pk": "practice"}, {"pk": "colleague"}

# No such method for anybody whom the wall lets through.
NO_POST = NO_GET = _expected(**dict.fromkeys(PERSONAS[:8], NO_METHOD))
NO_PUBLIC_POST = NO_PUBLIC_GET = public(NO_METHOD)
NOBODY = _expected()
HOME = _expected(therapist=OK, colleague=OK, stranger=OK, provider=FOUND, other_provider=FOUND, admin=OK)
SIGN_IN = _expected(
    **dict.fromkeys(PERSONAS, FOUND) | dict.fromkeys(("signed out", "disabled", *PENDING), OK)
)
REFUSED_SIGN_IN = tuple(INVALID if status == OK else status for status in SIGN_IN)
LEAVING = _expected(**dict.fromkeys(PERSONAS[1:7], OK), **dict.fromkeys(PENDING, OK))
# The pages of the second factor: for whoever has to give it, and for whoever has none yet.
GIVING = _expected(**dict.fromkeys(PERSONAS, FOUND) | {"half_signed_in": OK})
# A therapist sees the referral and may not accept it; a clinic it wasn't sent to doesn't see it.
PROVIDERS_MOVE = _expected(colleague=MISSING, stranger=MISSING, provider=OK, other_provider=MISSING)

TABLE = (
    Row("desk:home", HOME, NO_POST),
    Row("desk:timeline", own(), NO_POST, CLIENT),
    Row("desk:who_looked", own(), NO_POST, CLIENT),
    Row("desk:client_requests", own(), NO_POST, CLIENT),
    Row("desk:ask_records", own(), own(), CLIENT),
    Row("desk:ask_to_amend", own(), own(), CLIENT),
    Row("desk:amendment", own(), NO_POST, {"pk": "amendment"}),
    Row("desk:amendment_step", own(), own(), {"pk": "amendment", "name": "denied"}),
    Row("desk:corrections", therapists(), therapists(NO_METHOD)),
    Row("desk:correction_looked", therapists(NO_METHOD), therapists(MISSING), {"pk": "client"}),
    Row("desk:records", NOBODY, NO_POST),
    Row("desk:records_client", NO_GET, NOBODY),
    Row("desk:records_request", own(), NO_POST, ASKED),
    Row("desk:records_extend", NOBODY, NOBODY, ASKED),
    Row("desk:records_answer", NOBODY, NOBODY, ASKED),
    Row("desk:records_document", NOBODY, NO_POST, ASKED),
    Row("desk:records_file", NOBODY, NO_POST, ASKED),
    Row("desk:log", admins(), NO_POST),
    Row("desk:log_client", NO_GET, NOBODY),
    Row("desk:log_export", admins(), admins()),
    # A duty opens these, for a practice and a clinic: none of the cast has it.
    Row("desk:hand_overs", NOBODY, NO_POST),
    Row("desk:hand_over", NOBODY, NOBODY, PERSON),
    Row("desk:end_cover", NO_GET, sides(MISSING), {"pk": "client"}),
    Row("clients:list", therapists(), therapists(NO_METHOD)),
    Row("clients:add", therapists(), therapists()),
    Row("clients:find", therapists(NO_METHOD), therapists(INVALID)),
    # A duty opens these: none of the cast has it.
    Row("clients:emergency", NOBODY, NO_POST),
    Row("clients:find_in_emergency", NO_GET, NOBODY),
    Row("clients:open_emergency_access", NOBODY, NOBODY, CLIENT),
    Row("clients:end_emergency_access", NO_GET, own(FOUND), {"pk": "emergency_access"}),
    Row("clients:note_emergency_access", NO_GET, own(FOUND), {"pk": "emergency_access"}),
    Row("clients:show", own(), therapists(NO_METHOD), CLIENT),
    Row("clients:change", own(), own(), CLIENT),
    Row("clients:add_colleague", therapists(NO_METHOD), own(INVALID), CLIENT),
    Row("clients:remove_colleague", therapists(NO_METHOD), own(MISSING), CLIENT),
    Row("clients:start_screening", therapists(NO_METHOD), own(FOUND), CLIENT | {"version": "version"}),
    Row("screenings:to_sign", NOBODY, therapists(NO_METHOD)),
    Row("screenings:show", own(), therapists(NO_METHOD), OPEN),
    Row("screenings:section", own(), own(FOUND), OPEN | {"section": "safety"}),
    Row("screenings:autosave", therapists(NO_METHOD), own(), OPEN | {"section": "safety"}),
    Row("screenings:reported", therapists(), therapists(NO_METHOD)),
    Row("screenings:report_question", own(), own(), OPEN | {"section": "safety"}),
    Row("screenings:move", own(FOUND), own(FOUND), OPEN),
    Row("screenings:check", own(), therapists(NO_METHOD), OPEN),
    Row("screenings:complete", therapists(NO_METHOD), own(FOUND), OPEN),
    Row("screenings:urgent", own(), own(), {"pk": "urgent_screening", "consideration": "danger_now"}),
    Row("screenings:result", own(), therapists(NO_METHOD), DONE),
    Row("screenings:print", own(), therapists(NO_METHOD), DONE),
    Row("screenings:answers", own(), therapists(NO_METHOD), OPEN),
    Row("screenings:judge", therapists(NO_METHOD), own(INVALID), DONE | {"indication": "low"}),
    Row("screenings:confirm_safety", therapists(NO_METHOD), own(FOUND), DONE),
    Row("screenings:sign", therapists(NO_METHOD), own(MISSING), DONE),
    Row("screenings:amend", own(), own(), DONE),
    Row("screenings:entered_in_error", own(), own(), OPEN),
    Row("questionnaires:list", admins(), admins(NO_METHOD)),
    Row("questionnaires:upload", admins(), admins()),
    Row("questionnaires:reports", admins(), admins(NO_METHOD)),
    Row("questionnaires:correction", admins(FOUND), admins(FOUND), VERSION),
    Row("questionnaires:question_reports", admins(), admins(), VERSION | {"question": "danger"}),
    Row("questionnaires:version", admins(), admins(NO_METHOD), WRITTEN),
    Row("questionnaires:preview", admins(), admins(NO_METHOD), WRITTEN),
    Row("questionnaires:preview_section", admins(), admins(FOUND), VERSION | {"section": "mood"}),
    Row("questionnaires:replace", admins(), admins(), WRITTEN),
    Row("questionnaires:download", admins(), admins(NO_METHOD), WRITTEN),
    Row("questionnaires:submit", admins(), admins(), WRITTEN),
    Row("questionnaires:send_back", admins(), admins(), WRITTEN),
    Row("questionnaires:review", admins(), admins(NO_METHOD), WRITTEN),
    Row("questionnaires:comment", admins(NO_METHOD), admins(INVALID), WRITTEN),
    Row("questionnaires:reply", admins(NO_METHOD), admins(INVALID), COMMENT),
    Row("questionnaires:settle", admins(NO_METHOD), admins(FOUND), COMMENT),
    Row("questionnaires:comparisons", admins(), admins(NO_METHOD), WRITTEN),
    Row("questionnaires:compare", admins(), admins(NO_METHOD), WRITTEN | {"other": "version"}),
    Row("questionnaires:approve", NOBODY, NOBODY, WRITTEN),
    Row("questionnaires:publish", NOBODY, NOBODY, WRITTEN),
    Row("questionnaires:call_off", admins(NO_METHOD), admins(FOUND), WRITTEN),
    Row("questionnaires:draft_from", admins(), admins(FOUND), VERSION),
    Row("questionnaires:impact", admins(), admins(INVALID), WRITTEN),
    Row("questionnaires:verification", admins(), admins(NO_METHOD), WRITTEN),
    Row("questionnaires:verify", admins(NO_METHOD), admins(FOUND), WRITTEN),
    Row("questionnaires:retire", admins(), admins(FOUND), VERSION),
    Row("questionnaires:sources", admins(), admins(NO_METHOD), VERSION),
    Row("questionnaires:save_vignette", admins(FOUND), admins(FOUND), VERSION),
    Row("questionnaires:evidence", admins(), admins(NO_METHOD)),
    Row(
        "questionnaires:evidence_source",
        admins(MISSING),
        admins(NO_METHOD),
        {"pk": "version", "source": "made_up"},
    ),
    Row("questionnaires:verify_evidence", admins(NO_METHOD), admins(MISSING), VERSION | {"source": "none"}),
    Row("questionnaires:question_yield", admins(), admins(NO_METHOD), VERSION),
    Row("questionnaires:count_now", admins(NO_METHOD), admins(FOUND), VERSION),
    Row("questionnaires:sheet", everybody(), everybody(NO_METHOD), VERSION),
    Row("questionnaires:sheet_of", everybody(MISSING), everybody(NO_METHOD), {"digest": "0" * 64}),
    Row("questionnaires:begin", admins(), admins()),
    Row("questionnaires:build", admins(FOUND), admins(NO_METHOD), WRITTEN),
    Row("questionnaires:build_undo", admins(NO_METHOD), admins(FOUND), WRITTEN),
    Row("questionnaires:build_redo", admins(NO_METHOD), admins(FOUND), WRITTEN),
    Row("questionnaires:build_discard", admins(NO_METHOD), admins(FOUND), WRITTEN),
    Row("questionnaires:build_problems", admins(), admins(NO_METHOD), WRITTEN),
    Row("questionnaires:build_add_section", admins(), admins(INVALID), WRITTEN),
    Row("questionnaires:build_section", admins(), admins(INVALID), IN_SECTION),
    Row("questionnaires:build_move_section", admins(NO_METHOD), admins(FOUND), IN_SECTION),
    Row("questionnaires:build_delete_section", admins(), admins(), IN_SECTION),
    Row("questionnaires:build_add_question", admins(), admins(INVALID), IN_SECTION),
    Row("questionnaires:build_question", admins(), admins(INVALID), ON_QUESTION),
    Row("questionnaires:build_add_inner", admins(FOUND), admins(FOUND), ON_QUESTION),
    Row("questionnaires:build_move_question", admins(NO_METHOD), admins(FOUND), ON_QUESTION),
    Row("questionnaires:build_duplicate_question", admins(NO_METHOD), admins(FOUND), ON_QUESTION),
    Row("questionnaires:build_own_choices", admins(NO_METHOD), admins(FOUND), ON_QUESTION),
    Row("questionnaires:build_move_choice", admins(NO_METHOD), admins(FOUND), ON_QUESTION | {"choice": "0"}),
    Row("questionnaires:build_delete_question", admins(), admins(), ON_QUESTION),
    Row("questionnaires:build_question_gate", admins(), admins(), ON_QUESTION),
    Row("questionnaires:build_section_gate", admins(), admins(), IN_SECTION),
    Row("questionnaires:build_scope", admins(), admins(), WRITTEN),
    Row("questionnaires:build_scores", admins(), admins(FOUND), WRITTEN),
    Row("questionnaires:build_new_score", admins(), admins(INVALID), WRITTEN),
    Row("questionnaires:build_score", admins(), admins(INVALID), WRITTEN | {"score": "low_total"}),
    Row("questionnaires:build_indications", admins(), admins(FOUND), WRITTEN),
    Row("questionnaires:build_new_indication", admins(), admins(), WRITTEN),
    Row("questionnaires:build_indication", admins(), admins(INVALID), WRITTEN | {"indication": "low"}),
    Row("questionnaires:build_new_criterion", admins(), admins(), WRITTEN | {"indication": "low"}),
    Row("questionnaires:build_criterion", admins(), admins(), WRITTEN | CRITERION),
    Row("questionnaires:build_considerations", admins(), admins(FOUND), WRITTEN),
    Row("questionnaires:build_new_consideration", admins(), admins(), WRITTEN),
    Row("questionnaires:build_consideration", admins(), admins(), WRITTEN | {"consideration": "danger_now"}),
    Row("questionnaires:build_sources", admins(), admins(FOUND), WRITTEN),
    Row("questionnaires:build_new_source", admins(), admins(INVALID), WRITTEN),
    Row("questionnaires:build_source", admins(), admins(INVALID), WRITTEN | {"source": "made_up"}),
    Row("questionnaires:build_vignettes", admins(), admins(FOUND), WRITTEN),
    Row("questionnaires:build_vignette", admins(), admins(INVALID), WRITTEN | {"vignette": "all_met"}),
    Row("questionnaires:verify_source", admins(NO_METHOD), NOBODY, VERSION | {"source": "made_up"}),
    Row("referrals:list", therapists(), therapists(NO_METHOD)),
    Row("referrals:choose", own(), own(), {"screening": "done_screening"}),
    Row("referrals:show", both_sides(), sides(NO_METHOD), REVIEW),
    Row("referrals:choose_again", own(), own(), DRAFT),
    Row("referrals:consent", own(), own(), DRAFT),
    Row("referrals:revoke", own(), own(), REVIEW),
    Row("referrals:preview", therapists(NO_METHOD), own(FOUND), DRAFT),
    Row("referrals:statements", therapists(NO_METHOD), own(FOUND), DRAFT),
    Row("referrals:send", own(), own(), DRAFT),
    Row("referrals:packet", both_sides(OK, provider=FOUND), sides(NO_METHOD), REVIEW),
    Row("referrals:move", PROVIDERS_MOVE, PROVIDERS_MOVE, REVIEW | {"name": "accept"}),
    Row("referrals:message", sides(NO_METHOD), both_sides(INVALID), REVIEW),
    Row("referrals:course", both_sides(), both_sides(), REVIEW),
    Row("inbox:list", providers(), providers(NO_METHOD)),
    Row("inbox:show", received(), providers(NO_METHOD), SENT),
    Row("inbox:open", providers(NO_METHOD), received(FOUND), SENT),
    Row("directory:list", everybody(), everybody(NO_METHOD)),
    Row("directory:edit", providers(), providers()),
    Row("directory:show", everybody(), everybody(NO_METHOD), {"pk": "listing"}),
    Row("guidance:home", everybody(), NO_POST),
    Row("guidance:handout", everybody(), NO_POST),
    Row("guidance:primer", everybody(), NO_POST),
    Row("guidance:evidence", everybody(), NO_POST),
    Row("people:list", admins(), NO_POST),
    Row("people:everyone", admins(), NO_POST),
    Row("people:add", admins(), admins()),
    Row("people:settings", NOBODY, NOBODY),
    Row("people:join", public(), public(), {"token": "token"}),
    Row("people:organization", admins(), NO_POST, PRACTICE),
    Row("people:invite", admins(), admins(), PRACTICE),
    Row("people:disable_organization", admins(), admins(FOUND), PRACTICE),
    Row("people:enable_organization", NO_GET, admins(FOUND), PRACTICE),
    Row("people:withdraw_invitation", NO_GET, admins(FOUND), {"pk": "invitation"}),
    Row("people:person", admins(), NO_POST, PERSON),
    Row("people:duties", admins(), admins(FOUND), PERSON),
    Row("people:supervisor", admins(), admins(FOUND), PERSON),
    Row("people:reset_second_factor", admins(), admins(INVALID), PERSON),
    Row("people:disable_user", admins(), admins(FOUND), PERSON),
    Row("people:enable_user", NO_GET, admins(FOUND), PERSON),
    Row("profile:show", everybody(), NO_POST),
    Row("profile:edit", everybody(), everybody()),
    Row("security:again", everybody(), everybody(INVALID)),
    Row("security:show", everybody(), NO_POST),
    Row("security:code", GIVING, tuple(INVALID if status == OK else FOUND for status in GIVING)),
    Row(
        "security:choose",
        enrolling(),
        _expected(**dict.fromkeys(PERSONAS, NO_METHOD) | {"half_signed_in": FOUND}),
    ),
    Row("security:add_app", enrolling(), enrolling(FOUND)),
    Row("security:add_passkey", enrolling(), enrolling(INVALID)),
    Row(
        "security:passkey_creation",
        _expected(**dict.fromkeys(PERSONAS, NO_METHOD) | {"half_signed_in": FOUND}),
        enrolling(),
    ),
    Row("security:rename_factor", everybody(MISSING), everybody(MISSING), CLIENT),
    Row("security:remove_factor", everybody(MISSING), everybody(MISSING), CLIENT),
    Row("security:passkey_sign_in", NO_PUBLIC_GET, public(FOUND)),
    Row("security:passkey_request", NO_PUBLIC_GET, public()),
    Row("security:new_codes", everybody(FOUND), everybody(FOUND)),
    Row("security:codes_as_text", everybody(FOUND), NO_POST),
    Row("security:renew_codes", everybody(), everybody(FOUND)),
    Row("security:change_email", everybody(), everybody(INVALID)),
    Row("security:confirm_email", everybody(MISSING), everybody(MISSING), {"token": "token"}),
    Row("security_txt", public(), NO_PUBLIC_POST),
    Row("robots_txt", public(), NO_PUBLIC_POST),
    Row("favicon", public(FOUND), NO_POST),
    Row("sessions:status", public(), NO_PUBLIC_POST),
    Row("sessions:stay", NO_GET, everybody()),
    Row("sessions:show", everybody(), NO_POST),
    Row("sessions:end_others", NO_GET, everybody(FOUND)),
    Row("sessions:end", NO_GET, everybody(MISSING), {"pk": "client"}),
    Row("account_login", SIGN_IN, REFUSED_SIGN_IN),
    Row("account_logout", LEAVING, everybody(FOUND)),
    Row("account_change_password", everybody(), everybody(INVALID)),
    Row("account_reset_password", public(), public(INVALID)),
    Row("account_reset_password_done", public(), NO_PUBLIC_POST),
    # The link of a reset: a stranger's guess leads to the page that says it does not work.
    Row("account_reset_password_from_key", public(), public(INVALID), {"uidb36": "1", "key": "guessed"}),
    Row("account_reset_password_from_key_done", public(), NO_PUBLIC_POST),
)
