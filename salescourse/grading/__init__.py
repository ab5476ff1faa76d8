"""From a folder of submissions to marks, a gradebook, a workbook and feedback.

Nothing a student sent is ever executed: records are read from JSON, companies are made
again from their codes, and every answer is judged as `check` judged it.
"""
