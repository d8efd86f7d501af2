/* oneliner.h - a pipeline in one line: `stdin | parse_json | stdout`. */
#ifndef CLI_ONELINER_H
#define CLI_ONELINER_H

#include "base/report.h"
#include "config/spec.h"
#include "plugin/registry.h"

/* The config that the text stands for: the first plugin is the input, the last
 * the output, the others are transforms, each `from` the one before it. Words
 * are separated by blanks and may be quoted with ' or "; a word NAME=VALUE is
 * a parameter, any other one is the plugin's first parameter. NULL: the report
 * says why. */
struct spec *oneliner_parse(const char *text, struct registry *reg,
			    struct report *r);

#endif
