"""The way to nbgrader and back: a release, marks for its gradebook, recorded answers.

nbgrader is never needed to grade: it is imported by what is exported to it, nowhere else.
"""
