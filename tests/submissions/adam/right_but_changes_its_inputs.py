# what: updates the arrays it is given in place
# points: 20
# mistakes: changes_inputs
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.zeros([n_h, n_x])
    vb1 = np.zeros([n_h, 1])
    vW2 = np.zeros([n_y, n_h])
    vb2 = np.zeros([n_y, 1])
    sW1 = vW1.copy()
    sb1 = vb1.copy()
    sW2 = vW2.copy()
    sb2 = vb2.copy()
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    params = [W1, b1, W2, b2]
    grads = [dW1, db1, dW2, db2]
    vs = [vW1, vb1, vW2, vb2]
    ss = [sW1, sb1, sW2, sb2]
    for i in range(4):
        vs[i][:] = beta1 * vs[i] + (1 - beta1) * grads[i]
        ss[i][:] = beta2 * ss[i] + (1 - beta2) * grads[i] ** 2
        vhat = vs[i] / (1 - beta1 ** t)
        shat = ss[i] / (1 - beta2 ** t)
        params[i] -= learning_rate * vhat / (np.sqrt(shat) + epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
