"""The download centre: what has been published, for the people it was published for."""
