"""`make scan`: starts a demonstration, lets wapiti attack it as each of the three, tells what it found."""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from scan import checking, findings, modules
from scan.site import ENDS_THE_SESSION, HOST, Stopped, Visitor, demonstration

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "scan"
PERSONS = {"therapist": "Rowan Ellis", "provider": "Ines Calder", "admin": "Priya Natarajan"}
# The admin last: their forms may close accounts that the others need.
MINUTES = 10
# Where the product sends whoever isn't signed in: wapiti would tell that it attacks this page.
SIGNED_OUT = "/account/login/?next="
SECONDS_TO_REPORT = 60


def main(words: list[str]) -> int:
    """Scan; 0 where nothing counts, 1 where something does or the scan couldn't be made."""
    options = _options(words)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return _scan(options.wapiti, options.minutes, options.persons)
    except Stopped as stopped:
        sys.stderr.write(f"{stopped}\n")
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped before its end: nothing is proved.\n")
    return 1


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scan", description=__doc__)
    parser.add_argument("--wapiti", required=True, help="wapiti's program")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="at most so many a person")
    parser.add_argument("persons", nargs="*", metavar="PERSON", help=", ".join(PERSONS))
    options = parser.parse_args(words)
    options.persons = options.persons or list(PERSONS)
    if unknown := set(options.persons) - PERSONS.keys():
        parser.error(f"nobody is called {', '.join(sorted(unknown))}")
    return options


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _scan(wapiti: str, minutes: float, persons: Sequence[str]) -> int:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    found: dict[str, list[findings.Finding]] = {}
    pages: dict[str, int] = {}
    with demonstration(ROOT, OUT) as port:
        for person in persons:
            began = time.monotonic()
            pages[person], found[person] = _scan_as(person, port, wapiti, minutes)
            took, log = time.monotonic() - began, OUT / f"{person}.log"
            _say(f"{person}: {took:.0f} s, build/scan/{person}.json; {_stopped(log)}")
    _say("\n" + findings.table(found, pages))
    for person in found:
        for each in found[person]:
            if each.refuted:
                _say(f"{person}: looked into: {each.kind}: {each.method} {each.path}: {each.refuted}")
    counting = [(person, each) for person in found for each in findings.that_count(found[person])]
    for person, each in counting:
        _say(f"{person}: {findings.LEVELS[each.level]}: {each.kind}: {each.method} {each.path}: {each.says}")
    return 1 if counting else 0


def _stopped(log: Path) -> str:
    modules_stopped = findings.cut_short(log)
    return f"out of time: {', '.join(modules_stopped)}" if modules_stopped else "every module came to its end"


def _scan_as(person: str, port: int, wapiti: str, minutes: float) -> tuple[int, list[findings.Finding]]:
    visitor = Visitor(port)
    visitor.sign_in_as(PERSONS[person])
    addresses = visitor.walk()
    report = OUT / f"{person}.json"
    _run(_command(wapiti, visitor, addresses, report, minutes), OUT / f"{person}.log", minutes)
    if not report.exists():
        raise Stopped(f"wapiti left no report for {person}: see build/scan/{person}.log.")
    if SIGNED_OUT in report.with_suffix(".log").read_text(errors="replace"):
        raise Stopped(f"wapiti was not signed in as the {person}: what it saw proves nothing.")
    if not visitor.is_signed_in():
        raise Stopped(f"The scan ended the session of the {person} on its way: what followed proves nothing.")
    return len(addresses), [checking.checked(visitor, each) for each in findings.read(report)]


def _command(
    wapiti: str, visitor: Visitor, addresses: Sequence[str], report: Path, minutes: float
) -> list[str]:
    """Return wapiti's command line: these addresses, what is linked from them, and the forms on them."""
    base = f"http://{HOST}:{visitor.port}"
    seconds = minutes * 60
    words = [wapiti, "--url", f"{base}/", "--scope", "folder", "--depth", "1"]
    words += ["--module", ",".join(modules.CHOSEN), "--format", "json", "--output", str(report)]
    words += ["--cookie-value", visitor.cookie, "--flush-session", "--no-bugreport"]
    words += ["--store-session", str(OUT / "kept"), "--max-scan-time", f"{seconds:.0f}"]
    words += ["--max-attack-time", f"{seconds / (len(modules.CHOSEN) + 2):.0f}", "--verbose", "1"]
    # The form's own token has to stay as it is: a form that is refused for it tells nothing of its fields.
    words += ["--skip", "csrfmiddlewaretoken"]
    for address in addresses:
        words += ["--start", base + address]
    for address in (*ENDS_THE_SESSION, "/static/"):
        words += ["--exclude", f"{base}{address}*"]
    return words


def _run(command: Sequence[str], log: Path, minutes: float) -> None:
    """Run wapiti with a home of its own; past its time it is ended, and with it the scan."""
    home = OUT / "home"
    home.mkdir(exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=os.environ | {"HOME": str(home)},
            start_new_session=True,
        )
        try:
            process.wait(timeout=minutes * 60 + SECONDS_TO_REPORT)
        except subprocess.TimeoutExpired:
            raise Stopped(f"wapiti went on past its time: see {log}.") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
