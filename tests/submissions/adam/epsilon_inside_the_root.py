# what: epsilon under the root, as on the RMSProp slide; all else right
# points: 12
# mistakes: denominator.epsilon_inside_root
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.zeros((n_h, n_x))
    vb1 = np.zeros((n_h, 1))
    vW2 = np.zeros((n_y, n_h))
    vb2 = np.zeros((n_y, 1))
    sW1 = np.zeros((n_h, n_x))
    sb1 = np.zeros((n_h, 1))
    sW2 = np.zeros((n_y, n_h))
    sb2 = np.zeros((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    def ewma(old, new, beta):
        return beta * old + (1 - beta) * new
    def update(p, v, s):
        v_corr = v / (1 - beta1 ** t)
        s_corr = s / (1 - beta2 ** t)
        return p - learning_rate * (v_corr / np.sqrt(s_corr + epsilon))
    vW1, vb1, vW2, vb2 = ewma(vW1, dW1, beta1), ewma(vb1, db1, beta1), ewma(vW2, dW2, beta1), ewma(vb2, db2, beta1)
    sW1, sb1 = ewma(sW1, dW1 ** 2, beta2), ewma(sb1, db1 ** 2, beta2)
    sW2, sb2 = ewma(sW2, dW2 ** 2, beta2), ewma(sb2, db2 ** 2, beta2)
    W1, b1, W2, b2 = update(W1, vW1, sW1), update(b1, vb1, sb1), update(W2, vW2, sW2), update(b2, vb2, sb2)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
