"""Publishing what was set for a day, each minute; a minute that was missed is caught up by the next one."""

from accounts.models import Kind, Organization
from privacy import context, jobs
from screening.actions import publishing


@jobs.every("* * * * *", "screening.publish_due")
def publish_due() -> None:
    """Publish every version whose day has come, within the network."""
    for network in Organization.objects.filter(kind=Kind.NETWORK).order_by("pk"):
        with context.enter(network.pk):
            publishing.publish_due()
