/* host.h - the services that every instance is lent: log, names, codecs,
 * expressions, times, files, metrics. What an input, lane or output adds to
 * them comes from flow/ as a list of struct service. */
#ifndef PLUGIN_HOST_H
#define PLUGIN_HOST_H

#include "plugin/instance.h"

#define HOST_VERSION "0.1.0"

void host_init(weir_host *h, struct instance *i);

#endif
