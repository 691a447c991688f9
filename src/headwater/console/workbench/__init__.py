"""The workbench: from rows to a run, with help to choose."""
