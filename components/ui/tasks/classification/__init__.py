"""What pages show of tasks that classify."""
