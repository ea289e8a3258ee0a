"""Every example in a docstring of the package runs and prints what it says; everything public has one."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import optimlab

MODULES = sorted(m.name for m in pkgutil.walk_packages(optimlab.__path__, "optimlab.") if not m.ispkg)
# The numerics: modules of the top level, save the command line.
PLOTS = [m for m in MODULES if m.startswith("optimlab.plots.")]
NUMERICS = [m for m in MODULES if m.count(".") == 1 and not m.endswith("__main__")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
    assert result.attempted > 0 or name not in NUMERICS


def public(module):
    """A module's own functions and classes, without an underscore."""
    for name, thing in vars(module).items():
        own = not name.startswith("_") and getattr(thing, "__module__", "") == module.__name__
        if own and (inspect.isclass(thing) or inspect.isfunction(thing)):
            yield name, thing


@pytest.mark.parametrize("name", MODULES)
def test_everything_public_has_a_docstring(name):
    module = importlib.import_module(name)
    assert module.__doc__
    for own, thing in public(module):
        # A dataclass without a docstring is given its signature as one.
        assert thing.__doc__ and not thing.__doc__.startswith(f"{own}("), own


@pytest.mark.parametrize("name", NUMERICS + PLOTS)
def test_what_the_numerics_offer_says_what_it_takes_and_gives(name):
    for own, thing in public(importlib.import_module(name)):
        for function in [thing, *vars(thing).values()]:
            # matplotlib and dataclasses write methods of their own into a class.
            if inspect.isfunction(function) and function.__module__ == name and not function.__name__.startswith("_"):
                parameters = set(inspect.signature(function).parameters) - {"self"}
                assert set(function.__annotations__) == parameters | {"return"}, (own, function.__name__)
