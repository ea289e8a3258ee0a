# what: looks for what an earlier submission left anywhere, then leaves it everywhere itself (2 of 3)
# points: 20
# mistakes: flagged
# %% extra after update_parameters_with_adam
#: leaves
