/* param_value.h - one parameter: what its type, range and default mean, and
 * its value out of a config. */
#ifndef PLUGIN_PARAM_VALUE_H
#define PLUGIN_PARAM_VALUE_H

#include "base/err.h"
#include "base/report.h"
#include "base/str.h"
#include "config/spec.h"
#include "plugin/param_bag.h"

#include <weir/param.h>

/* Bytes and alignment of the member; 0: there is no such type. */
uint32_t param_type_size(uint32_t type);
uint32_t param_type_align(uint32_t type);
/* "duration", "list of field names"; "?" for an unknown one. */
const char *param_type_say(uint32_t type);
/* "a duration such as \"10s\"": what is expected. */
const char *param_type_expects(uint32_t type);

/* Where a value is wanted, and by whom. */
struct param_ask {
	const struct weir_param *row;
	const char *path;         /* for messages: "inputs.dpkg.path" */
	struct param_bag *bag;    /* gets what the value points to */
	void *to;                 /* param_type_size() bytes */
	struct str *canon;        /* gets a text that is equal for equal values
				     only; may be NULL */
	struct report *report;
	int dflt;                 /* param_default()'s: no place in a config */
};

/* The value of `v`, converted, checked against the range and written. -1: the
 * report has what is wrong. */
int param_value(const struct param_ask *a, const struct spec *v);
/* The same for the default of the row, which has one. -1: the table is wrong,
 * not the config. */
int param_default(const struct param_ask *a);

#endif
