"""An instructor's own assignment with a cell of every kind that nbgrader has, and how a class answers it.

No exercise of the tutor's is in it: all its points come from plain nbgrader tests, or from a person.
"""
import copy

import nbformat
from nbgraders_own import cell

from optimlab.classroom.grading.notebooks import grade_id

NAME = "quiz"


def tagged(made, tag):
    made.metadata.tags = [tag]
    return made


def notebook():
    """The instructor's notebook."""
    return nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}, cells=[
            nbformat.v4.new_markdown_cell("# Two functions"),
            cell("given", "code", "import warnings\nimport numpy as np\nnumbers = [1.0, 2.0, 6.0]"),  # read-only
            tagged(nbformat.v4.new_code_cell("numbers = input('your own numbers: ')"), "skip-execution"),
            cell("mean", "code", "def mean(x):\n    ### BEGIN SOLUTION\n    return sum(x) / len(x)\n    ### END SOLUTION", solution=True),
            cell("mean-silent", "code", "assert mean(numbers) == 3", grade=True, points=2),
            cell("mean-prints", "code", "print(mean([4]))\nassert mean([4]) == 4\nprint('fine')", grade=True, points=1),
            cell("mean-hidden", "code", "assert mean([2, 4]) == 3\n### BEGIN HIDDEN TESTS\nassert mean([-1, 1]) == 0\n### END HIDDEN TESTS", grade=True, points=2),
            cell("mean-part", "code", "2.5 * (mean([8]) == 8) + 1.5 * (mean([0, 0]) == 0)", grade=True, points=4),
            cell("mean-claims", "code", "3 * mean([1])", grade=True, points=3),  # trusts what it is given
            cell("spread", "code", "def spread(x):\n    ### BEGIN SOLUTION\n    return max(x) - min(x)\n    ### END SOLUTION", solution=True),
            cell("spread-silent", "code", "found = spread(numbers)\nassert found == 5", grade=True, points=3),
            cell("spread-depends", "code", "assert found - mean(numbers) == 2", grade=True, points=2),
            cell("spread-numpy", "code", "np.mean([spread([1, 3]) == 2, spread([7]) == 0]) * 2", grade=True, points=2),
            cell("spread-bool", "code", "spread([0, 9]) == 9", grade=True, points=1),
            cell("spread-text", "code", "f'from 1 to 4: {spread([1, 4])}'", grade=True, points=1),
            cell("spread-array", "code", "np.full(3, spread([1, 4]))", grade=True, points=1),
            cell("spread-none", "code", "np.testing.assert_allclose(spread([1, 4]), 3)", grade=True, points=1),
            tagged(cell("spread-tagged", "code", "assert spread([2]) == 0", grade=True, points=1), "skip-execution"),
            cell("bonus", "code", "assert mean([1]) and spread([1, 2])", grade=True, points=0),
            cell("plot", "code", "# Draw the numbers.", grade=True, solution=True, points=3),
            cell("why", "markdown", "Write here.", grade=True, solution=True, points=2),
            cell("draw", "markdown", "Draw it on paper.", task=True, points=5),
        ])


MEAN = "def mean(x):\n    {}"
SPREAD = "def spread(x):\n    {}"
RIGHT = {"mean": MEAN.format("return sum(x) / len(x)"), "spread": SPREAD.format("return max(x) - min(x)")}


def mean(*lines, **more):
    """The right answers, but this is what stands in `mean`."""
    return {**RIGHT, "mean": MEAN.format("\n    ".join(lines)), **more}


def spread(*lines, **more):
    """The right answers, but this is what stands in `spread`."""
    return {**RIGHT, "spread": SPREAD.format("\n    ".join(lines)), **more}


# What a student wrote, by the cell's name; a cell that is not named stays as it was handed out.
ANSWERS = {
    "right": RIGHT,
    "right-numpy": {"mean": MEAN.format("return np.mean(x)"), "spread": SPREAD.format("return np.ptp(x)")},
    "right-and-words": {**RIGHT, "plot": "print(numbers)", "why": "Because."},
    "right-lambda": {"mean": "mean = lambda x: sum(x) / len(x)", "spread": "spread = lambda x: max(x) - min(x)"},
    "right-loops": mean("total = 0", "for number in x:", "    total += number", "return total / len(x)"),
    "right-in-a-class": {**RIGHT, "mean": "class Mean:\n    def __call__(self, x):\n        return sum(x) / len(x)\nmean = Mean()"},
    "untouched": {},
    "only-mean": {"mean": RIGHT["mean"]},
    "only-spread": {"spread": RIGHT["spread"]},
    "words-only": {"why": "I could not do the others."},
    "wrong-mean": mean("return sum(x)"),
    "wrong-mean-median": mean("return sorted(x)[len(x) // 2]"),
    "wrong-mean-of-one": mean("return x[0]"),
    "wrong-spread": spread("return max(x)"),
    "wrong-spread-of-one": spread("return max(x) - min(x) if len(x) > 1 else 1"),
    "wrong-both": {"mean": MEAN.format("return 0"), "spread": SPREAD.format("return 0")},
    "none-mean": mean("sum(x) / len(x)"),
    "none-both": {"mean": MEAN.format("pass"), "spread": SPREAD.format("pass")},
    "prints-for-return": mean("print(sum(x) / len(x))"),
    "prints-much": mean("print(x)", "return sum(x) / len(x)"),
    "text-for-number": mean("return str(sum(x) / len(x))"),
    "crashes-in-mean": mean("return sum(x) / 0"),
    "crashes-sometimes": mean("assert x[0] >= 0, 'no'", "return sum(x) / len(x)"),
    "crashes-name": spread("return maximum(x) - min(x)"),
    "crashes-cell": {**RIGHT, "mean": "1 / 0\n" + RIGHT["mean"]},
    "crashes-after": {**RIGHT, "mean": RIGHT["mean"] + "\nmean(None)"},
    "syntax": {**RIGHT, "mean": "def mean(x)\n    return sum(x) / len(x)"},
    "indentation": {**RIGHT, "spread": "def spread(x):\nreturn max(x) - min(x)"},
    "no-module": {**RIGHT, "spread": "import helper_of_nobody\n" + RIGHT["spread"]},
    "raises-exit": mean("raise SystemExit"),
    "reads": mean("return float(input())"),
    "renamed": {**RIGHT, "mean": "def average(x):\n    return sum(x) / len(x)"},
    "changes-numbers": mean("x.sort(reverse=True)", "return sum(x) / len(x)"),
    "changes-the-list": spread("x.append(0)", "return max(x) - min(x)"),
    "shows-it": {**RIGHT, "mean": RIGHT["mean"] + "\nmean([3, 5])"},
    "display": mean("display(x)", "return sum(x) / len(x)"),
    "shadows": {**RIGHT, "mean": RIGHT["mean"] + "\nlist = sum = len\ndef mean(x):\n    return np.average(x)"},
    "writes-a-module": {**RIGHT, "mean": "with open('middle.py', 'w') as file:\n    file.write('def mean(x): return sum(x) / len(x)')\nfrom middle import mean"},
    "magic": {**RIGHT, "spread": "%%time\n" + RIGHT["spread"]},
    "shell": {**RIGHT, "mean": "!true\n" + RIGHT["mean"]},
    "warns": mean("warnings.warn('old')", "return sum(x) / len(x)"),
    "warns-once": spread("np.log(0 * np.array([max(x)]))", "return max(x) - min(x)"),
    "logs-to-stderr": mean("import sys", "print('mean', file=sys.stderr)", "return sum(x) / len(x)"),
    "endless": mean("while len(x) == 2:", "    pass", "return sum(x) / len(x)"),
    "endless-cell": {**RIGHT, "spread": RIGHT["spread"] + "\nwhile True: pass"},
    "nan": mean("return float('nan')"),
    "negative": mean("return -(sum(x) / len(x))"),
    "too-large": mean("return 1000 * sum(x) / len(x)"),
    "kills-itself": spread("import os", "os._exit(0)"),
    "leaves": {**RIGHT, "mean": RIGHT["mean"] + "\nexit()"},
}


def answered(answers, nb):
    """A notebook with these answers in it."""
    nb = copy.deepcopy(nb)
    for made in nb.cells:
        made.source = answers.get(grade_id(made), made.source)
    return nb


def tests():
    """The names of the cells that nbgrader grades by itself, with their points."""
    return {grade_id(c): c.metadata.nbgrader.points for c in notebook().cells
            if c.cell_type == "code" and c.metadata.get("nbgrader", {}).get("grade") and not c.metadata.nbgrader.solution}
