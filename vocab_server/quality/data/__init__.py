"""Checks of data itself: files in which datasets are had, read in a process apart."""
