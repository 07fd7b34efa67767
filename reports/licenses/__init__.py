"""Licence KPIs: who bought, who assigns, who uses, what ends or renews; one declared table each."""
