# what: the paper's efficient form, with epsilon rescaled so that it is exactly equal
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.zeros((n_h, n_x))
    vb1 = np.zeros((n_h, 1))
    vW2 = np.zeros((n_y, n_h))
    vb2 = np.zeros((n_y, 1))
    sW1, sb1, sW2, sb2 = map(np.zeros_like, (vW1, vb1, vW2, vb2))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Section 2 of the paper: alpha_t = alpha * sqrt(1 - beta2^t) / (1 - beta1^t)."""
    alpha_t = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    eps_hat = epsilon * np.sqrt(1 - beta2**t)  # else it is not the same as Algorithm 1
    new = []
    for theta, g, m, v in [(W1, dW1, vW1, sW1), (b1, db1, vb1, sb1), (W2, dW2, vW2, sW2), (b2, db2, vb2, sb2)]:
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        new.append((theta - alpha_t * m / (np.sqrt(v) + eps_hat), m, v))
    thetas, ms, vs = zip(*new)
    return (*thetas, *ms, *vs)
# %% markdown after update_parameters_with_adam
I used the version from the end of section 2 of the paper. I checked on paper that it is the same **if** epsilon is scaled too.
