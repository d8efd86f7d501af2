# What flows: names, shapes, values, batches; framing and formats; time texts.
libweir_la_SOURCES += \
	runtime/data/batch.c \
	runtime/data/batch.h \
	runtime/data/codec.c \
	runtime/data/codec.h \
	runtime/data/csv.h \
	runtime/data/csv_decode.c \
	runtime/data/csv_encode.c \
	runtime/data/frame.c \
	runtime/data/frame.h \
	runtime/data/json_decode.c \
	runtime/data/json_decode.h \
	runtime/data/json_encode.c \
	runtime/data/json_encode.h \
	runtime/data/json_keys.c \
	runtime/data/json_keys.h \
	runtime/data/json_reader.c \
	runtime/data/json_reader.h \
	runtime/data/json_scan.h \
	runtime/data/logfmt.h \
	runtime/data/logfmt_decode.c \
	runtime/data/logfmt_encode.c \
	runtime/data/name.c \
	runtime/data/name.h \
	runtime/data/number.c \
	runtime/data/number.h \
	runtime/data/raw.c \
	runtime/data/raw.h \
	runtime/data/shape.c \
	runtime/data/shape.h \
	runtime/data/timefmt.c \
	runtime/data/timefmt.h \
	runtime/data/timefmt_read.c \
	runtime/data/timefmt_steps.h \
	runtime/data/timefmt_write.c
