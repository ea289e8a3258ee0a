# what: copied the Adam slide with its extra factor dw
# points: 12
# mistakes: numerator.times_gradient
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.zeros((n_h,n_x)); vb1 = np.zeros((n_h,1))
    vW2 = np.zeros((n_y,n_h)); vb2 = np.zeros((n_y,1))
    sW1 = np.zeros((n_h,n_x)); sb1 = np.zeros((n_h,1))
    sW2 = np.zeros((n_y,n_h)); sb2 = np.zeros((n_y,1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    # formulas from slide "Adam (Adaptive Moment Estimation)"
    vW1 = beta1*vW1 + (1-beta1)*dW1
    sW1 = beta2*sW1 + (1-beta2)*dW1**2
    vb1 = beta1*vb1 + (1-beta1)*db1
    sb1 = beta2*sb1 + (1-beta2)*db1**2
    vW2 = beta1*vW2 + (1-beta1)*dW2
    sW2 = beta2*sW2 + (1-beta2)*dW2**2
    vb2 = beta1*vb2 + (1-beta1)*db2
    sb2 = beta2*sb2 + (1-beta2)*db2**2

    v_hat_W1, s_hat_W1 = vW1/(1-beta1**t), sW1/(1-beta2**t)
    v_hat_b1, s_hat_b1 = vb1/(1-beta1**t), sb1/(1-beta2**t)
    v_hat_W2, s_hat_W2 = vW2/(1-beta1**t), sW2/(1-beta2**t)
    v_hat_b2, s_hat_b2 = vb2/(1-beta1**t), sb2/(1-beta2**t)

    # w_t = w_t-1 - (alpha v_hat / (sqrt(s_hat) + eps)) dw_t
    W1 = W1 - (learning_rate*v_hat_W1/(np.sqrt(s_hat_W1)+epsilon))*dW1
    b1 = b1 - (learning_rate*v_hat_b1/(np.sqrt(s_hat_b1)+epsilon))*db1
    W2 = W2 - (learning_rate*v_hat_W2/(np.sqrt(s_hat_W2)+epsilon))*dW2
    b2 = b2 - (learning_rate*v_hat_b2/(np.sqrt(s_hat_b2)+epsilon))*db2
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
