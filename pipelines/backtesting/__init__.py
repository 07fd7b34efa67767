"""What the recipe was worth: training before past dates, scoring at them, judging with what came after."""
