/* instance.c - one living plugin: created, started, stopped, destroyed. */
#include "plugin/instance.h"
#include "base/mem.h"
#include "data/codec.h"
#include "plugin/host.h"

#include <string.h>

const char *instance_rc_say(weir_rc rc)
{
	switch (rc) {
	case WEIR_E_RETRY:
		return "failed for now";
	case WEIR_E_RECORD:
		return "refused records";
	case WEIR_E_CONFIG:
		return "the parameters cannot work";
	case WEIR_E_STATE:
		return "saved state was not understood";
	case WEIR_E_LIMIT:
		return "a limit was reached";
	case WEIR_E_UNSUP:
		return "not supported";
	default:
		return rc < 0 ? "cannot go on" : "ok";
	}
}

const char *instance_error(struct instance *i, weir_rc rc)
{
	static __thread char text[INSTANCE_ERROR];

	memcpy(text, i->error, sizeof(text));
	i->error[0] = '\0';
	return text[0] ? text : instance_rc_say(rc);
}

static void instance_abilities(struct instance *i)
{
	const void *(*get)(const char *) = i->spec.desc->ops->get;

	if (!get)
		return;
	i->on_loop = get(WEIR_X_LOOP);
	i->on_flow = get(WEIR_X_FLOW);
	i->position = get(WEIR_X_POSITION);
	i->progress = get(WEIR_X_PROGRESS);
}

struct instance *instance_new(const struct instance_spec *spec, struct err *e)
{
	struct instance *i = mem_alloc(sizeof(*i));
	weir_rc rc;

	i->magic = INSTANCE_MAGIC;
	i->spec = *spec;
	host_init(&i->host, i);
	instance_abilities(i);
	rc = spec->desc->ops->create(&i->host, spec->cfg, &i->self);
	if (rc >= 0)
		return i;
	err_set(e, "%s", instance_error(i, rc));
	i->self = NULL;
	instance_destroy(&i);
	return NULL;
}

int instance_start(struct instance *i, struct err *e)
{
	weir_rc rc = WEIR_OK;

	CHECK_OBJ(i, INSTANCE_MAGIC);
	if (i->spec.desc->ops->start)
		rc = i->spec.desc->ops->start(i->self);
	if (rc < 0)
		return err_set(e, "%s", instance_error(i, rc));
	i->started = 1;
	return 0;
}

void instance_stop(struct instance *i)
{
	CHECK_OBJ(i, INSTANCE_MAGIC);
	if (i->started && i->spec.desc->ops->stop)
		i->spec.desc->ops->stop(i->self);
	i->started = 0;
}

void instance_destroy(struct instance **ip)
{
	struct instance *i = *ip;
	struct metric *m;

	if (!i)
		return;
	CHECK_OBJ(i, INSTANCE_MAGIC);
	*ip = NULL;
	instance_stop(i);
	if (i->self)
		i->spec.desc->ops->destroy(i->self);
	for (unsigned k = 0; k < i->n_decoders; k++)
		decoder_destroy(&i->decoders[k]);
	mem_free(i->decoders);
	while ((m = i->metrics)) {
		i->metrics = m->next;
		mem_free(m->name);
		mem_free(m->help);
		mem_free(m);
	}
	i->magic = 0;
	mem_free(i);
}
