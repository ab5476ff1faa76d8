"""What a kernel under `salescourse start` runs before its first cell: errors speak Russian.

PYTHONSTARTUP names this file, so it is run in the student's own names and leaves none
there. A startup file of theirs is run after it.
"""


def _begin(names: dict) -> None:
    import os
    from pathlib import Path

    try:
        from salescourse.rescue import install

        install()
    except Exception:  # a kernel without our handler is still a kernel
        pass
    if theirs := os.environ.get("SALESCOURSE_PYTHONSTARTUP"):
        code = Path(theirs).read_bytes()
        exec(compile(code, theirs, "exec"), names)  # noqa: S102 (as IPython itself would)


try:
    _begin(globals())
finally:
    del _begin
