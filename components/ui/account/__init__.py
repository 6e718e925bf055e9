"""Accounts: what belongs to somebody on every device, where the secrets hold `[auth]`."""
