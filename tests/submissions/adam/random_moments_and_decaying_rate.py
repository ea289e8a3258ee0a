# what: small random moments; learning rate decays with the root of t, read in the paper's theorem
# points: 13
# mistakes: initialize.random, step_size.divided_by_root_t
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    np.random.seed(1)
    vW1 = np.random.randn(n_h, n_x) * 0.01
    vb1 = np.zeros((n_h, 1))
    vW2 = np.random.randn(n_y, n_h) * 0.01
    vb2 = np.zeros((n_y, 1))
    sW1 = np.random.rand(n_h, n_x) * 0.01
    sb1 = np.zeros((n_h, 1))
    sW2 = np.random.rand(n_y, n_h) * 0.01
    sb2 = np.zeros((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    alpha_t = learning_rate / np.sqrt(t)
    def step(w, g, m, v):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g ** 2
        m_hat = m / (1 - beta1 ** t)
        v_hat = v / (1 - beta2 ** t)
        return w - alpha_t * m_hat / (np.sqrt(v_hat) + epsilon), m, v
    W1, vW1, sW1 = step(W1, dW1, vW1, sW1)
    b1, vb1, sb1 = step(b1, db1, vb1, sb1)
    W2, vW2, sW2 = step(W2, dW2, vW2, sW2)
    b2, vb2, sb2 = step(b2, db2, vb2, sb2)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
