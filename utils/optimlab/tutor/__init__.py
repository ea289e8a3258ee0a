"""The tutor: checks a student's function, gives points, and names the mistake.

>>> from optimlab.tutor import check, require        # doctest: +SKIP
>>> check(update_parameters_with_adam)               # doctest: +SKIP
"""

from optimlab.tutor.checking import ASSIGNMENTS, EXERCISES, check, require

__all__ = ["ASSIGNMENTS", "EXERCISES", "check", "require"]
