"""Every write of this package: keyword-only, atomic, the row locked first, one audit entry last."""

from screening.actions.answers import (
    Conflict,
    Saved,
    mark_left_as_no,
    remove_entry,
    save_answers,
    save_entry,
    set_part2,
)
from screening.actions.authoring import (
    create_draft,
    draft_from,
    replace_draft_document,
    retire,
    return_to_draft,
    submit_for_review,
    verify_source,
)
from screening.actions.clients import (
    add_client,
    add_to_care_team,
    change_client,
    remove_from_care_team,
)
from screening.actions.corrections import declare_correction, look_at_touched
from screening.actions.counting import request_outcome_count
from screening.actions.drafts import (
    EditsCollide,
    change_draft,
    drop_unfinished,
    keep_unfinished,
    redo_change,
    undo_change,
)
from screening.actions.emergency import (
    end_emergency_access,
    open_emergency_access,
    read_emergency_notice,
)
from screening.actions.governing import NotReady, publishers_of
from screening.actions.locks import ChangedMeanwhile, NotPossible, RecordNumberTaken
from screening.actions.moving import move_screening
from screening.actions.publishing import (
    approve,
    approve_and_publish,
    call_off_publishing,
    publish,
    publish_due,
    published_since_approval,
    set_publishing_day,
)
from screening.actions.reports import report_question, settle_reports
from screening.actions.requests import (
    answer_records_request,
    ask_for_records,
    ask_to_amend,
    extend_records_request,
    follow_amendment,
)
from screening.actions.results import acknowledge_urgent, record_judgment, sign_screening
from screening.actions.reviewing import comment, open_again, reply, settle
from screening.actions.screenings import (
    complete_screening,
    confirm_safety,
    enter_in_error,
    replace_screening,
    start_screening,
)
from screening.actions.verifying import request_verification
from screening.actions.yields import ask_for_count

__all__ = [
    "ChangedMeanwhile",
    "Conflict",
    "EditsCollide",
    "NotPossible",
    "NotReady",
    "RecordNumberTaken",
    "Saved",
    "acknowledge_urgent",
    "add_client",
    "add_to_care_team",
    "answer_records_request",
    "approve",
    "approve_and_publish",
    "ask_for_count",
    "ask_for_records",
    "ask_to_amend",
    "call_off_publishing",
    "change_client",
    "change_draft",
    "comment",
    "complete_screening",
    "confirm_safety",
    "create_draft",
    "declare_correction",
    "draft_from",
    "drop_unfinished",
    "end_emergency_access",
    "enter_in_error",
    "extend_records_request",
    "follow_amendment",
    "keep_unfinished",
    "look_at_touched",
    "mark_left_as_no",
    "move_screening",
    "open_again",
    "open_emergency_access",
    "publish",
    "publish_due",
    "published_since_approval",
    "publishers_of",
    "read_emergency_notice",
    "record_judgment",
    "redo_change",
    "remove_entry",
    "remove_from_care_team",
    "replace_draft_document",
    "replace_screening",
    "reply",
    "report_question",
    "request_outcome_count",
    "request_verification",
    "retire",
    "return_to_draft",
    "save_answers",
    "save_entry",
    "set_part2",
    "set_publishing_day",
    "settle",
    "settle_reports",
    "sign_screening",
    "start_screening",
    "submit_for_review",
    "undo_change",
    "verify_source",
]
