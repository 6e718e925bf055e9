"""Other ways to train the same networks, for the benchmark of training."""
