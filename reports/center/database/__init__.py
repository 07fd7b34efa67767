"""What the centre remembers: people, sessions, tokens, reports, schedules, tags, and who did what."""
