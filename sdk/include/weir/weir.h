/* weir.h - all that a plugin needs; the rest is asked for by id in service/
 * (what the host lends) and ability/ (what a plugin can offer). Headers in
 * draft/ are not settled yet. */
#ifndef WEIR_H
#define WEIR_H

#include <weir/abi.h>
#include <weir/batch.h>
#include <weir/host.h>
#include <weir/param.h>
#include <weir/plugin.h>
#include <weir/value.h>

#endif
