"""Each move's page: what it is called, which form it takes, which action it calls, and what is said after."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from referrals import actions
from referrals.forms import moves as forms
from referrals.forms.moves import MoveForm

Text = str | Promise


@dataclass(frozen=True, slots=True)
class MovePage:
    """How a move looks: `title` names link and page, `button` says what happens, `done` what happens next."""

    title: Text
    button: Text
    done: Text
    form: type[MoveForm]
    act: Callable[..., Any]
    hint: Text = ""
    # A way out rather than the way on: it stands in the aside.
    aside: bool = False
    danger: bool = False


# In the order in which they are offered: the first that is open is the way on.
PAGES: dict[str, MovePage] = {
    "open": MovePage(
        lazy("Open the packet"),
        lazy("Open the packet"),
        lazy("Opened. It is in review with you."),
        MoveForm,
        actions.open_packet,
        lazy("From now on the therapist sees that it was opened, and when."),
    ),
    "accept": MovePage(
        lazy("Accept"),
        lazy("Accept the referral"),
        lazy("Accepted. Next: schedule the evaluation."),
        forms.NoteForm,
        actions.accept,
        lazy("You keep a copy of the packet as your own record. Accepting decides nothing about treatment."),
    ),
    "schedule": MovePage(
        lazy("Schedule"),
        lazy("Save the appointment"),
        lazy("Scheduled. Record the outcome within two business days after the appointment."),
        forms.ScheduleForm,
        actions.schedule,
    ),
    "record_outcome": MovePage(
        lazy("Record the outcome"),
        lazy("Record the outcome"),
        lazy("Recorded. The therapist confirms that the loop is closed."),
        forms.OutcomeForm,
        actions.record_outcome,
    ),
    "reply": MovePage(
        lazy("Answer"),
        lazy("Send the answer"),
        lazy("Sent. It is the provider’s turn again."),
        forms.ReplyForm,
        actions.reply,
    ),
    "agree_new_time": MovePage(
        lazy("Agree a new time"),
        lazy("Send the new times"),
        lazy("Sent. The provider schedules again."),
        forms.NewTimeForm,
        actions.agree_new_time,
    ),
    "refer_elsewhere": MovePage(
        lazy("Refer elsewhere"),
        lazy("Start the new referral"),
        lazy("A new draft is ready. Choose a provider; nothing has to be typed again."),
        forms.NoteForm,
        actions.refer_elsewhere,
        lazy("This referral is closed, and a new draft holds all you wrote. Consent is asked again."),
    ),
    "close": MovePage(
        lazy("Confirm and close"),
        lazy("Close the referral"),
        lazy("Closed. It waits for nobody."),
        forms.NoteForm,
        actions.close,
        lazy("You confirm that the loop is closed: you know what was decided and the client knows too."),
    ),
    "question_outcome": MovePage(
        lazy("Question the outcome"),
        lazy("Send the question"),
        lazy("Sent. The provider looks at the outcome again."),
        forms.QuestionOutcomeForm,
        actions.question_outcome,
    ),
    "ask": MovePage(
        lazy("Ask the therapist"),
        lazy("Send the questions"),
        lazy("Sent. It is the therapist’s turn; it comes back to where it stands now."),
        forms.AskForm,
        actions.ask,
    ),
    "decline": MovePage(
        lazy("Decline"),
        lazy("Decline the referral"),
        lazy("Declined. The therapist decides what comes next."),
        forms.DeclineForm,
        actions.decline,
        lazy("The therapist reads the reason and may refer elsewhere with nothing to type again."),
    ),
    "reschedule": MovePage(
        lazy("Move the appointment"),
        lazy("Save the new appointment"),
        lazy("Moved. The therapist sees the new time."),
        forms.ScheduleForm,
        actions.reschedule,
        aside=True,
    ),
    "no_show": MovePage(
        lazy("The client did not come"),
        lazy("Record that the client did not come"),
        lazy("Recorded. The therapist agrees a new time with the client."),
        forms.NoteForm,
        actions.no_show,
        aside=True,
    ),
    "reopen": MovePage(
        lazy("Reopen"),
        lazy("Reopen the referral"),
        lazy("Open again. It stands as it did before closing."),
        forms.ReopenForm,
        actions.reopen,
        aside=True,
    ),
    "assign": MovePage(
        lazy("Assign to a colleague"),
        lazy("Assign"),
        lazy("Assigned. Your colleague has a notice."),
        forms.AssignForm,
        actions.assign,
        aside=True,
    ),
    "report_urgent_change": MovePage(
        lazy("Report an urgent change"),
        lazy("Report the change"),
        lazy("Reported. The other side has to acknowledge it."),
        forms.ReportForm,
        actions.report_urgent_change,
        aside=True,
    ),
    "acknowledge_urgent_change": MovePage(
        lazy("Acknowledge the urgent change"),
        lazy("Acknowledge"),
        lazy("Acknowledged. The other side sees what was done."),
        forms.AcknowledgeForm,
        actions.acknowledge_urgent_change,
        aside=True,
    ),
    "withdraw": MovePage(
        lazy("Withdraw the referral"),
        lazy("Withdraw the referral"),
        lazy("Withdrawn. It waits for nobody."),
        forms.WithdrawForm,
        actions.withdraw,
        lazy("Before acceptance the provider can’t read the packet any more."),
        aside=True,
        danger=True,
    ),
    "recall": MovePage(
        lazy("Recall the referral"),
        lazy("Recall the referral"),
        lazy("Recalled. The packet is closed to the provider."),
        forms.RecallForm,
        actions.recall,
        lazy("For the wrong client or the wrong provider. The page says whether it had been opened."),
        aside=True,
        danger=True,
    ),
    "discard": MovePage(
        lazy("Discard the draft"),
        lazy("Discard the draft"),
        lazy("Discarded. Nothing was sent."),
        MoveForm,
        actions.discard,
        lazy("Nothing was sent. The draft stays in your list of closed referrals."),
        aside=True,
        danger=True,
    ),
}
