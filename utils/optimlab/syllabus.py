"""The course in two tables: its lessons, and its optimizers as its figures name and colour them.

A new lesson or a new optimizer gets its row here; the map, the start page, the charts, the report on a
class and the tests read it from here.

>>> LESSONS["05"].title, COLORS["Momentum"]
('Momentum', '#0072B2')
"""

from typing import NamedTuple

__all__ = ["Failure", "Lesson", "LESSONS", "contents", "ways", "Entry", "CHART", "COLORS"]


class Failure(NamedTuple):
    """What an earlier lesson leaves broken: an arrow on the map, from that lesson to the one that repairs it.

    `lesson`  the number of the earlier lesson
    `what`    the words at the arrow, in lines
    `above`   how far above the arrow they stand, in the map's unit; at 0 the arrow is cut for them
    """
    lesson: str
    what: str
    above: float = 0.0


class Lesson(NamedTuple):
    """A lesson, and its place on the map of the course.

    `file`      the notebook in notebooks/, without its ending; it begins with the lesson's number
    `title`     what the lesson is about
    `question`  what it answers: the heading of the notebook
    `name`      the title in few words, for its box on the map
    `place`     the column, from the left, and the row, from below, of that box
    `repairs`   what fails in earlier lessons and is repaired here
    `uses`      the numbers of earlier lessons whose idea is used here, without a failure
    """
    file: str
    title: str
    question: str
    name: str
    place: tuple[float, float]
    repairs: tuple[Failure, ...] = ()
    uses: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The lesson's number, two digits.

        >>> LESSONS["08"].number
        '08'
        """
        return self.file[:2]


LESSONS = {lesson.number: lesson for lesson in (
    Lesson("00-start-here", "Start here", "Start here", "Start here", (0, 3)),
    Lesson("01-backpropagation", "Backpropagation", "Who is to blame for the error?", "Backpropagation", (0, 2),
           uses=("00",)),
    Lesson("02-gradient-descent", "Gradient descent", "How long may one step be?", "Gradient descent", (0, 1),
           repairs=(Failure("01", "a gradient\nis no step yet"),)),
    Lesson("03-batch-stochastic-mini-batch", "Batch, stochastic, mini-batch",
           "How many examples does one step need?", "Mini-batches", (1, 2),
           repairs=(Failure("02", "each step reads\nall the data"),)),
    Lesson("04-exponentially-weighted-moving-average", "Exponentially weighted moving average",
           "How much of the past should you keep?", "Moving average", (2, 2),
           repairs=(Failure("03", "noise", above=0.14),)),
    Lesson("05-momentum", "Momentum", "Can a step that remembers get there sooner?", "Momentum", (2, 1),
           repairs=(Failure("02", "one α for all directions: zig-zag", above=0.14),), uses=("04",)),
    Lesson("06-adagrad", "AdaGrad", "Can one learning rate be right for every weight?", "AdaGrad", (1, 0),
           repairs=(Failure("02", "rare features\nstarve"),)),
    Lesson("07-rmsprop", "RMSProp", "Can AdaGrad learn to forget?", "RMSProp", (2, 0),
           repairs=(Failure("06", "rate decays\nto nothing", above=0.25),), uses=("04",)),
    Lesson("08-adam", "Adam", "Can one optimizer have both memories?", "Adam", (3, 1),
           repairs=(Failure("05", "one α for\nall weights", above=0.25), Failure("07", "first steps\ntoo long")),
           uses=("04",)),
    Lesson("09-choosing-an-optimizer", "Choosing an optimizer", "Which optimizer should you choose?", "Choosing",
           (3, 0), repairs=(Failure("08", "which one,\nand when?"),)),
    Lesson("10-after-adam", "After Adam", "What came after Adam?", "After Adam", (3, 2),
           repairs=(Failure("08", "decay, bad\ndays, the end"),)),
)}


def contents() -> str:
    """The lessons after the start page as a list in Markdown, each with its link and its question.

    >>> contents().splitlines()[7]
    '- 08 [Adam](08-adam.ipynb): can one optimizer have both memories?'
    """
    _, *lessons = LESSONS.values()
    return "\n".join(f"- {lesson.number} [{lesson.title}]({lesson.file}.ipynb): "
                     f"{lesson.question[0].lower()}{lesson.question[1:]}" for lesson in lessons)


def ways(number: str) -> str:
    """The way back, to the map and on from a lesson, in Markdown: it stands at the lesson's top and bottom.

    >>> ways("10")
    '[← 09 Choosing an optimizer](09-choosing-an-optimizer.ipynb) · [the map](00-start-here.ipynb)'
    """
    numbers = list(LESSONS)
    before, after = numbers[:numbers.index(number)][-1:], numbers[numbers.index(number) + 1:][:1]
    back = [f"[← {n} {LESSONS[n].title}]({LESSONS[n].file}.ipynb)" for n in before]
    on = [f"[{n} {LESSONS[n].title} →]({LESSONS[n].file}.ipynb)" for n in after]
    return " · ".join([*back, *([f"[the map]({LESSONS[numbers[0]].file}.ipynb)"] if before else []), *on])


class Entry(NamedTuple):
    """How an optimizer appears in the figures: its colour, and its words in the chart of lesson 09.

    `color`    the same in every figure; of Okabe and Ito's set, told apart by colour-blind readers too
    `repairs`  the failure of an earlier optimizer that it repairs, in two lines
    `when`     when to take it, in two lines
    """
    color: str
    repairs: str
    when: str


# By the name of its class, in the order of `optimizers.OPTIMIZERS`; Muon, for matrices alone, is none of these.
CHART = {
    "GradientDescent": Entry("#000000", "nothing: the rule that\nall the others start from",
                             "as the yardstick, or\nwhere memory is short"),
    "Momentum": Entry("#0072B2", "the zig-zag in a ravine,\nand the crawl along it",
                      "in ravines, with time\nto search for α and β"),
    "Nesterov": Entry("#56B4E9", "momentum's overshooting:\nit looks ahead", "wherever you would\ntake Momentum"),
    "AdaGrad": Entry("#009E73", "one α for all: weights of\nrare features starve",
                     "for sparse features and\nshort trainings"),
    "RMSProp": Entry("#CC79A7", "AdaGrad's rate\nthat dies away", "for problems that change\nwhile you train"),
    "Adam": Entry("#D55E00", "RMSProp's long first steps\nand its raw gradient", "as the first try\non a new problem"),
    "AdamW": Entry("#E69F00", "Adam's weight decay,\nwhich v and s distort", "where weights\nshould decay"),
    "AMSGrad": Entry("#8C6D1F", "Adam's short memory of\nrare, large gradients", "where Adam\ndoes not settle"),
    "Lion": Entry("#7A1FA2", "Adam's second array:\na sign needs none", "where memory is short\nand batches are large"),
    "ScheduleFree": Entry("#44AA99", "schedules that must know\nwhen training ends",
                          "where you can't say\nhow long you train"),
    "Muon": Entry("#C2185B", "a few directions that\noutshout all the others",
                  "for the matrices between\nhidden layers"),
}
COLORS = {name: entry.color for name, entry in CHART.items()}
