# what: loops over the parameters with a dict; forgot both bias corrections
# points: 12
# mistakes: first_correction.missing, second_correction.missing
# %% initialize_adam
import numpy as np
def initialize_adam(n_x, n_h, n_y):
    shapes = {"W1": (n_h, n_x), "b1": (n_h, 1), "W2": (n_y, n_h), "b2": (n_y, 1)}
    v = {}
    s = {}
    for name in shapes:
        v[name] = np.zeros(shapes[name])
        s[name] = np.zeros(shapes[name])
    return v["W1"], v["b1"], v["W2"], v["b2"], s["W1"], s["b1"], s["W2"], s["b2"]
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    p = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    g = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    v = {"W1": vW1, "b1": vb1, "W2": vW2, "b2": vb2}
    s = {"W1": sW1, "b1": sb1, "W2": sW2, "b2": sb2}
    for k in p:
        v[k] = beta1 * v[k] + (1 - beta1) * g[k]
        s[k] = beta2 * s[k] + (1 - beta2) * np.square(g[k])
        p[k] = p[k] - learning_rate * v[k] / (np.sqrt(s[k]) + epsilon)
    return (p["W1"], p["b1"], p["W2"], p["b2"],
            v["W1"], v["b1"], v["W2"], v["b2"],
            s["W1"], s["b1"], s["W2"], s["b2"])
