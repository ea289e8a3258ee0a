# what: a tuple of a million arrays
# points: 0
# mistakes: at most
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    return (np.zeros(1),) * 1_000_000
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    return (0.0,) * 1_000_000
