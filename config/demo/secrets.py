"""The demonstration's own secrets: made once, kept in its data folder for the account that runs it."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from config.local_postgres import Problem


@dataclass(frozen=True, slots=True)
class Secrets:
    """What production reads from its environment."""

    secret_key: str
    master_keys: str


def kept_in(data: Path) -> Secrets:
    """Return the folder's secrets; make them the first time, readable by their owner alone.

    Where there is data already, new keys would open none of it, and stand in the way of the old ones.
    """
    file = data / "secrets.json"
    data.mkdir(parents=True, exist_ok=True)
    if (data / "cluster").exists() and not file.exists():
        raise Problem(
            f"{file} is missing, and with it the keys of the data beside it. Nothing was overwritten: put "
            "the file back, or run make clean to begin anew."
        )
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            json.dump(asdict(_made()), new)
    except FileExistsError:
        pass
    try:
        return Secrets(**json.loads(file.read_text()))
    except (OSError, ValueError, TypeError):
        raise Problem(
            f"{file} can't be read. Without its keys the data stays sealed: run make clean."
        ) from None


def _made() -> Secrets:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return Secrets(secret_key=secrets.token_urlsafe(50), master_keys=f"demo:{key}")
