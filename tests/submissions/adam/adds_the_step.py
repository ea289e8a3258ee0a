# what: adds the step to the weights
# points: 12
# mistakes: direction.ascends
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.zeros((n_h, n_x))
    vb1 = np.zeros((n_h, 1))
    vW2 = np.zeros((n_y, n_h))
    vb2 = np.zeros((n_y, 1))
    sW1 = np.zeros((n_h, n_x))
    sb1 = np.zeros((n_h, 1))
    sW2 = np.zeros((n_y, n_h))
    sb2 = np.zeros((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% extra after initialize_adam
%matplotlib inline
initialize_adam(2, 3, 1)
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    params = {'W1': W1, 'b1': b1, 'W2': W2, 'b2': b2}
    grads = {'W1': dW1, 'b1': db1, 'W2': dW2, 'b2': db2}
    v = {'W1': vW1, 'b1': vb1, 'W2': vW2, 'b2': vb2}
    s = {'W1': sW1, 'b1': sb1, 'W2': sW2, 'b2': sb2}
    for key in params.keys():
        v[key] = beta1 * v[key] + (1 - beta1) * grads[key]
        s[key] = beta2 * s[key] + (1 - beta2) * grads[key] ** 2
        v_hat = v[key] / (1 - beta1 ** t)
        s_hat = s[key] / (1 - beta2 ** t)
        params[key] = params[key] + learning_rate * v_hat / (np.sqrt(s_hat) + epsilon)
    return tuple(params.values()) + tuple(v.values()) + tuple(s.values())
