# what: the solution is spread over cells of its own, one per formula
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    return zeros_for_network(n_x, n_h, n_y) + zeros_for_network(n_x, n_h, n_y)
# %% extra after initialize_adam
def zeros_for_network(n_x, n_h, n_y):
    return (np.zeros((n_h, n_x)), np.zeros((n_h, 1)), np.zeros((n_y, n_h)), np.zeros((n_y, 1)))
# %% markdown before update_parameters_with_adam
## My plan
1. moving averages
2. bias correction
3. step
# %% extra before update_parameters_with_adam
def moving_average(old, new, beta):
    return beta * old + (1 - beta) * new
# %% extra before update_parameters_with_adam
def bias_correction(x, beta, t):
    return x / (1 - beta**t)
# %% extra before update_parameters_with_adam
def adam_step(w, v_hat, s_hat, learning_rate, epsilon):
    return w - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon)
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """One step of Adam for all four parameters; t counts from 1."""
    results = []
    for w, dw, v, s in ((W1, dW1, vW1, sW1), (b1, db1, vb1, sb1), (W2, dW2, vW2, sW2), (b2, db2, vb2, sb2)):
        v = moving_average(v, dw, beta1)
        s = moving_average(s, dw**2, beta2)
        w = adam_step(w, bias_correction(v, beta1, t), bias_correction(s, beta2, t), learning_rate, epsilon)
        results.append([w, v, s])
    W1, b1, W2, b2 = [r[0] for r in results]
    vW1, vb1, vW2, vb2 = [r[1] for r in results]
    sW1, sb1, sW2, sb2 = [r[2] for r in results]
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
