# what: writes the averages as steps towards the new value (lerp)
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    shapes = [(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)]
    vW1, vb1, vW2, vb2 = (np.zeros(sh) for sh in shapes)
    sW1, sb1, sW2, sb2 = (np.zeros(sh) for sh in shapes)
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    # v + (1-beta)*(g - v) is the same as beta*v + (1-beta)*g, one multiplication less
    def toward(old, new, beta):
        return old + (1 - beta) * (new - old)

    vW1, vb1 = toward(vW1, dW1, beta1), toward(vb1, db1, beta1)
    vW2, vb2 = toward(vW2, dW2, beta1), toward(vb2, db2, beta1)
    sW1, sb1 = toward(sW1, dW1**2, beta2), toward(sb1, db1**2, beta2)
    sW2, sb2 = toward(sW2, dW2**2, beta2), toward(sb2, db2**2, beta2)

    c1, c2 = 1 - beta1**t, 1 - beta2**t
    W1 = W1 - learning_rate * (vW1 / c1) / (np.sqrt(sW1 / c2) + epsilon)
    b1 = b1 - learning_rate * (vb1 / c1) / (np.sqrt(sb1 / c2) + epsilon)
    W2 = W2 - learning_rate * (vW2 / c1) / (np.sqrt(sW2 / c2) + epsilon)
    b2 = b2 - learning_rate * (vb2 / c1) / (np.sqrt(sb2 / c2) + epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
