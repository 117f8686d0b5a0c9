"""Trains the models of the risk context and measures them. Nothing here runs in production: Java evaluates the artefacts."""
