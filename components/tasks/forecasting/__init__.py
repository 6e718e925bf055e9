"""What the forecast task is made of: problem, checks, baselines, scores, verdict, result."""
