"""Asking a model on another machine for a priority (docs/remote-model.md). Nothing here knows Django or a database:
facts in, an answer or a named failure out. The packages that speak to the machine are imported when it is asked."""
