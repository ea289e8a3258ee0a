# what: honest: cells of its own that fail in many ways
# points: 20
# mistakes: unflagged
# %% extra after initialize_adam
assert initialize_adam(2, 3, 1)[0].shape == (2, 3), "why?"
# %% extra after initialize_adam
this is not python
# %% extra after initialize_adam
import a_package_that_is_not_here
# %% extra after update_parameters_with_adam
name = input("your name? ")
