# what: results of 30 MB each, a hundred challenges long
# points: 0
# mistakes: at most
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    return [np.zeros(4_000_000) for _ in range(8)]
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    return [np.zeros(4_000_000) for _ in range(12)]
