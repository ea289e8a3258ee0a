"""One class graded by three programs in one run: ours, plain nbgrader, otter-grader. Seconds, ratios, scores.

    PYTHONPATH=tests/support python benchmarks/grade_a_class.py
        [--students 200] [--otter PYTHON] [--growth 200 500 1000 2000]

The class is that of tests/submissions/, repeated: each repetition has its own student and small changes that
keep its score (a comment, a local name, a blank line, a text cell), so that no two notebooks are equal.

(a) `optimlab grade adam`: the gradebook, and also feedback, the table and whatever else it makes;
(b) `nbgrader autograde adam` as nbgrader comes, without the course's own steps: the gradebook alone;
(c) `otter run` for each submission, as many at once as there are cores. Its tests are the ten criteria, in place
    of nbgrader's test cells. Of every tenth submission (--otter-every): the figure per submission is theirs.

All three run on the same cores (--cores 2, Linux), one after the other, on a class whose assignment is released
before the clock starts. otter-grader has no limit of time, so it gets none of the submissions that never end.
Compared are the scores that each gives, criterion by criterion; those that differ are listed with what the grader of
(b) or (c) saw. Twelve nbgrader minutes for 200 students; --nbgrader-sample K takes K of them, and multiplies.

--growth grades such classes with (a) alone and prints the time per submission and the memory of the trusted side:
the largest sum of the proportional set sizes of all its processes outside the sandboxes, which counts memory that
several share once (/proc/PID/smaps_rollup, Linux).

`optimlab grade` always makes the feedback pages, which nbgrader leaves to another command. What it would take without
them is worked out: the pages are made once more in a process of their own, and its processor time, spread over the
cores, is taken off.

otter-grader is not in the lock and needs an environment of its own:

    python -m venv OTTER && OTTER/bin/pip install otter-grader==7.0.0 -e . -c requirements.txt
    PYTHONPATH=tests/support python benchmarks/grade_a_class.py --otter OTTER/bin/python
"""

import argparse
import ast
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import class_of_submissions
import nbformat
import psutil  # comes with Jupyter's kernel
from class_of_submissions import Cell
from grading_runs import ASSIGNMENT, RELEASED, SUBMISSIONS
from nbgrader.api import Gradebook

from optimlab.classroom.grading.notebooks import criterion_of
from optimlab.classroom.pages.feedback import Feedback
from optimlab.tutor import ASSIGNMENTS

ROOT = Path(__file__).resolve().parents[1]

PLAIN_CONFIG = """c = get_config()
c.CourseDirectory.course_id = "plain"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
"""
OTTER_TEST = """from otter.test_files import test_case

OK_FORMAT = False
name = "{name}"
points = {points}


@test_case(points={points})
def test(env):
    from optimlab.tutor import require
    require("{id}", env["{function}"])
"""
ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
Scores = dict[str, dict[str, float]]  # student -> test cell -> points


class Graded(NamedTuple):
    """What one program did with its part of the class; `said`: why a test cell gave no points, where it says so."""

    seconds: float
    scores: Scores
    said: dict[tuple[str, str], str]
    megabytes: float = 0.0


# ---------------------------------------------------------------- the class

def write_class(folder: Path, students: int) -> list[str]:
    """Write folder/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb for so many students; their names."""
    repeated = (divmod(number, len(SUBMISSIONS)) for number in range(students))
    submissions = [changed(SUBMISSIONS[one], repetition + 1) for repetition, one in repeated]
    class_of_submissions.write_class(folder, submissions, RELEASED, ASSIGNMENT)
    return [submission.name for submission in submissions]


def changed(submission, repetition: int):
    """The same answers by another student, in other words."""
    name = f"{submission.name}-{repetition}"
    cells = [cell if cell.kind in ("markdown", "deleted") else
             cell._replace(source=f"{renamed(cell.source, repetition)}\n\n# {name}") for cell in submission.cells]
    note = Cell("markdown", "after", ASSIGNMENTS[ASSIGNMENT][0].name, f"Notes of {name}.")
    return submission._replace(name=name, cells=(*cells, note))


def renamed(source: str, repetition: int) -> str:
    """The source with one local variable under another name; as it is where it has none, or is no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    stored = {n.id for f in functions for n in ast.walk(f) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    # Names that are something else elsewhere: arguments, keywords, globals, functions, imports.
    taken = {text for node in ast.walk(tree) for text in (
        getattr(node, "arg", None), getattr(node, "name", None), getattr(node, "asname", None),
        *getattr(node, "names", ())) if isinstance(text, str)}
    taken |= {n.id for statement in tree.body if statement not in functions for n in ast.walk(statement)
              if isinstance(n, ast.Name)}
    free = sorted(stored - taken)
    if not free or re.search(r"\b(eval|exec|locals|globals|vars)\b", source):
        return source
    chosen = free[repetition % len(free)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == chosen:
            node.id = f"{chosen}_{repetition}"
    return ast.unparse(tree)


def original(student: str) -> str:
    """The submission that a student's is a repetition of."""
    return student.rpartition("-")[0]


# ---------------------------------------------------------------- the three programs

def with_optimlab(course: Path, students: list[str], handed_in: Path) -> Graded:
    """`optimlab grade adam` in a new course."""
    new_course(course, students, handed_in)
    shutil.copy(ROOT / "nbgrader_config.py", course)
    run([sys.executable, "-m", "optimlab", "release", ASSIGNMENT], course)
    seconds, megabytes = run([sys.executable, "-m", "optimlab", "grade", ASSIGNMENT], course, watch=True)
    return Graded(seconds, gradebook_scores(course), {}, megabytes)


def pages_alone(course: Path, students: list[str]) -> float:
    """The processor's seconds for the feedback pages of a graded course, in this process."""
    feedback = Feedback(f"sqlite:///{course / 'gradebook.db'}")
    began = time.process_time()
    for student in students:
        record = json.loads((course / ".optimlab" / ASSIGNMENT / student / f"{ASSIGNMENT}.json").read_text())
        feedback.page(course / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", student, ASSIGNMENT,
                      ASSIGNMENT, record["exercises"])
    seconds = time.process_time() - began
    feedback.close()
    return seconds


def with_nbgrader(course: Path, students: list[str], handed_in: Path) -> Graded:
    """`nbgrader autograde adam` in a new course with nbgrader's own settings."""
    new_course(course, students, handed_in)
    (course / "nbgrader_config.py").write_text(PLAIN_CONFIG)
    run([sys.executable, "-m", "nbgrader", "generate_assignment", ASSIGNMENT, "--force"], course)
    # It ends with an error where a single submission could not be graded; that one has no score then.
    seconds, _ = run([sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT], course, check=False)
    said = {}
    for path in course.glob(f"autograded/*/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", ()):
                if criterion_of(cell) and output.output_type in ("error", "stream"):
                    text = output.get("evalue") or output.get("text", "")
                    said[path.parts[-3], cell.metadata.nbgrader.grade_id] = " ".join(text.split())
    return Graded(seconds, gradebook_scores(course), said)


def with_otter(python: Path, folder: Path, students: list[str], handed_in: Path, cores: int) -> Graded:
    """`otter run` for each of the students, `cores` at a time."""
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for exercise in ASSIGNMENTS[ASSIGNMENT]:
        for c in exercise.criteria:
            name = c.id.replace(".", "-")
            (tests / f"{name}.py").write_text(
                OTTER_TEST.format(name=name, points=c.points, id=c.id, function=exercise.name))
    otter = [str(python), "-m", "otter"]
    run([*otter, "generate", "-t", str(tests), "--no-config", "--no-requirements", "--no-environment"], folder)
    for student in students:
        nb = nbformat.read(handed_in / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
        nb.cells = [cell for cell in nb.cells if criterion_of(cell) is None]
        (folder / student).mkdir()
        nbformat.write(nb, folder / student / f"{ASSIGNMENT}.ipynb")

    def grade(student: str) -> None:
        run([*otter, "run", "-a", "autograder.zip", "-o", student, "--no-logo", f"{student}/{ASSIGNMENT}.ipynb"],
            folder, check=False)

    began = time.perf_counter()
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(grade, students))
    seconds = time.perf_counter() - began
    scores, said = {}, {}
    for student in students:
        results = folder / student / "results.json"
        for test in json.loads(results.read_text())["tests"] if results.is_file() else ():
            if test.get("max_score"):
                scores.setdefault(student, {})[test["name"]] = test["score"]
                said[student, test["name"]] = " ".join(test["output"].split("\n")[-1].split())
    return Graded(seconds, scores, said)


def new_course(course: Path, students: list[str], handed_in: Path) -> None:
    """A folder with the assignment's source and the students' notebooks."""
    shutil.copytree(ROOT / "solutions" / ASSIGNMENT, course / "solutions" / ASSIGNMENT)
    for student in students:
        shutil.copytree(handed_in / student, course / "submitted" / student)


def gradebook_scores(course: Path) -> Scores:
    """The points of every test cell of every student."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {s.student.id: {g.name: g.auto_score for n in s.notebooks for g in n.grades if g.max_score}
                for s in gradebook.assignment_submissions(ASSIGNMENT)}


def run(command: list[str], folder: Path, check: bool = True, watch: bool = False) -> tuple[float, float]:
    """Run a command; its seconds and, where watched, the peak of its memory in MB. Its messages show where it fails."""
    peak = 0.0
    with tempfile.TemporaryFile("w+") as messages:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                                   stdout=messages, stderr=subprocess.STDOUT)
        while watch and process.poll() is None:
            peak = max(peak, outside_sandboxes(process.pid))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1.0)
        status = process.wait()
        seconds = time.perf_counter() - began
        if check and status:
            messages.seek(0)
            sys.exit(f"{messages.read()}\n{' '.join(command)} ended with {status}")
    return seconds, peak


def outside_sandboxes(pid: int) -> float:
    """The proportional set size, in MB, of a process and all below it, without bubblewrap and what runs inside it."""
    children = defaultdict(list)
    for process in psutil.process_iter(["pid", "ppid", "name"]):
        if process.info["name"] != "bwrap":
            children[process.info["ppid"]].append(process.pid)
    total, below = 0.0, [pid]
    while below:
        one = below.pop()
        total += proportional(one)
        below += children[one]
    return total


def proportional(pid: int) -> float:
    """The proportional set size of one process in MB; 0 if it has just ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


# ---------------------------------------------------------------- what is printed

def compare(ours: Graded, theirs: Graded, name: str) -> None:
    """Print how many scores are equal, and those that are not, by the submission they repeat."""
    both = ours.scores.keys() & theirs.scores.keys()
    differing = defaultdict(list)
    for student in sorted(both):
        ids = [id for id, points in ours.scores[student].items() if theirs.scores[student].get(id) != points]
        if ids:
            differing[original(student), tuple(ids)].append(student)
    count = sum(map(len, differing.values()))
    print(f"\n{name}: {len(both) - count} of {len(both)} submissions have the same points in every criterion, "
          f"{len(ours.scores) - len(both)} are not graded by both")
    what = {s.name: s.what for s in SUBMISSIONS}
    for (submission, ids), students in differing.items():
        ours_total, theirs_total = (sum(g.scores[students[0]].values()) for g in (ours, theirs))
        print(f"  {submission} ({len(students)}): ours {ours_total:g}, {name} {theirs_total:g}. {what[submission]}")
        for id in ids:
            print(f"      {id}: ours {ours.scores[students[0]][id]:g}, {name} {theirs.scores[students[0]].get(id, 0):g}"
                  f"  {theirs.said.get((students[0], id), '')[:140]}")


def compare_with_key(graded: Graded) -> None:
    """Print how many scores are those that a careful teacher gives."""
    key = {s.name: s.points for s in SUBMISSIONS}
    wrong = {s: sum(points.values()) for s, points in graded.scores.items() if sum(points.values()) != key[original(s)]}
    equal = len(graded.scores) - len(wrong)
    print(f"\noptimlab and the teacher's key: {equal} of {len(graded.scores)} scores are equal")
    for student, score in sorted(wrong.items()):
        print(f"  {student}: optimlab {score:g}, the key {key[original(student)]}")


def show(name: str, graded: int, seconds: float, students: int, ours: float) -> None:
    """Print the time of one program."""
    each = seconds / graded
    how = "" if graded == students else f"   ({graded} graded in {seconds:.1f} s, the rest extrapolated)"
    print(f"{name:20s}{each * students:9.1f} s {each:8.3f} s each {each / ours:7.2f} times optimlab{how}", flush=True)


def spread(students: list[str], count: int) -> list[str]:
    """So many of the students, evenly spread."""
    return [students[i * len(students) // count] for i in range(min(count, len(students)))]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description="Grade one class three ways; see the beginning of this file.")
    options.add_argument("--students", type=int, default=200)
    options.add_argument("--cores", type=int, default=2)
    options.add_argument("--nbgrader-sample", type=int, metavar="K", help="let nbgrader grade only K of them")
    options.add_argument("--otter", type=Path, metavar="PYTHON", help="the Python that has otter-grader")
    options.add_argument("--otter-every", type=int, default=10, metavar="N", help="otter grades every Nth submission")
    options.add_argument("--growth", type=int, nargs="*", default=(), metavar="STUDENTS")
    asked = options.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:asked.cores])
        print(f"{len(os.sched_getaffinity(0))} cores")

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        handed_in = folder / "handed-in"
        students = write_class(handed_in, asked.students)
        ends = {s.name: "never_ends" not in s.mistakes for s in SUBMISSIONS}
        print(f"{len(students)} submissions: {len(SUBMISSIONS)} different ones, repeated with changes")
        ours = with_optimlab(folder / "ours", students, handed_in)
        each = ours.seconds / len(students)
        show("optimlab grade", len(students), ours.seconds, len(students), each)
        alone = ours.seconds - pages_alone(folder / "ours", students) / asked.cores
        show("without its pages", len(students), alone, len(students), each)
        sample = spread(students, asked.nbgrader_sample or len(students))
        plain = with_nbgrader(folder / "plain", sample, handed_in)
        show("nbgrader autograde", len(sample), plain.seconds, len(students), each)
        print(f"{'':20s}{plain.seconds / len(sample) * len(students) / alone:33.2f} times optimlab without its pages")
        if asked.otter:
            sample = [s for s in students if ends[original(s)]][::asked.otter_every]
            otter = with_otter(asked.otter.absolute(), folder / "otter", sample, handed_in, asked.cores)
            show(f"otter run, {asked.cores} at once", len(sample), otter.seconds, len(students), each)
        compare_with_key(ours)
        compare(ours, plain, "nbgrader")
        if asked.otter:
            compare(ours, otter, "otter")

    for count in asked.growth:
        with tempfile.TemporaryDirectory() as folder:
            students = write_class(Path(folder, "handed-in"), count)
            ours = with_optimlab(Path(folder, "course"), students, Path(folder, "handed-in"))
            print(f"optimlab grade, {count:5d} students: {ours.seconds:7.1f} s, {ours.seconds / count:.3f} s each, "
                  f"at most {ours.megabytes:.0f} MB outside the sandboxes", flush=True)


if __name__ == "__main__":
    main()
