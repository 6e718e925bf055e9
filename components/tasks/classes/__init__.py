"""What tasks that tell classes share: the problem, scores beside simple rules, the result, the reasons."""
