# what: an array of 40 GB in the function
# points: 4
# mistakes: raises
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    return np.ones((70_000, 70_000))
