# what: zip over lists, lerp form
# points: 20
# mistakes: 
# %% ewma
def ewma(theta, beta, corrected=False):
    theta = np.asarray(theta, float)
    V = np.zeros(len(theta))
    last = 0
    for i, x in enumerate(theta):
        last = last + (1 - beta) * (x - last)
        V[i] = last
    return V / (1 - beta ** np.arange(1, len(theta) + 1)) if corrected else V
# %% initialize_velocity
def initialize_velocity(w):
    return np.zeros_like(w, dtype=float)
# %% update_parameters_with_momentum
def update_parameters_with_momentum(W1, b1, W2, b2, dW1, db1, dW2, db2, vW1, vb1, vW2, vb2, learning_rate=0.01, beta=0.9):
    ws, vs = [], []
    for w, g, v in zip([W1, b1, W2, b2], [dW1, db1, dW2, db2], [vW1, vb1, vW2, vb2]):
        v = v + (1 - beta) * (g - v)
        ws.append(w - learning_rate * v)
        vs.append(v)
    return tuple(ws + vs)
