# tests/scenario/local.mk - promises, tried through the real binary: scripts
# that print TAP. lib.sh and scenario.py are what they share.
include $(top_srcdir)/tests/scenario/plugins/local.mk
TESTS += \
	tests/scenario/bad_input.py \
	tests/scenario/cli.sh \
	tests/scenario/configs.sh \
	tests/scenario/lanes.py \
	tests/scenario/memory.py \
	tests/scenario/refused_config.sh \
	tests/scenario/resume.sh \
	tests/scenario/retry.sh \
	tests/scenario/signals.sh \
	tests/scenario/template.sh
