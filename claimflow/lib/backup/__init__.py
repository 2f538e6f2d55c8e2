"""Backups that can be trusted: made from one snapshot, encrypted on the way to the disk, proven by restoring them
(ruling 3, security.md 0.5 and 6.10 to 6.12).

    sealed        a stream in authenticated frames: nothing of it opens when a byte differs, is missing or is too much
    manifest      what the file holds, beside it and authenticated: rows and a hash for each table
    fingerprints  how those are counted
    programs      pg_dump and pg_restore of this machine
    dump          makes a backup
    restore       makes a database of it again
    rotation      which backups go
"""


class BackupFault(Exception):
    """Why there is no backup, or why it is not what it should be: a sentence for whoever runs the command. Its text
    holds no row's values."""
