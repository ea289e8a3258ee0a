"""Finds answers that are more alike than honest work would be.

All students solve the same small tasks, so what many of them write counts for nothing; RULE says what
counts. Answers are read word by word and not parsed, since invalid Python can be copied, too. The work
grows with the number of students, not with the number of pairs.
"""

import builtins
import keyword
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NamedTuple

FEW = 3        # students, or one in a hundred if that is more: something is rare if no more have it
ENOUGH = 5     # rare things that two share
BUILT = 0.8    # share of one student's runs that the other has, too
RUN = 2        # statements in a row
COMMENTS = 3   # in a text that is the same letter for letter, however many students have it
SMALL = 10     # students: in a smaller class, code that is built alike says nothing

RULE = (f"Built alike: names, comments and spacing aside, {BUILT:.0%} of one's pairs of neighbouring statements are "
        f"the other's too, and at least {ENOUGH} of these pairs are rare: at most {FEW} students, or one in a "
        f"hundred, have them (judged only in classes of {SMALL} or more). Same words: at least {ENOUGH} rare "
        f"comments or names of their own in common, or the same text letter for letter, spacing aside, with at least "
        f"{COMMENTS} comments in it.")

LONGEST = 50_000  # characters of an answer that are read
# One that never closes ends with the text or the line, so that what follows is not searched from each quote again.
_STRING = (r'"""(?:[^\\]|\\.)*?(?:"""|\Z)' "|" r"'''(?:[^\\]|\\.)*?(?:'''|\Z)"
           "|" r'"(?:[^"\\\n]|\\.)*+"?' "|" r"'(?:[^'\\\n]|\\.)*+'?")
_WORD = re.compile(rf"#[^\n]*|(?<!\w)[rbfuRBFU]{{0,2}}(?:{_STRING})|\\\n|\n"
                   r"|[^\W\d]\w*|\d[\w.]*|\*\*=?|//=?|[-+*/=<>!]=|[^\s\w]", re.S)
_KNOWN = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "np", "numpy"}


class Group(NamedTuple):
    """Students whose answers are alike, and some of what they all share, in words."""

    students: tuple[str, ...]
    shared: tuple[str, ...]


class _Answers(NamedTuple):
    """All answers of one student: how runs of statements are built, the comments, the student's own names, the text."""

    runs: frozenset[str]
    comments: frozenset[str]
    names: frozenset[str]
    letters: str


def near_identical(answers: Mapping[str, Mapping[str, str]], templates: Iterable[str] = ()) -> list[Group]:
    """The groups of students whose answers are too much alike, the largest group first, by RULE.

    answers: for each student, the source of each answer cell by its name.
    templates: the cells as they are handed out; students may share what stands in them.

    >>> code = "def f(w):\\n  # my own clever trick\\n  # is to count down\\n  # as grandma did\\n  return w"
    >>> [group.students for group in near_identical({"ada": {"f": code}, "bob": {"f": "pass"}, "cy": {"f": code}})]
    [('ada', 'cy')]
    """
    templates = list(templates)
    task = _names_of_the_task(answers, templates)
    given = _read(templates, task)
    read = {student: _read(cells.values(), task, given) for student, cells in answers.items()}
    few = max(FEW, len(answers) // 100)
    together = _Joined(read)
    if len(answers) >= SMALL:
        for one, other in _sharing({s: own.runs for s, own in read.items()}, few):
            mine, theirs = read[one].runs, read[other].runs
            if len(mine & theirs) >= BUILT * min(len(mine), len(theirs)):
                together.join(one, other)
    for one, other in _sharing({s: own.comments | own.names for s, own in read.items()}, few):
        together.join(one, other)
    same = defaultdict(list)
    for student, own in read.items():
        if len(own.comments) >= COMMENTS:
            same[own.letters].append(student)
    for first, *others in same.values():
        for other in others:
            together.join(first, other)
    return [Group(tuple(group), _in_words([read[s] for s in group])) for group in together.groups()]


def _sharing(things: Mapping[str, frozenset[str]], few: int) -> Iterable[tuple[str, str]]:
    """The pairs of students who share enough rare things, which are those that at most `few` students have."""
    holders = defaultdict(list)
    for student, own in things.items():
        for thing in own:
            holders[thing].append(student)
    shared = Counter(pair for students in holders.values() if len(students) <= few
                     for pair in combinations(students, 2))
    return [pair for pair, count in shared.items() if count >= ENOUGH]


def _read(cells: Iterable[str], task: re.Pattern[str], given: _Answers | None = None) -> _Answers:
    runs, comments, names, letters = set(), set(), set(), []
    for source in cells:
        source = source[:LONGEST]
        letters.append("".join(source.split()))
        words = _WORD.findall(source)
        statements = _statements(words)
        runs |= {_built(statements[n:n + RUN]) for n in range(len(statements) - RUN + 1)}
        comments |= {_said(word) for word in words if word[0] == "#"} - {""}
        names |= {word for s in statements for word, is_name in s if is_name}
    # W1_corrected and b2_corrected are the same idea, and W1 alone is none.
    ideas = {task.sub("", name) for name in names}
    ideas = {idea for idea in ideas if len(idea.strip("_")) >= 3}
    if given:
        runs, comments, ideas = runs - given.runs, comments - given.comments, ideas - given.names
    return _Answers(frozenset(runs), frozenset(comments), frozenset(ideas), "\n".join(letters))


def _names_of_the_task(answers: Mapping[str, Mapping[str, str]], templates: Iterable[str]) -> re.Pattern[str]:
    """Matches the names in function heads that were handed out, or that a quarter of the class or more have."""
    heads = Counter(name for cells in answers.values() for name in set().union(*map(_head, cells.values())))
    given = {name for name, count in heads.items() if 4 * count >= len(answers)}.union(*map(_head, templates))
    return re.compile("|".join(sorted((re.escape(n) for n in given if len(n) > 1), key=len, reverse=True)) or "$^")


def _statements(words: list[str]) -> list[list[tuple[str, bool]]]:
    """The words of each statement, and for each word whether the student chose it as a name."""
    statements: list[list[tuple[str, bool]]] = []
    now: list[tuple[str, bool]] = []
    depth, before = 0, ""
    for word in words:
        if word[0] == "#" or word.endswith(('"""', "'''")) or word == "\\\n":
            continue
        if word in ("\n", ";"):
            if depth <= 0 and now:
                statements.append(now)
                now = []
            continue
        depth += (word in "([{") - (word in ")]}")
        is_name = (word[0].isalpha() or word[0] == "_") and word[-1] not in "\"'" and word not in _KNOWN
        now.append((word, is_name and before != "."))
        before = word
    return statements + [now] * bool(now)


def _built(statements: list[list[tuple[str, bool]]]) -> str:
    """Statements with numbers for names: the first name is 0 wherever it stands, the second is 1, and so on."""
    numbers: dict[str, int] = {}
    return "\n".join(" ".join(f"{numbers.setdefault(word, len(numbers))}'" if is_name else word for word, is_name in s)
                     for s in statements)


def _said(comment: str) -> str:
    """The words of a comment; "" if it is too short to tell anything."""
    said = " ".join(re.findall(r"\w+", comment.lower()))[:200]
    return said if len(said) >= 10 else ""


_HEAD = re.compile(r"\bdef\s+([^:]{1,2000}):")


def _head(source: str) -> set[str]:
    """The names in the head of the first function, including its own name."""
    head = _HEAD.search(source[:LONGEST])
    return set(re.findall(r"[^\W\d]\w*", head[1])) if head else set()


def _in_words(group: list[_Answers]) -> tuple[str, ...]:
    """What everyone in a group shares, in words for a person."""
    def all_of(kind: str) -> list[str]:
        return sorted(frozenset.intersection(*(getattr(own, kind) for own in group)),
                      key=lambda text: (-len(text), text))

    words = [f"the comment “{said[:80]}”" for said in all_of("comments")[:3]]
    words += [f"the name {name[:40]}" for name in all_of("names")[:4]]
    alike = len(frozenset.intersection(*(own.runs for own in group)))
    return tuple(words) + (f"{alike} pairs of neighbouring statements",) * bool(alike)


class _Joined:
    """Students who are joined into groups, pair by pair."""

    def __init__(self, students: Iterable[str]):
        self._above = {s: s for s in students}

    def _top(self, student: str) -> str:
        while self._above[student] != student:
            self._above[student] = student = self._above[self._above[student]]
        return student

    def join(self, one: str, other: str) -> None:
        self._above[self._top(other)] = self._top(one)

    def groups(self) -> list[list[str]]:
        members = defaultdict(list)
        for student in self._above:
            members[self._top(student)].append(student)
        return sorted((sorted(m) for m in members.values() if len(m) > 1), key=lambda m: (-len(m), m))
