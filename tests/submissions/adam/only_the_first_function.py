# what: only the first function, the second as released
# points: 4
# mistakes: not_attempted
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    """All moments of the network, at their start."""
    vW1 = np.zeros((n_h, n_x))
    vb1 = np.zeros((n_h, 1))
    vW2 = np.zeros((n_y, n_h))
    vb2 = np.zeros((n_y, 1))
    sW1 = np.zeros((n_h, n_x))
    sb1 = np.zeros((n_h, 1))
    sW2 = np.zeros((n_y, n_h))
    sb2 = np.zeros((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% markdown after update_parameters_with_adam
sorry, ran out of time :(
