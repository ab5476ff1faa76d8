"""The instructor's page: drop files, see marks, read written answers. On this machine only."""
