"""Encrypted fields: each value is sealed to its table, column, row and organization, and opens on use."""

import hashlib
import hmac
import json
import os
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Never, cast
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext as _

from privacy import keys
from privacy.sealed_columns import EncryptedColumn, SealedCol, SealedIsNull

if TYPE_CHECKING:
    FieldBase = models.Field[Any, Any]
else:
    FieldBase = models.Field

# The first byte names how a value was sealed, so that another way can be told apart later.
VERSION = b"\x01"


class SealBroken(Exception):
    """A value does not open: it was moved or changed, or the key is not the one that sealed it."""


class Erased:
    """Marks what stands for a value whose key was destroyed: it reads as a word, and is never written."""


class ErasedText(Erased, str):
    """An erased text."""


class ErasedDocument(Erased, dict[str, Any]):
    """An erased document: empty, and each of its parts that is asked for by name is an erased text."""

    def __missing__(self, name: str) -> ErasedText:
        return erased_text()


def erased_text() -> ErasedText:
    """Return what a reader sees in the place of an erased text."""
    return ErasedText(_("[erased]"))


@dataclass(frozen=True, slots=True)
class Binding:
    """The place a value belongs to; anywhere else it does not open."""

    table: str
    column: str
    row: UUID
    organization: UUID

    def as_bytes(self) -> bytes:
        """Return the place as the data that the cipher authenticates."""
        return f"{self.table}|{self.column}|{self.row}|{self.organization}".encode()

    def seal(self, plain: bytes) -> bytes:
        """Return the sealed value: a version byte, a random nonce, the ciphertext and its tag."""
        nonce = os.urandom(keys.NONCE_BYTES)
        cipher = keys.of(self.organization).cipher
        return VERSION + nonce + cipher.encrypt(nonce, plain, self.as_bytes())

    def open(self, sealed: bytes) -> bytes:
        """Return the plain value, or raise SealBroken."""
        return _open(sealed, self.as_bytes(), self.organization)


def _open(sealed: bytes, place: bytes, organization: UUID) -> bytes:
    """Return what was sealed at a place, or raise SealBroken; `place` is a binding's bytes."""
    nonce, body = sealed[1 : 1 + keys.NONCE_BYTES], sealed[1 + keys.NONCE_BYTES :]
    if sealed[:1] != VERSION or len(body) < 16:
        table, column, _rest = place.decode().split("|", 2)
        raise SealBroken(f"{table}.{column} holds something that was never sealed here.")
    try:
        return keys.of(organization).cipher.decrypt(nonce, body, place)
    except InvalidTag:
        table, column, row, _organization = place.decode().split("|")
        raise SealBroken(
            f"{table}.{column} of row {row} does not open with its organization's key."
        ) from None


class Sealed:
    """A value as it stands in the database, on its way in or out. It says nothing about its content."""

    __slots__ = ("data",)

    def __init__(self, data: bytes | None) -> None:
        self.data = data

    def __repr__(self) -> str:
        return "<sealed>"

    def __str__(self) -> Never:
        raise EncryptedColumn("An encrypted value is read through its row, not through values().")


class Opened:
    """A value that was opened: the plain value, the bytes it came from, the ciphertext and its place."""

    __slots__ = ("binding", "plain", "sealed", "value")

    def __init__(self, value: Any, plain: bytes, sealed: bytes, binding: Binding) -> None:
        self.value = value
        self.plain = plain
        self.sealed = sealed
        self.binding = binding

    def __repr__(self) -> str:
        return "<opened>"


class SealedAttribute(DeferredAttribute):
    """The attribute of an encrypted field: opens on first use, and keeps what is set as it is."""

    field: "EncryptedField"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        state = instance.__dict__
        name = self.field.attname
        if name not in state:
            state[name] = self.field.load(instance)
        held = state[name]
        if isinstance(held, Sealed):
            held = state[name] = self.field.opened(instance, held)
        return held.value if isinstance(held, Opened) else held

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = None if _is_empty(value) else value


def _is_empty(value: Any) -> bool:
    return isinstance(value, Sealed) and value.data is None


class EncryptedField(FieldBase):
    """What encrypted text and encrypted JSON share. NULL stays NULL; everything else is ciphertext."""

    descriptor_class = SealedAttribute
    empty_strings_allowed = False

    def dumps(self, value: Any) -> bytes:
        """Return a plain value as bytes."""
        raise NotImplementedError

    def loads(self, plain: bytes) -> Any:
        """Return the plain value that `dumps` made these bytes of."""
        raise NotImplementedError

    def erased(self) -> Erased:
        """Return what stands for a value whose key was destroyed."""
        raise NotImplementedError

    # ---- the column

    def db_type(self, connection: Any) -> str:
        """Every encrypted column is bytes."""
        return "bytea"

    def from_db_value(self, value: Any, expression: object, connection: object) -> Sealed | None:
        """Carry the ciphertext as it is: which row it belongs to isn't known here."""
        return None if value is None else Sealed(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Let through only what `pre_save` sealed; update() and filters bring plain values."""
        if isinstance(value, Sealed):
            return connection.Database.Binary(value.data) if value.data is not None else None
        raise EncryptedColumn(
            f"{self.name} is encrypted: it is written by save() or bulk_create(), one row at a time, "
            "and never by update() or bulk_update()."
        )

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Let no expression into the column: update(name=F("other")) would write what is not sealed."""
        if hasattr(value, "resolve_expression"):
            raise EncryptedColumn(f"{self.name} is encrypted: no expression can be written to it.")
        return "%s"

    def get_col(self, alias: str | None, output_field: Any = None) -> SealedCol:
        """Return the column as a query may use it."""
        return SealedCol(cast("str", alias), self, output_field or self)

    def select_format(self, compiler: Any, sql: str, params: Any) -> Any:
        """Fetch the column; two equal texts have two ciphertexts, so rows can't be told apart by it."""
        query = compiler.query
        if self.name in query.distinct_fields or (query.distinct and query.values_select):
            raise EncryptedColumn(f"{self.name} is encrypted: it makes no row distinct.")
        return super().select_format(compiler, sql, params)

    def get_lookup(self, lookup_name: str) -> Any:
        """Ciphertext can be missing or not; nothing else can be asked of it."""
        if lookup_name == "isnull":
            return SealedIsNull
        raise EncryptedColumn(f"{self.name} is encrypted: it can't be filtered. Use a blind index.")

    def get_transform(self, lookup_name: str) -> Any:
        """Refuse: there is nothing to look into."""
        raise EncryptedColumn(f"{self.name} is encrypted: {lookup_name} can't be asked of it.")

    # ---- the value of a row

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed:
        """Seal the value for its row; an unchanged one keeps its ciphertext, once that has opened here.

        JSON that was changed in place counts as changed: it is compared with the bytes it was opened from.
        """
        state = model_instance.__dict__
        held = state.get(self.attname)
        if isinstance(held, Sealed):
            held = state[self.attname] = self.opened(model_instance, held)
        if held is None:
            return Sealed(None)
        binding = self.binding(model_instance)
        if isinstance(held, Opened) and isinstance(held.value, Erased):
            return Sealed(held.sealed)
        if isinstance(held, Opened):
            plain = self.dumps(held.value)
            if held.binding == binding and plain == held.plain:
                return Sealed(held.sealed)
            value = held.value
        else:
            if isinstance(held, Erased):
                raise SealBroken(f"{self.name} would be filled with what stands for an erased value.")
            value, plain = held, self.dumps(held)
        sealed = binding.seal(plain)
        state[self.attname] = Opened(value, plain, sealed, binding)
        return Sealed(sealed)

    def opened(self, instance: models.Model, held: Sealed) -> Opened | None:
        """Open what the row holds, for its own place."""
        if held.data is None:
            return None
        binding = self.binding(instance)
        try:
            plain = binding.open(held.data)
        except keys.KeyErased:
            return Opened(self.erased(), b"", held.data, binding)
        return Opened(self.loads(plain), plain, held.data, binding)

    def load(self, instance: models.Model) -> Sealed | None:
        """Fetch a deferred value: its row is known already, so nothing else of it is read again."""
        rows = type(instance)._base_manager.using(instance._state.db).filter(pk=instance.pk)
        return cast("Sealed | None", rows.values_list(self.attname, flat=True).get())

    def binding(self, instance: models.Model) -> Binding:
        """Return the place that this row's value belongs to."""
        organization = cast("UUID | None", getattr(instance, "organization_id", None))
        if instance.pk is None or organization is None:
            raise EncryptedColumn(f"{self.name} is sealed once its row has an id and an organization.")
        return Binding(self.model._meta.db_table, cast("str", self.column), instance.pk, organization)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Say at start when a model lacks what sealing needs."""
        return [*super().check(**kwargs), *self._check_model()]

    def _check_model(self) -> Sequence[checks.CheckMessage]:
        fields = {field.attname: field for field in self.model._meta.concrete_fields}
        primary_key = self.model._meta.pk
        if "organization_id" not in fields:
            missing = "An encrypted field's model needs organization_id: its key seals the value."
            return [checks.Error(missing, obj=self, id="privacy.E001")]
        if not isinstance(primary_key, models.UUIDField) or not primary_key.has_default():
            wrong = "An encrypted field's model needs a UUID made in Python as its primary key."
            return [checks.Error(wrong, obj=self, id="privacy.E002")]
        return []


class EncryptedTextField(EncryptedField):
    """Text that only its organization's key opens."""

    _pyi_private_set_type: str
    _pyi_private_get_type: str

    def dumps(self, value: Any) -> bytes:
        """Return the text as UTF-8."""
        if not isinstance(value, str):
            raise TypeError(f"{self.name} takes text, not {type(value).__name__}.")
        return value.encode()

    def loads(self, plain: bytes) -> str:
        """Return the text."""
        return plain.decode()

    def erased(self) -> ErasedText:
        """Return the word that says so."""
        return erased_text()

    def to_python(self, value: Any) -> Any:
        """Return a form's value as text."""
        return value if value is None or isinstance(value, str | Sealed) else str(value)


class EncryptedJSONField(EncryptedField):
    """A JSON document that only its organization's key opens. The order of its keys is kept."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def dumps(self, value: Any) -> bytes:
        """Return the document as JSON."""
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()

    def loads(self, plain: bytes) -> Any:
        """Return the document."""
        return json.loads(plain)

    def erased(self) -> ErasedDocument:
        """Return a document that says so wherever it is read."""
        return ErasedDocument()


def opener(model: type[models.Model], name: str, organization: UUID) -> Callable[[UUID, Sealed | None], Any]:
    """Return what opens a column's values of one organization by their row's id, as values_list() gives them.

    For lists that read a name in thousands of rows and show few of them: no row is made.
    """
    column = model._meta.get_field(name)
    if not isinstance(column, EncryptedField):
        raise EncryptedColumn(f"{name} is not encrypted: there is nothing to open.")
    before, after = f"{model._meta.db_table}|{column.column}|", f"|{organization}"

    def opened(row: UUID, held: Sealed | None) -> Any:
        if held is None or held.data is None:
            return None
        try:
            return column.loads(_open(held.data, f"{before}{row}{after}".encode(), organization))
        except keys.KeyErased:
            return column.erased()

    return opened


def blind_index(organization_id: UUID, purpose: str, text: str) -> bytes:
    """Return 32 bytes by which equal texts of one organization and purpose are found without reading them.

    Upper and lower case, the width of letters, and the number of spaces make no difference.
    """
    normal = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    message = f"{purpose}\0{normal}".encode()
    return hmac.digest(keys.of(organization_id).index_secret, message, hashlib.sha256)
