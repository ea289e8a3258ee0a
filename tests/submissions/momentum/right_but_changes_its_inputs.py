# what: velocities in place
# points: 20
# mistakes: changes_inputs
# %% ewma
def ewma(theta, beta, corrected=False):
    v, out = 0.0, []
    for t in range(1, len(theta) + 1):
        v = beta * v + (1 - beta) * theta[t - 1]
        if corrected:
            out.append(v / (1 - beta ** t))
        else:
            out.append(v)
    return np.array(out)
# %% initialize_velocity
def initialize_velocity(w):
    return np.zeros(np.shape(w))
# %% update_parameters_with_momentum
def update_parameters_with_momentum(W1, b1, W2, b2, dW1, db1, dW2, db2, vW1, vb1, vW2, vb2,
                                    learning_rate=0.01, beta=0.9):
    for v, g in ((vW1, dW1), (vb1, db1), (vW2, dW2), (vb2, db2)):
        v *= beta
        v += (1 - beta) * g
    return (W1 - learning_rate * vW1, b1 - learning_rate * vb1, W2 - learning_rate * vW2, b2 - learning_rate * vb2,
            vW1, vb1, vW2, vb2)
