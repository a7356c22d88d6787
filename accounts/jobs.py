"""What the clock asks of accounts: notices are sent each minute, and what is over is deleted daily."""

from io import StringIO

from django.core.management import call_command

from privacy import jobs


@jobs.every("* * * * *", "accounts.send_notices")
def send_notices() -> None:
    """Send every waiting notice once."""
    call_command("send_notices", stdout=StringIO())


@jobs.every("23 3 * * *", "accounts.clear_expired")
def clear_expired() -> None:
    """Delete sessions that are over, and what else signing in has left behind."""
    call_command("clear_expired", stdout=StringIO())
