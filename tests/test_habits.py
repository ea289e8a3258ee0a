"""What a newcomer looks for in a project is there, and says what is so: checks, workflow, forms, versions."""
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LAUNCHER = (ROOT / "course.py").read_text(encoding="utf-8")


def finds_nothing(*words):
    """What a checker says where it finds something; "" where it doesn't."""
    done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""


def test_ruff_finds_nothing():
    assert finds_nothing("ruff", "check", "--quiet", "--output-format", "concise") == ""


@pytest.mark.slow
def test_mypy_finds_nothing():
    assert finds_nothing("mypy") == ""


# --- workflow and hooks --------------------------------------------------------

def read_yaml(path):
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def launcher_commands():
    return set(re.findall(r'^    "(\w+)": \[', LAUNCHER, re.MULTILINE))


WORKFLOW = read_yaml(".github/workflows/tests.yml")
STEPS = [step for workflow in (WORKFLOW, read_yaml(".github/workflows/site.yml"))
         for job in workflow["jobs"].values() for step in job["steps"]]
HOOKS = [hook for repository in read_yaml(".pre-commit-config.yaml")["repos"] for hook in repository["hooks"]]
COMMANDS = [step["run"] for step in STEPS if "run" in step] + [hook["entry"] for hook in HOOKS]


@pytest.mark.parametrize("command", COMMANDS)
def test_what_the_workflow_and_the_hooks_run_is_there(command):
    program, *words = shlex.split(command)
    assert program in ("python", "bash", "sudo", "pipx")
    if program == "python":
        assert words[0] == "course.py" and words[1] in launcher_commands()
    if program in ("python", "bash"):
        assert all((ROOT / word).exists() for word in words if "/" in word or "." in word)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_chooses_the_test_of_its_name(hook):
    assert shlex.split(hook["entry"])[-2:] == ["-k", hook["id"]] and f"test_{hook['id']}_finds_nothing" in globals()


def test_the_workflow_has_every_python_that_the_course_is_for():
    oldest, newest = (int(minor) for minor in re.search(r"Python 3\.(\d+) to 3\.(\d+)", LAUNCHER).groups())
    assert PROJECT["requires-python"] == f">=3.{oldest}"
    assert WORKFLOW["jobs"]["quick"]["strategy"]["matrix"] == {
        "system": ["ubuntu-latest", "macos-latest", "windows-latest"],
        "python": [f"3.{minor}" for minor in range(oldest, newest + 1)]}


def test_the_workflow_may_read_and_nothing_else():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert not [job for job in WORKFLOW["jobs"].values() if "permissions" in job]
    assert "secrets" not in (ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("step", [step for step in STEPS if "uses" in step], ids=lambda step: step["uses"])
def test_an_action_is_githubs_own_and_pinned(step):
    assert re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"])


# --- what people find -----------------------------------------------------------

FORMS = sorted(path.name for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("[0-9]*.yml"))


@pytest.mark.parametrize("form", FORMS)
def test_an_issue_form_has_what_github_asks_for(form):
    """GitHub shows a form that it cannot read to nobody, and says so to nobody either."""
    form = read_yaml(f".github/ISSUE_TEMPLATE/{form}")
    assert form.keys() <= {"name", "description", "labels", "body"} and form["name"] and form["description"]
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    assert asked and len({part["id"] for part in asked}) == len(asked)
    assert all(part["attributes"]["label"] for part in asked)


def test_who_found_a_way_to_cheat_is_shown_to_the_security_policy():
    links = read_yaml(".github/ISSUE_TEMPLATE/config.yml")["contact_links"]
    assert [link["url"] for link in links] == ["https://github.com/OWNER/REPO/security/policy"]
    assert (ROOT / "SECURITY.md").is_file()


def test_the_version_is_the_same_wherever_it_stands():
    assert read_yaml("CITATION.cff")["version"] == PROJECT["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", changelog, re.MULTILINE)[:2] == ["Unreleased", PROJECT["version"]]


def test_the_licences_are_the_same_wherever_they_stand():
    assert " AND ".join(read_yaml("CITATION.cff")["license"]) == PROJECT["license"]
