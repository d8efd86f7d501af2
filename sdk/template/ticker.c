/* ticker.c - an input: one record every so often.
 *
 * An input never waits and never sleeps. It asks the host for a timer, and is
 * called back; it asks for a batch, and gets one when there is room. */
#include <weir/ability/loop.h>
#include <weir/service/emit.h>
#include <weir/service/loop.h>
#include <weir/weir.h>

#include <stdlib.h>
#include <string.h>

struct config {
	int64_t every; /* ns */
	int64_t count; /* 0 = for ever */
};

struct ticker {
	const weir_host *host;
	const weir_emit *emit;
	const weir_loop *loop;
	const struct config *cfg;
	uint32_t name; /* of the field */
	int64_t n;     /* records so far */
	int64_t due;   /* ticks that are not records yet */
};

static weir_rc ticker_create(const weir_host *host, const void *cfg,
			     void **inst)
{
	struct ticker *t = (struct ticker *)calloc(1, sizeof(*t));

	if (!t)
		return WEIR_E_LIMIT;
	t->host = host;
	t->emit = (const weir_emit *)host->get(host, WEIR_H_EMIT);
	t->loop = (const weir_loop *)host->get(host, WEIR_H_LOOP);
	t->cfg = (const struct config *)cfg;
	t->name = host->intern(host, "tick", 4);
	*inst = t;
	return WEIR_OK;
}

static void ticker_destroy(void *inst)
{
	free(inst);
}

static weir_rc ticker_start(void *inst)
{
	struct ticker *t = (struct ticker *)inst;
	uint64_t every = (uint64_t)t->cfg->every;

	return t->loop->timer(t->host, 1, every, every);
}

static void ticker_stop(void *inst)
{
	struct ticker *t = (struct ticker *)inst;

	t->loop->timer(t->host, 1, 0, 0);
}

static weir_rc ticker_on_timer(void *inst, uint64_t cookie)
{
	struct ticker *t = (struct ticker *)inst;

	(void)cookie;
	t->due++;
	return WEIR_OK; /* so poll() is called */
}

static weir_rc ticker_poll(void *inst, uint64_t budget_ns)
{
	struct ticker *t = (struct ticker *)inst;
	weir_bytes nowhere = {NULL, 0, 0}; /* it cannot go back */
	weir_batch *b;
	weir_val v;

	(void)budget_ns;
	if (t->cfg->count && t->n == t->cfg->count)
		return WEIR_DONE;
	if (!t->due)
		return WEIR_AGAIN;
	b = t->emit->begin(t->host, 0, NULL);
	if (!b)
		return WEIR_AGAIN; /* no room just now */
	v = weir_i64(++t->n);
	b->ops->put(b, b->ops->append(b, UINT32_MAX), t->name, &v);
	t->due--;
	return t->emit->records(t->host, b, nowhere);
}

static const weir_param ticker_params[] = {
	{"every", "\"1s\"", "1ms..1d", "Time between records.",
	 WEIR_P_DURATION, 0, offsetof(struct config, every), 0},
	{"count", "0", "0..", "Stop after this many. 0: never.", WEIR_P_I64, 0,
	 offsetof(struct config, count), 0},
};

static const weir_on_loop ticker_loop = {
	sizeof(weir_on_loop),
	0,
	ticker_on_timer,
	NULL,
};

static const void *ticker_get(const char *id)
{
	return strcmp(id, WEIR_X_LOOP) == 0 ? &ticker_loop : NULL;
}

static const weir_ops ticker_ops = {
	sizeof(weir_ops), 0,	       ticker_create, ticker_destroy,
	ticker_start,	  ticker_stop, ticker_poll,   NULL,
	ticker_get,
};

static const weir_plugin ticker_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_INPUT,
	0,
	"ticker",
	"org.example.ticker",
	"1.0.0",
	"you",
	"Apache-2.0",
	"one record every so often",
	NULL,
	"ticks: { plugin = \"ticker\"; every = \"100ms\"; };",
	NULL,
	ticker_params,
	sizeof(ticker_params) / sizeof(ticker_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	0,
	&ticker_ops,
};

WEIR_NOTE("org.example.ticker", "1.0.0", 1u << WEIR_INPUT);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &ticker_plugin : NULL;
}
