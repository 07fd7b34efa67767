"""The header line of every report as published: a change of a contract is seen as a diff here."""
