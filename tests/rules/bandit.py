"""bandit over the product and its tools: every finding counts, but those looked into, each by its place."""

import json
import subprocess
import sys
from dataclasses import dataclass

from tests.rules.sources import PACKAGES, ROOT, TOOLS

NOTHING_FOUND, SOMETHING_FOUND = 0, 1


@dataclass(frozen=True, slots=True)
class Looked:
    """A finding that was looked into: which test, in which module, at which words of the line, and why."""

    test: str
    module: str
    words: str
    why: str


OWN_PROGRAM = "PostgreSQL's own programs are run by their paths, without a shell"
OWN_PYTHON = "this Python, with words of our own and without a shell"
IMPORTED = "the module starts programs, which the rule B603 looks at one by one"
FORM = "the dotted name of a form, under a key that says password"

LOOKED_INTO = (
    Looked("B404", "bench/peer/process.py", "import subprocess", IMPORTED),
    Looked("B404", "config/demo/command.py", "import subprocess", IMPORTED),
    Looked("B404", "config/local_postgres/account.py", "import subprocess", IMPORTED),
    Looked("B404", "config/local_postgres/cluster.py", "import subprocess", IMPORTED),
    Looked("B404", "config/local_postgres/programs.py", "import subprocess", IMPORTED),
    Looked("B404", "config/local_postgres/server.py", "import subprocess", IMPORTED),
    Looked("B404", "config/local_postgres/shared.py", "import subprocess", IMPORTED),
    Looked("B404", "scan/__main__.py", "import subprocess", IMPORTED),
    Looked("B404", "scan/site.py", "import subprocess", IMPORTED),
    Looked("B404", "screening/verification/running.py", "import subprocess", IMPORTED),
    Looked(
        "B603",
        "bench/peer/process.py",
        "subprocess.Popen(",
        "the Python that whoever measures names, without a shell",
    ),
    Looked("B603", "config/local_postgres/account.py", "subprocess.Popen(", OWN_PROGRAM),
    Looked("B603", "config/local_postgres/programs.py", "subprocess.run(", OWN_PROGRAM),
    Looked(
        "B603", "config/local_postgres/server.py", "subprocess.run(", "ps by its full path, for one number"
    ),
    Looked(
        "B603", "config/local_postgres/shared.py", "subprocess.Popen(", "this Python, with words of our own"
    ),
    Looked("B603", "config/demo/command.py", "subprocess.Popen(", OWN_PYTHON),
    Looked("B603", "scan/__main__.py", "subprocess.Popen(", "wapiti, without a shell, at a site of ours"),
    Looked("B603", "scan/site.py", "subprocess.Popen(", OWN_PYTHON),
    Looked("B603", "screening/verification/running.py", "subprocess.Popen(", OWN_PYTHON),
    Looked("B310", "config/demo/command.py", "/healthz/ready", "our own server, by an http:// address"),
    Looked("B105", "config/settings.py", "accounts.forms.sign_in.ChangePassword", FORM),
    Looked("B105", "config/settings.py", "accounts.forms.sign_in.AskForReset", FORM),
    Looked("B105", "config/settings.py", "accounts.forms.sign_in.NewPassword", FORM),
    Looked("B608", "referrals/migrations/0002_walls.py", "SELECT", "literals of one migration, joined"),
    Looked("B608", "referrals/migrations/0003_recall.py", "SELECT", "literals of one migration, joined"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What bandit found, with the lines it shows."""

    test: str
    module: str
    line: int
    lines: str
    says: str


def run(*targets: str) -> list[Found]:
    """Return all that bandit finds, low severity and low confidence too."""
    command = [sys.executable, "-m", "bandit", "-q", "-r", "-f", "json", *targets]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in {NOTHING_FOUND, SOMETHING_FOUND}:
        raise RuntimeError(done.stderr)
    report = json.loads(done.stdout)
    if report["errors"]:
        raise RuntimeError(report["errors"])
    return [
        Found(
            each["test_id"],
            each["filename"].removeprefix("./"),
            each["line_number"],
            each["code"],
            each["issue_text"],
        )
        for each in report["results"]
    ]


def is_meant(looked: Looked, found: Found) -> bool:
    """Return whether this finding is the one that was looked into."""
    return (looked.test, looked.module) == (found.test, found.module) and looked.words in found.lines


def problems(found: list[Found]) -> list[str]:
    """Return what nobody looked into, and what was looked into and isn't there any more."""
    new = [
        f"{each.module}:{each.line}: {each.test}: {each.says}"
        for each in found
        if not any(is_meant(looked, each) for looked in LOOKED_INTO)
    ]
    gone = [
        f"{looked.module}: {looked.test}: {looked.words} is not found any more"
        for looked in LOOKED_INTO
        if not any(is_meant(looked, each) for each in found)
    ]
    return new + gone


if __name__ == "__main__":
    told = problems(run(*PACKAGES, *TOOLS, "manage.py"))
    sys.stdout.write("".join(f"{line}\n" for line in told) or "bandit: nothing that was not looked into\n")
    sys.exit(SOMETHING_FOUND if told else NOTHING_FOUND)
