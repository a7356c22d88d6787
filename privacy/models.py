"""What the walls keep for themselves: audit entries, chain heads, wrapped data keys and waiting notices."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from privacy.chain import BEGINNING, Link


class Entry(models.Model):
    """One line of the audit log. It has no foreign keys: it must outlive what it speaks of."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    chain = models.UUIDField()
    number = models.BigIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=200)
    by = models.UUIDField(null=True)
    organization = models.UUIDField(null=True)
    owner = models.UUIDField(null=True)
    kind = models.CharField(max_length=100, blank=True)
    record = models.UUIDField(null=True)
    client = models.UUIDField(null=True)
    codes = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["chain", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "number"], name="a_place_in_a_chain_is_taken_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="a_chain_counts_from_one"),
        ]
        indexes: ClassVar = [
            # The log is read the latest first, from a place on: by those who acted, by those whose records
            # others acted on, by client, and the refusals by themselves.
            models.Index(fields=["chain", "-at", "-id"], name="entries_by_chain"),
            models.Index(
                fields=["owner", "-at", "-id"],
                condition=~models.Q(chain=models.F("owner")),
                name="entries_by_others",
            ),
            models.Index(fields=["client", "-at", "-id"], name="entries_by_client"),
            models.Index(
                fields=["chain", "-at", "-id"],
                condition=models.Q(action="access.refused"),
                name="entries_of_refusals",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"

    def link(self) -> Link:
        """Return the entry as the verifier reads it."""
        return Link(**{name: getattr(self, name) for name in Link.__slots__})


class ChainHead(models.Model):
    """Where an organization's chain ends; its row is locked while an entry is added."""

    chain = models.UUIDField(primary_key=True)
    takes_unknown = models.BooleanField(default=False)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=BEGINNING)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["takes_unknown"],
                condition=models.Q(takes_unknown=True),
                name="one_chain_takes_what_unknown_people_do",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"


class DataKey(models.Model):
    """An organization's data key, wrapped by the master key named beside it; empty once it was destroyed."""

    organization_id = models.UUIDField(primary_key=True)
    master_key = models.CharField(max_length=64, blank=True)
    wrapped = models.BinaryField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) & ~models.Q(master_key="") & ~models.Q(wrapped=b"")
                | models.Q(erased_at__isnull=False, master_key="", wrapped=b""),
                name="an_erased_key_is_empty_and_no_other",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization_id)


class Notice(models.Model):
    """A message that waits to be sent: to whom, of what kind, and where its link leads. No client data."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    recipient = models.UUIDField()
    kind = models.CharField(max_length=80)
    path = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "path"],
                condition=models.Q(sent_at__isnull=True),
                name="a_person_is_told_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["created_at"], condition=models.Q(sent_at__isnull=True), name="notices_that_wait"
            ),
        ]

    def __str__(self) -> str:
        return self.kind
