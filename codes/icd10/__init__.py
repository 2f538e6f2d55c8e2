"""ICD-10-CM as files: what stands in them and what changed between two. No database."""
