"""optimlab: an interactive course on deep-learning optimizers."""
