"""Sends what waits in the outbox: an e-mail that carries a link and nothing else."""

import logging
from smtplib import SMTPException
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import resets
from accounts.models import User
from privacy.models import Notice

logger = logging.getLogger("accounts.notices")


def send_waiting() -> tuple[int, int]:
    """Try each waiting notice once, oldest first; return how many left and how many still wait.

    Each goes in a transaction of its own with its row locked: two runs at a time send nothing twice, and one
    notice that can't be sent keeps no other one back.
    """
    waiting = Notice.objects.filter(sent_at__isnull=True).order_by("created_at", "id")
    sent = sum(_send(notice_id) for notice_id in list(waiting.values_list("id", flat=True)))
    return sent, waiting.count()


def _send(notice_id: UUID) -> bool:
    with transaction.atomic():
        rows = Notice.objects.select_for_update(skip_locked=True).filter(pk=notice_id, sent_at__isnull=True)
        notice = rows.first()
        if notice is None:
            return False
        person = User.objects.active().filter(pk=notice.recipient).first()
        if person is None:
            # Its link would lead somebody who can't sign in to a closed door.
            notice.delete()
            return False
        try:
            _mail(person, notice)
        except (OSError, SMTPException) as problem:
            logger.warning("notice %s waits: %s", notice.pk, type(problem).__name__)
            return False
        notice.sent_at = timezone.now()
        notice.save(update_fields=["sent_at"])
    return True


def _mail(person: User, notice: Notice) -> None:
    if notice.kind == resets.NOTICE:
        _mail_reset(person)
        return
    link = urljoin(settings.PUBLIC_ADDRESS, notice.path)
    is_security = notice.kind.startswith("security.")
    body = render_to_string(f"people/email/{'security' if is_security else 'notice'}.txt", {"link": link})
    subject = (
        _("How you sign in to Warm Handoff") if is_security else _("Something waits for you in Warm Handoff")
    )
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [person.email])


def _mail_reset(person: User) -> None:
    context = {"password_reset_url": resets.link_for(person)}
    subject = render_to_string("account/email/password_reset_key_subject.txt").strip()
    body = render_to_string("account/email/password_reset_key_message.txt", context)
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [person.email])
