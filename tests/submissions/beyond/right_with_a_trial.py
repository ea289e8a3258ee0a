# what: Nesterov, and a trial of its own in a further cell
# points: 0
# mistakes: not_attempted
# %% nesterov_step
def nesterov_step(w, v, gradient, learning_rate, beta=0.9):
    look = w - learning_rate * beta * v
    v = beta * v + (1 - beta) * gradient(look)
    w = w - learning_rate * v
    return w, v
# %% extra after nesterov_step
for beta in (0.5, 0.9):
    w, v = np.array([-1.0]), np.zeros(1)
    for turn in range(37):
        w, v = nesterov_step(w, v, lambda w: w, 0.5, beta)
    print(beta, w)
