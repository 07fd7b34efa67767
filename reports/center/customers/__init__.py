"""Customers as people work with them: found, looked at, labelled, matched with a CRM, put on a call list."""
