"""Grading that can be trusted: submissions run apart from what judges them."""


class Unusable(ValueError):
    """The input cannot be graded at all, or nothing can be graded here; the text is one line for a person."""
