# tests/unit/data/local.mk - check_PROGRAMS += tests/unit/data/test_x and tests_unit_data_test_x_SOURCES = tests/unit/data/test_x.c

check_PROGRAMS += \
	tests/unit/data/test_json_decode \
	tests/unit/data/test_json_encode \
	tests/unit/data/test_json_keys \
	tests/unit/data/test_json_suite \
	tests/unit/data/test_json_trip \
	tests/unit/data/test_number
tests_unit_data_test_json_decode_SOURCES = \
	tests/unit/data/test_json_decode.c tests/unit/data/test_json_kit.h
tests_unit_data_test_json_encode_SOURCES = \
	tests/unit/data/test_json_encode.c tests/unit/data/test_json_kit.h
tests_unit_data_test_json_keys_SOURCES = \
	tests/unit/data/test_json_keys.c tests/unit/data/test_json_kit.h
tests_unit_data_test_json_suite_SOURCES = \
	tests/unit/data/test_json_suite.c tests/unit/data/test_json_kit.h
tests_unit_data_test_json_trip_SOURCES = \
	tests/unit/data/test_json_trip.c tests/unit/data/test_json_kit.h
tests_unit_data_test_number_SOURCES = tests/unit/data/test_number.c
tests_unit_data_test_number_LDADD = $(LDADD) -lm

# Compared with another implementation
EXTRA_PROGRAMS += tests/unit/data/test_json_cat
tests_unit_data_test_json_cat_SOURCES = \
	tests/unit/data/test_json_cat.c tests/unit/data/test_json_kit.h
tests_unit_data_test_json_cat_LDADD = libweir.la
TESTS += tests/unit/data/test_json_oracle.py
tests/unit/data/test_json_oracle.log: tests/unit/data/test_json_cat$(EXEEXT)
check_PROGRAMS += tests/unit/data/test_codec
tests_unit_data_test_codec_SOURCES = tests/unit/data/test_codec.c
check_PROGRAMS += tests/unit/data/test_csv
tests_unit_data_test_csv_SOURCES = tests/unit/data/test_csv.c
check_PROGRAMS += tests/unit/data/test_frame
tests_unit_data_test_frame_SOURCES = tests/unit/data/test_frame.c
check_PROGRAMS += tests/unit/data/test_logfmt
tests_unit_data_test_logfmt_SOURCES = tests/unit/data/test_logfmt.c
check_PROGRAMS += tests/unit/data/test_raw
tests_unit_data_test_raw_SOURCES = tests/unit/data/test_raw.c
check_PROGRAMS += tests/unit/data/test_timefmt
tests_unit_data_test_timefmt_SOURCES = tests/unit/data/test_timefmt.c
