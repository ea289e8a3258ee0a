"""What the lessons show and ask, one module a lesson, called as its notebook is.

A notebook holds the idea in a few lines; the figures, questions, cards and tables around it are made here. A
function draws what its name says and returns something that a notebook shows; a question or a claim is an object
that a cell shows first, and settles after the trial.
"""
