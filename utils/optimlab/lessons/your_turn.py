"""What a lesson does with a student's function: nothing before it is right."""

from collections.abc import Callable

from IPython.display import Markdown

from optimlab.tutor import check


def to_be_written(function: Callable) -> Markdown | None:
    """What to say while an exercise is not right yet; None once it is."""
    if check(function).status == "correct":
        return None
    return Markdown(f"Write `{function.__name__}` above first. Then it goes to work here.")
