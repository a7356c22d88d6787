"""What a query may do with an encrypted column: fetch it, and ask whether it is empty. All else raises."""

from typing import Any, cast

from django.core.exceptions import FieldError
from django.db.models.expressions import Col
from django.db.models.lookups import IsNull


class EncryptedColumn(FieldError, TypeError):
    """A query tried to read meaning from ciphertext, or to write it without its row."""


class SealedCol(Col):
    """An encrypted column in a query. It can stand among what is fetched, and in no expression."""

    @property
    def contains_aggregate(self) -> bool:
        """Refuse: this is asked of the parts of an expression, never of a column that is fetched."""
        raise EncryptedColumn(f"{self.target.name} is encrypted: no expression can be made of it.")

    def get_refs(self) -> set[str]:
        """Refuse likewise: this is asked of the parts of an aggregate."""
        raise EncryptedColumn(f"{self.target.name} is encrypted: it can't be aggregated.")

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return the column while the list of what is fetched is made; ORDER BY and GROUP BY come later."""
        if compiler.select is not None:
            raise EncryptedColumn(f"{self.target.name} is encrypted: rows can't be sorted or grouped by it.")
        return self.plain_sql(compiler, connection)

    def plain_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return the column."""
        return cast("tuple[str, list[Any]]", super().as_sql(compiler, connection))


class SealedIsNull(IsNull):
    """Whether an encrypted column is empty: the one thing that can be asked of it."""

    contains_aggregate = False
    contains_over_clause = False

    def get_refs(self) -> set[str]:
        """Say that it refers to no annotation."""
        return set()

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return the condition."""
        column, values = self.lhs.plain_sql(compiler, connection)
        return f"{column} IS {'NULL' if self.rhs else 'NOT NULL'}", values
