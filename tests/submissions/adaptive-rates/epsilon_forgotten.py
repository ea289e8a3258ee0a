# what: no epsilon in RMSProp
# points: 15
# mistakes: rmsprop_step.epsilon_missing
# %% update_parameters_with_adagrad
def update_parameters_with_adagrad(W1, b1, W2, b2, dW1, db1, dW2, db2, sW1, sb1, sW2, sb2,
                                   learning_rate=0.01, epsilon=1e-8):
    def one(w, g, s):
        s = s + g ** 2
        return w - learning_rate * g / (np.sqrt(s) + epsilon), s
    W1, sW1 = one(W1, dW1, sW1)
    b1, sb1 = one(b1, db1, sb1)
    W2, sW2 = one(W2, dW2, sW2)
    b2, sb2 = one(b2, db2, sb2)
    return W1, b1, W2, b2, sW1, sb1, sW2, sb2
# %% update_parameters_with_rmsprop
def update_parameters_with_rmsprop(W1, b1, W2, b2, dW1, db1, dW2, db2, sW1, sb1, sW2, sb2,
                                   learning_rate=0.001, beta=0.9, epsilon=1e-8):
    def one(w, g, s):
        s = beta * s + (1 - beta) * g ** 2
        return w - learning_rate * g / np.sqrt(s), s
    W1, sW1 = one(W1, dW1, sW1)
    b1, sb1 = one(b1, db1, sb1)
    W2, sW2 = one(W2, dW2, sW2)
    b2, sb2 = one(b2, db2, sb2)
    return W1, b1, W2, b2, sW1, sb1, sW2, sb2
