# what: only the parameters come back
# points: 10
# mistakes: momentum_step.weights_only
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
    vW1 = beta * vW1 + (1 - beta) * dW1
    vb1 = beta * vb1 + (1 - beta) * db1
    vW2 = beta * vW2 + (1 - beta) * dW2
    vb2 = beta * vb2 + (1 - beta) * db2
    W1 = W1 - learning_rate * vW1
    b1 = b1 - learning_rate * vb1
    W2 = W2 - learning_rate * vW2
    b2 = b2 - learning_rate * vb2
    return W1, b1, W2, b2
