/* describe.c - is a plugin's description sound? */
#include "plugin/describe.h"
#include "plugin/param_table.h"

#include <string.h>

#define DESCRIBE_NAME_MOST 63u
#define DESCRIBE_PORTS_MOST 64u

/* Names of a stage's keys that are never a plugin's. */
static const char *const describe_reserved[] = {"plugin", "from"};

int describe_is_name(const char *name, size_t n)
{
	if (n == 0 || n > DESCRIBE_NAME_MOST || name[0] < 'a' || name[0] > 'z')
		return 0;
	for (size_t i = 1; i < n; i++)
		if (!(name[i] >= 'a' && name[i] <= 'z') &&
		    !(name[i] >= '0' && name[i] <= '9') && name[i] != '_')
			return 0;
	return 1;
}

static int describe_text(const char *what, const char *text, struct err *e)
{
	if (!text || !*text)
		return err_set(e, "%s is missing", what);
	if (strchr(text, '\n'))
		return err_set(e, "%s has more than one line", what);
	return 0;
}

static int describe_head(const struct weir_plugin *d, struct err *e)
{
	if (d->size < sizeof(*d))
		return err_set(e, "its weir_plugin has %u bytes, %zu are "
				  "needed: set size to sizeof(weir_plugin)",
			       d->size, sizeof(*d));
	if (d->abi_major != WEIR_ABI_MAJOR)
		return err_set(e, "abi_major is %u, this weir speaks %u: set "
				  "it to WEIR_ABI_MAJOR and rebuild",
			       d->abi_major, WEIR_ABI_MAJOR);
	if (!d->name || !describe_is_name(d->name, strlen(d->name)))
		return err_set(e, "its name has to be [a-z][a-z0-9_]*");
	if (d->kind < WEIR_INPUT || d->kind > WEIR_OUTPUT)
		return err_set(e, "kind is %u, neither input, transform nor "
				  "output", d->kind);
	if (describe_text("id", d->id, e) ||
	    describe_text("version", d->version, e) ||
	    describe_text("license", d->license, e) ||
	    describe_text("summary", d->summary, e))
		return -1;
	if (!strchr(d->id, '.'))
		return err_set(e, "id \"%s\" is not a reverse domain name "
				  "such as \"org.example.geo\"", d->id);
	return 0;
}

static int describe_flags(const struct weir_plugin *d, struct err *e)
{
	if ((d->flags & WEIR_F_BYTES) && d->kind == WEIR_TRANSFORM)
		return err_set(e, "WEIR_F_BYTES is for inputs and outputs");
	if ((d->flags & WEIR_F_SINGLE) && d->kind != WEIR_TRANSFORM)
		return err_set(e, "WEIR_F_SINGLE is for transforms");
	if ((d->flags & WEIR_F_BOUNDED) && d->kind != WEIR_INPUT)
		return err_set(e, "WEIR_F_BOUNDED is for inputs");
	return 0;
}

static int describe_ops(const struct weir_plugin *d, struct err *e)
{
	const weir_ops *o = d->ops;

	if (!o)
		return err_set(e, "it has no functions (ops)");
	if (o->size < sizeof(*o))
		return err_set(e, "its weir_ops has %u bytes, %zu are needed: "
				  "set size to sizeof(weir_ops)", o->size,
			       sizeof(*o));
	if (!o->create || !o->destroy)
		return err_set(e, "it has no %s()",
			       o->create ? "destroy" : "create");
	if (d->kind == WEIR_INPUT && (!o->poll || o->process))
		return err_set(e, "an input has poll() and no process()");
	if (d->kind != WEIR_INPUT && (!o->process || o->poll))
		return err_set(e, "%s has process() and no poll()",
			       d->kind == WEIR_OUTPUT ? "an output" :
							"a transform");
	return 0;
}

/* "late|audit": names, each once, none of the runtime's. */
static int describe_ports(const char *ports, struct err *e)
{
	const char *at = ports, *seen[DESCRIBE_PORTS_MOST];
	size_t len[DESCRIBE_PORTS_MOST];
	unsigned n = 0;

	while (ports) {
		size_t k = strcspn(at, "|");

		if (n == DESCRIBE_PORTS_MOST)
			return err_set(e, "it has more than %u ports", n);
		if (!describe_is_name(at, k) ||
		    (k == 3 && memcmp(at, "out", 3) == 0) ||
		    (k == 6 && memcmp(at, "errors", 6) == 0))
			return err_set(e, "port \"%.*s\" can't be called so: "
					  "[a-z][a-z0-9_]*, not out or errors",
				       (int)k, at);
		for (unsigned i = 0; i < n; i++)
			if (len[i] == k && memcmp(seen[i], at, k) == 0)
				return err_set(e, "port \"%.*s\" is there "
						  "twice", (int)k, at);
		seen[n] = at;
		len[n++] = k;
		if (!at[k])
			break;
		at += k + 1;
	}
	return 0;
}

static int describe_params(const struct weir_plugin *d, struct err *e)
{
	struct param_table t = param_table_of(d);

	if (param_table_check(&t, e))
		return -1;
	for (uint32_t i = 0; i < t.n; i++)
		for (size_t k = 0; k < NELEM(describe_reserved); k++)
			if (strcmp(param_row(&t, i)->name,
				   describe_reserved[k]) == 0)
				return err_set(e, "parameter \"%s\": the name "
						  "is the runtime's",
					       describe_reserved[k]);
	return 0;
}

int describe_check(const struct weir_plugin *d, struct err *e)
{
	if (describe_head(d, e))
		return -1;
	if (describe_flags(d, e) || describe_ops(d, e) ||
	    describe_ports(d->ports, e) || describe_params(d, e))
		return err_wrap(e, "plugin \"%s\"", d->name);
	return 0;
}

int describe_all(const struct weir_plugin *(*entry)(uint32_t),
		 const struct weir_plugin **descs_r, unsigned most,
		 struct err *e)
{
	const struct weir_plugin *d;
	unsigned n = 0;

	while ((d = entry(n))) {
		if (n == most)
			return err_set(e, "weir_plugin_v0() gives more than "
					  "%u plugins: it has to return NULL "
					  "behind the last", most);
		if (describe_check(d, e))
			return n ? err_wrap(e, "plugin number %u", n) : -1;
		for (unsigned i = 0; i < n; i++)
			if (descs_r[i]->kind == d->kind &&
			    strcmp(descs_r[i]->name, d->name) == 0)
				return err_set(e, "plugin \"%s\" is there "
						  "twice", d->name);
		descs_r[n++] = d;
	}
	if (n == 0)
		return err_set(e, "weir_plugin_v0(0) gives NULL: there is no "
				  "plugin inside");
	return (int)n;
}
