# what: comes from C: loops over every element, and prints inside the loop
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    def make(rows, cols):
        a = []
        for i in range(rows):
            row = []
            for j in range(cols):
                row.append(0.0)
            a.append(row)
        return np.array(a)
    vW1 = make(n_h, n_x)
    vb1 = make(n_h, 1)
    vW2 = make(n_y, n_h)
    vb2 = make(n_y, 1)
    sW1 = make(n_h, n_x)
    sb1 = make(n_h, 1)
    sW2 = make(n_y, n_h)
    sb2 = make(n_y, 1)
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
import math
def adam_one(w, dw, v, s, t, lr, beta1, beta2, eps):
    rows = w.shape[0]
    cols = w.shape[1]
    w2 = np.zeros((rows, cols))
    v2 = np.zeros((rows, cols))
    s2 = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            v2[i][j] = beta1 * v[i][j] + (1 - beta1) * dw[i][j]
            s2[i][j] = beta2 * s[i][j] + (1 - beta2) * dw[i][j] * dw[i][j]
            vh = v2[i][j] / (1 - math.pow(beta1, t))
            sh = s2[i][j] / (1 - math.pow(beta2, t))
            w2[i][j] = w[i][j] - lr * vh / (math.sqrt(sh) + eps)
            print("i", i, "j", j, "new w =", w2[i][j])
    return w2, v2, s2

def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    W1, vW1, sW1 = adam_one(W1, dW1, vW1, sW1, t, learning_rate, beta1, beta2, epsilon)
    b1, vb1, sb1 = adam_one(b1, db1, vb1, sb1, t, learning_rate, beta1, beta2, epsilon)
    W2, vW2, sW2 = adam_one(W2, dW2, vW2, sW2, t, learning_rate, beta1, beta2, epsilon)
    b2, vb2, sb2 = adam_one(b2, db2, vb2, sb2, t, learning_rate, beta1, beta2, epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
