# what: closures that return functions
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    def zeros_for(rows):
        def with_columns(columns):
            return np.zeros((rows, columns))
        return with_columns
    hidden, out = zeros_for(n_h), zeros_for(n_y)
    vW1, vb1, vW2, vb2 = hidden(n_x), hidden(1), out(n_h), out(1)
    sW1, sb1, sW2, sb2 = hidden(n_x), hidden(1), out(n_h), out(1)
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    def average(beta):
        return lambda old, new: beta * old + (1 - beta) * new

    def corrected(beta):
        return lambda x: x / (1 - beta**t)

    first, second = average(beta1), average(beta2)
    vhat, shat = corrected(beta1), corrected(beta2)

    vW1, vb1, vW2, vb2 = first(vW1, dW1), first(vb1, db1), first(vW2, dW2), first(vb2, db2)
    sW1, sb1, sW2, sb2 = second(sW1, dW1**2), second(sb1, db1**2), second(sW2, dW2**2), second(sb2, db2**2)

    step = lambda v, s: learning_rate * vhat(v) / (np.sqrt(shat(s)) + epsilon)
    return (W1 - step(vW1, sW1), b1 - step(vb1, sb1), W2 - step(vW2, sW2), b2 - step(vb2, sb2),
            vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2)
