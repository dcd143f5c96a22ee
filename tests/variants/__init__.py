"""Submissions made for the tests: ``right`` as students write them, ``wrong`` as edits of one."""
