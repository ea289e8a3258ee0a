# what: all arrays in one vector
# points: 20
# mistakes: 
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
    shapes = [x.shape for x in (W1, b1, W2, b2)]
    flat = lambda *xs: np.concatenate([x.reshape(-1) for x in xs])
    w, g, v = flat(W1, b1, W2, b2), flat(dW1, db1, dW2, db2), flat(vW1, vb1, vW2, vb2)
    v = beta * v + (1 - beta) * g
    w = w - learning_rate * v
    cuts = np.cumsum([int(np.prod(s)) for s in shapes])[:-1]
    back = lambda x: [p.reshape(s) for p, s in zip(np.split(x, cuts), shapes)]
    return (*back(w), *back(v))
