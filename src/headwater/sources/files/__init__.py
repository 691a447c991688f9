"""Reads an uploaded file into typed columns, or says in sentences why it cannot."""
