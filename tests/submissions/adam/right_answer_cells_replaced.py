# what: deleted both answer cells and wrote new ones beside them
# points: 20
# mistakes:
# %% deleted initialize_adam
# %% extra after initialize_adam
def initialize_adam(n_x, n_h, n_y):
    first = [np.zeros((n_h, n_x)), np.zeros((n_h, 1)), np.zeros((n_y, n_h)), np.zeros((n_y, 1))]
    second = [m.copy() for m in first]
    return tuple(first + second)
# %% extra before update_parameters_with_adam
ADAM_NAMES = ["W1", "b1", "W2", "b2"]
# %% deleted update_parameters_with_adam
# %% extra after update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    parameters = dict(zip(ADAM_NAMES, [W1, b1, W2, b2]))
    gradients = dict(zip(ADAM_NAMES, [dW1, db1, dW2, db2]))
    v = dict(zip(ADAM_NAMES, [vW1, vb1, vW2, vb2]))
    s = dict(zip(ADAM_NAMES, [sW1, sb1, sW2, sb2]))
    for key, grad in gradients.items():
        v[key] = beta1 * v[key] + (1 - beta1) * grad
        s[key] = beta2 * s[key] + (1 - beta2) * np.power(grad, 2)
        corrected_v = v[key] / (1 - np.power(beta1, t))
        corrected_s = s[key] / (1 - np.power(beta2, t))
        parameters[key] = parameters[key] - learning_rate * corrected_v / (np.sqrt(corrected_s) + epsilon)
    return (*parameters.values(), *v.values(), *s.values())
