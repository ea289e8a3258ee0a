"""The course's exercises, one file each: data, and what is asked of it.

A module ends in its EXERCISE. One whose name begins with an underscore holds what several share;
a large exercise may be a folder. Whatever lies here is found: see optimlab.tutor.registry.
"""
