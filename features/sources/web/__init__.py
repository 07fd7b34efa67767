"""The signal collector: what companies publish, which technologies they run."""
