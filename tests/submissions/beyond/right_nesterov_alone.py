# what: Nesterov as asked, AdamW left out
# points: 0
# mistakes: not_attempted
# %% nesterov_step
def nesterov_step(w, v, gradient, learning_rate, beta=0.9):
    look = w - learning_rate * beta * v
    v = beta * v + (1 - beta) * gradient(look)
    w = w - learning_rate * v
    return w, v
