# what: deleted the second answer cell
# points: 4
# mistakes: not_attempted
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.zeros((n_h, n_x))
    vb1 = np.zeros((n_h, 1))
    vW2 = np.zeros((n_y, n_h))
    vb2 = np.zeros((n_y, 1))
    sW1, sb1, sW2, sb2 = np.zeros_like(vW1), np.zeros_like(vb1), np.zeros_like(vW2), np.zeros_like(vb2)
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% deleted update_parameters_with_adam
