"""A stand-in for a trained model: one that knows the answers."""


def perfect(problem):
    """Give the outputs of a model that is always right, in scaled units."""
    return lambda examples: problem.batch(examples)[1].numpy()
