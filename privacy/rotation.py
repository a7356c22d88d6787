"""What happens to data keys as they are: wrapped anew, looked at before serving, destroyed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from privacy import audit, context, keys
from privacy.models import DataKey


@dataclass(frozen=True, slots=True)
class Unopenable:
    """The data keys that the configured master keys don't open, counted by the id of what wraps them."""

    missing: Mapping[str, int] = field(default_factory=dict)
    wrong: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.missing or self.wrong)

    def __str__(self) -> str:
        sentences = [
            f"MASTER_KEYS has no key {name}, which {_organizations(count)} need{'s' * (count == 1)}."
            for name, count in sorted(self.missing.items())
        ]
        sentences += [
            f"The master key {name} is not the one that wrapped the keys of {_organizations(count)}: "
            "its id is the same, its bytes are not."
            for name, count in sorted(self.wrong.items())
        ]
        return " ".join([*sentences, "Nothing was overwritten: put the right keys back and start again."])


def unopenable() -> Unopenable:
    """Try every organization's data key, and say which master keys are missing or wrong."""
    known = keys.master_keys().by_id
    missing: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for row in DataKey.objects.filter(erased_at__isnull=True).iterator():
        try:
            keys.unwrap(row)
        except keys.KeyMissing:
            (wrong if row.master_key in known else missing)[row.master_key] += 1
    return Unopenable(dict(missing), dict(wrong))


def waiting() -> list[UUID]:
    """Return the organizations whose data key another master key wraps than the current one."""
    rows = DataKey.objects.filter(erased_at__isnull=True).exclude(master_key=keys.master_keys().current)
    return list(rows.order_by("organization_id").values_list("organization_id", flat=True))


def wrapped_by() -> dict[str, int]:
    """Return how many data keys each master key wraps."""
    names = DataKey.objects.filter(erased_at__isnull=True).values_list("master_key", flat=True)
    return dict(sorted(Counter(names).items()))


def rewrap(organization_id: UUID) -> None:
    """Wrap the organization's data key by the current master key, and say so in both chains.

    No other row changes but the audit log's. What was written is opened again before it is kept.
    """
    with context.enter(organization_id):
        row = DataKey.objects.select_for_update().get(organization_id=organization_id)
        before, current = row.master_key, keys.master_keys().current
        if before == current or row.erased_at is not None:
            return
        data_key = keys.unwrap(row)
        row.master_key, row.wrapped = current, keys.wrap(organization_id, current, data_key)
        row.save(update_fields=["wrapped", "master_key"])
        row.refresh_from_db()
        if keys.unwrap(row) != data_key:
            raise keys.KeyMissing(f"The data key of organization {organization_id} did not come back.")
        _record_in_both("key.rewrap", organization_id, before=before, after=current)


def erase(organization_id: UUID) -> None:
    """Destroy the organization's data key: nothing that it sealed, and no index of it, can be read again.

    The caller records who decided it.
    """
    with transaction.atomic():
        row = DataKey.objects.select_for_update().get(organization_id=organization_id)
        row.master_key, row.wrapped, row.erased_at = "", b"", timezone.now()
        row.save(update_fields=["master_key", "wrapped", "erased_at"])
        transaction.on_commit(keys.forget)


def _record_in_both(action: str, organization_id: UUID, before: str, after: str) -> None:
    """Leave an entry in the organization's chain and one in the network's: nobody signed in did it."""
    audit.record(action, by=None, owner=organization_id, before=before, after=after)
    with context.enter(None):
        audit.record(action, by=None, owner=organization_id, before=before, after=after)


def _organizations(count: int) -> str:
    return "1 organization" if count == 1 else f"{count} organizations"
