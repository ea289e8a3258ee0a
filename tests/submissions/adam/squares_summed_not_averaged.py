# what: took the sum from the AdaGrad slide for the second moment
# points: 9
# mistakes: second_moment.accumulates
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1=np.zeros((n_h,n_x))
    vb1=np.zeros((n_h,1))
    vW2=np.zeros((n_y,n_h))
    vb2=np.zeros((n_y,1))
    sW1=np.zeros((n_h,n_x))
    sb1=np.zeros((n_h,1))
    sW2=np.zeros((n_y,n_h))
    sb2=np.zeros((n_y,1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    vW1=beta1*vW1+(1-beta1)*dW1
    vb1=beta1*vb1+(1-beta1)*db1
    vW2=beta1*vW2+(1-beta1)*dW2
    vb2=beta1*vb2+(1-beta1)*db2
    # v_t = v_(t-1) + dw^2
    sW1=sW1+dW1**2
    sb1=sb1+db1**2
    sW2=sW2+dW2**2
    sb2=sb2+db2**2
    a=1-beta1**t
    b=1-beta2**t
    W1=W1-learning_rate*(vW1/a)/(np.sqrt(sW1/b)+epsilon)
    b1=b1-learning_rate*(vb1/a)/(np.sqrt(sb1/b)+epsilon)
    W2=W2-learning_rate*(vW2/a)/(np.sqrt(sW2/b)+epsilon)
    b2=b2-learning_rate*(vb2/a)/(np.sqrt(sb2/b)+epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
