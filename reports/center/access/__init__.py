"""Who comes in: passwords, sessions, tokens, identity providers, and what is written down of it."""
