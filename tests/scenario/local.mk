# tests/scenario/local.mk - scripts that print TAP: TESTS += tests/scenario/x.sh (bash) or .py (python3)
