"""A roster file as text: what its columns mean, what its cells say, and which of them are faulty. No database."""
