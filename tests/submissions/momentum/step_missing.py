# what: the first two functions
# points: 10
# mistakes: not_attempted
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
