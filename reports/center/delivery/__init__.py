"""Reports that are made for somebody: now, on a schedule, for a program that asks again."""
