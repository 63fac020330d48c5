"""Accounts, roles, passwords, tokens, and who did what: nothing here is ever published."""
