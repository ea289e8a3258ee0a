# what: a = b = np.zeros(...): each v and its s are one array
# points: 19
# mistakes: initialize.shared_buffer
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = sW1 = np.zeros((n_h, n_x))
    vb1 = sb1 = np.zeros((n_h, 1))
    vW2 = sW2 = np.zeros((n_y, n_h))
    vb2 = sb2 = np.zeros((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    new_v = [beta1*v + (1-beta1)*d for v, d in [(vW1,dW1), (vb1,db1), (vW2,dW2), (vb2,db2)]]
    new_s = [beta2*s + (1-beta2)*d*d for s, d in [(sW1,dW1), (sb1,db1), (sW2,dW2), (sb2,db2)]]
    new_w = []
    for w, v, s in zip([W1, b1, W2, b2], new_v, new_s):
        v_hat = v/(1-beta1**t)
        s_hat = s/(1-beta2**t)
        new_w.append(w - learning_rate*v_hat/(np.sqrt(s_hat)+epsilon))
    return (*new_w, *new_v, *new_s)
