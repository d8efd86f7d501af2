# tests/scenario/local.mk - scripts that print TAP: TESTS += tests/scenario/x.sh (bash) or .py (python3)
include $(top_srcdir)/tests/scenario/plugins/local.mk
TESTS += tests/scenario/template.sh
