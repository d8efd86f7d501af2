# What plugins promise, tried through `weir run`.
TESTS += \
	tests/scenario/plugins/file_archive.sh \
	tests/scenario/plugins/file_glob.sh \
	tests/scenario/plugins/file_restart.sh \
	tests/scenario/plugins/file_rotate.sh \
	tests/scenario/plugins/file_shrink.sh \
	tests/scenario/plugins/generate.sh \
	tests/scenario/plugins/output_full.sh \
	tests/scenario/plugins/output_rotate.sh \
	tests/scenario/plugins/stdout.sh \
	tests/scenario/plugins/tcp_input.sh \
	tests/scenario/plugins/tcp_output.sh \
	tests/scenario/plugins/transforms.py
