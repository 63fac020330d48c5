"""Running the server: backup and restore, check-ups, what monitors ask for."""
