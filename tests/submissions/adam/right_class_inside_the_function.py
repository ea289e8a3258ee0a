# what: a class inside the function, Java style
# points: 20
# mistakes:
# %% initialize_adam
class Moments:
    def __init__(self, rows, cols):
        self.v = np.zeros(shape=(rows, cols))
        self.s = np.zeros(shape=(rows, cols))

def initialize_adam(n_x, n_h, n_y):
    mW1 = Moments(n_h, n_x)
    mb1 = Moments(n_h, 1)
    mW2 = Moments(n_y, n_h)
    mb2 = Moments(n_y, 1)
    return mW1.v, mb1.v, mW2.v, mb2.v, mW1.s, mb1.s, mW2.s, mb2.s
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    class Parameter:
        def __init__(self, value, grad, v, s):
            self.value = value
            self.grad = grad
            self.v = v
            self.s = s

        def updateMoments(self):
            self.v = beta1 * self.v + (1 - beta1) * self.grad
            self.s = beta2 * self.s + (1 - beta2) * np.power(self.grad, 2)

        def getVHat(self):
            return self.v / (1 - beta1 ** t)

        def getSHat(self):
            return self.s / (1 - beta2 ** t)

        def updateValue(self):
            self.value = self.value - learning_rate * self.getVHat() / (np.sqrt(self.getSHat()) + epsilon)

    parameters = [Parameter(W1, dW1, vW1, sW1), Parameter(b1, db1, vb1, sb1),
                  Parameter(W2, dW2, vW2, sW2), Parameter(b2, db2, vb2, sb2)]
    for parameter in parameters:
        parameter.updateMoments()
        parameter.updateValue()
    return tuple([p.value for p in parameters] + [p.v for p in parameters] + [p.s for p in parameters])
