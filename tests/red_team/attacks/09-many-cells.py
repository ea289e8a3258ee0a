# what: many cells that each never end: together bounded, the functions are graded all the same
# points: 20
# mistakes: flag: run
# %% extra after update_parameters_with_adam
while True: pass
# %% extra after update_parameters_with_adam
while True: pass
# %% extra after update_parameters_with_adam
while True: pass
# %% extra after update_parameters_with_adam
while True: pass
