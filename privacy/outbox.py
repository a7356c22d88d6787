"""Messages that leave after the commit: written with the change they tell of, sent later."""

import re
from uuid import UUID

from privacy.models import Notice

# Letters, dashes and ids: a path that could carry a name is refused.
PATH = re.compile(r"/[a-z0-9_/-]*")
KIND = re.compile(r"[a-z_.]{1,80}")


def notify(*, recipient: UUID, kind: str, path: str) -> None:
    """Leave a notice for a person: a kind (a code) and the path its link leads to.

    It commits with the change it tells of. The same notice that still waits isn't doubled.
    """
    if not KIND.fullmatch(kind) or not PATH.fullmatch(path):
        raise ValueError("A notice holds a code and a path of ids, nothing about a client.")
    Notice.objects.bulk_create([Notice(recipient=recipient, kind=kind, path=path)], ignore_conflicts=True)
