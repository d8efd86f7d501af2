/* generate.c - records from a formula, for tests, benches and first steps. */
#include "series.h"

#include <weir/ability/loop.h>
#include <weir/ability/position.h>
#include <weir/ability/progress.h>
#include <weir/service/emit.h>
#include <weir/service/loop.h>
#include <weir/weir.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GENERATE_BATCH 2048u    /* records in a batch at full speed */
#define GENERATE_BYTES 1048576u /* ... and about this much payload */
#define GENERATE_LETTERS 26u
#define GENERATE_LINE 192u      /* the JSON text without its payload */
#define NS_PER_S 1000000000

enum { AS_RECORD, AS_JSON };
enum { F_ID, F_N, F_KEY, F_USER, F_VALUE, F_TIME, F_PAYLOAD, N_FIELDS };

static const char *const generate_names[N_FIELDS] = {
	"id", "n", "key", "user", "value", "time", "payload",
};

struct generate_cfg {
	int64_t seed;
	int64_t count;
	double rate;
	uint32_t as;
	int64_t keys;
	double skew;
	double duplicates;
	int64_t duplicate_window;
	const char *start_time;
	int64_t step;
	double out_of_order;
	int64_t out_of_order_by;
	double late;
	int64_t late_by;
	double poison;
	uint64_t payload;
};

struct generate {
	const weir_host *host;
	const weir_emit *emit;
	const weir_loop *loop;
	const struct generate_cfg *cfg;
	struct series series;
	uint32_t ids[N_FIELDS];
	uint32_t id_message;
	uint64_t next;      /* the number of the next record */
	uint64_t done;      /* the same, for progress() */
	int64_t paced_from; /* rate: where `paced` began to count */
	uint64_t paced;
	int64_t second;     /* the second whose text is in `clock` */
	char clock[20];
};

static weir_rc generate_fail(const weir_host *h, weir_rc rc, const char *text)
{
	h->error(h, text, (uint32_t)strlen(text));
	return rc;
}

/* --- text ---------------------------------------------------------------- */

static char *generate_put(char *p, const char *s, size_t n)
{
	memcpy(p, s, n);
	return p + n;
}

static char *generate_put_u(char *p, uint64_t u)
{
	char digits[20];
	int n = 0;

	do
		digits[n++] = (char)('0' + u % 10);
	while (u /= 10);
	while (n)
		*p++ = digits[--n];
	return p;
}

/* "2024-01-01T00:00:00.000000000Z"; consecutive records mostly share their
 * second, so its text is kept. */
static char *generate_put_time(struct generate *g, char *p, int64_t ns)
{
	int64_t second = ns / NS_PER_S - (ns % NS_PER_S < 0);
	int64_t part = ns - second * NS_PER_S;
	struct tm tm;

	if (second != g->second || !g->clock[0]) {
		gmtime_r(&(time_t){second}, &tm);
		strftime(g->clock, sizeof(g->clock), "%Y-%m-%dT%H:%M:%S", &tm);
		g->second = second;
	}
	p = generate_put(p, g->clock, strlen(g->clock));
	*p++ = '.';
	for (int64_t unit = NS_PER_S / 10; unit; unit /= 10)
		*p++ = (char)('0' + part / unit % 10);
	*p++ = 'Z';
	return p;
}

#define PUT(p, literal) generate_put(p, literal, sizeof(literal) - 1)

static uint32_t generate_json(struct generate *g, char *to,
			      const struct series_item *it, const char *filler)
{
	char *p = to;

	p = generate_put_u(PUT(p, "{\"id\":"), it->id);
	p = generate_put_u(PUT(p, ",\"n\":"), it->n);
	p = generate_put_u(PUT(p, ",\"key\":\"k"), it->key);
	p = generate_put_u(PUT(p, "\",\"user\":\"u"), it->user);
	p = generate_put_u(PUT(p, "\",\"value\":"), (uint64_t)it->value);
	p = generate_put_time(g, PUT(p, ",\"time\":\""), it->time);
	if (g->cfg->payload) {
		p = PUT(p, "\",\"payload\":\"");
		p = generate_put(p, filler + it->id % GENERATE_LETTERS,
				 g->cfg->payload);
	}
	p = PUT(p, "\"}");
	return (uint32_t)(p - to);
}

/* --- batches ------------------------------------------------------------- */

static weir_val generate_name(char **room, char letter, uint64_t number)
{
	char *p = *room;
	weir_val v;

	*p = letter;
	*room = generate_put_u(p + 1, number);
	v = weir_str(p, (uint32_t)(*room - p));
	v.flags = WEIR_VF_PLAIN;
	return v;
}

/* a, b, c ... z, a ... so that the payload of every record begins somewhere
 * inside and none is copied. */
static const char *generate_filler(const struct generate *g, weir_batch *b)
{
	uint64_t n = g->cfg->payload + GENERATE_LETTERS;
	char *p;

	if (!g->cfg->payload)
		return NULL;
	p = b->ops->alloc(b, n);
	for (uint64_t i = 0; i < n; i++)
		p[i] = (char)('a' + i % GENERATE_LETTERS);
	return p;
}

static void generate_records(struct generate *g, weir_batch *b, uint32_t n)
{
	uint32_t fields = g->cfg->payload ? N_FIELDS : N_FIELDS - 1;
	const uint32_t *names = b->ops->shape(b, g->ids, fields);
	weir_val *v = b->ops->alloc(b, (uint64_t)n * fields * sizeof(*v));
	char *text = b->ops->alloc(b, (uint64_t)n * 2 * 21);
	const char *filler = generate_filler(g, b);

	for (uint32_t i = 0; i < n; i++, v += fields) {
		struct series_item it;
		weir_rec *r;

		series_get(&g->series, g->next + i, &it);
		v[F_ID] = weir_i64((int64_t)it.id);
		v[F_N] = weir_i64((int64_t)it.n);
		v[F_KEY] = generate_name(&text, 'k', it.key);
		v[F_USER] = generate_name(&text, 'u', it.user);
		v[F_VALUE] = weir_i64(it.value);
		v[F_TIME] = weir_time(it.time);
		if (filler) {
			v[F_PAYLOAD] =
				weir_str(filler + it.id % GENERATE_LETTERS,
					 (uint32_t)g->cfg->payload);
			v[F_PAYLOAD].flags = WEIR_VF_PLAIN;
		}
		r = weir_rec_at(b, b->ops->append(b, UINT32_MAX));
		r->root = (weir_map){names, v, fields, 0};
		r->ts = it.time;
	}
}

static void generate_texts(struct generate *g, weir_batch *b, uint32_t n)
{
	const uint32_t *names = b->ops->shape(b, &g->id_message, 1);
	weir_val *v = b->ops->alloc(b, (uint64_t)n * sizeof(*v));
	uint64_t room = n * (GENERATE_LINE + g->cfg->payload);
	char *text = b->ops->alloc(b, room);
	const char *filler = generate_filler(g, b);
	char *p = text;

	for (uint32_t i = 0; i < n; i++, v++) {
		struct series_item it;
		uint32_t len;
		weir_rec *r;

		series_get(&g->series, g->next + i, &it);
		len = generate_json(g, p, &it, filler);
		len = series_kept(&g->series, it.id, len);
		*v = weir_str(p, len);
		r = weir_rec_at(b, b->ops->append(b, UINT32_MAX));
		r->root = (weir_map){names, v, 1, 0};
		r->raw = p;
		r->raw_len = len;
		p += len;
	}
}

/* How many records may go now, at most `most`. 0: *wait_r says how long to
 * wait for the next. */
static uint32_t generate_due(struct generate *g, uint32_t most, int64_t *wait_r)
{
	int64_t now = g->loop->clock(g->host);
	double due;

	if (g->cfg->rate == 0)
		return most;
	if (now - g->paced_from > 2 * NS_PER_S &&
	    (double)(now - g->paced_from) / NS_PER_S * g->cfg->rate >
		    (double)g->paced + 2 * g->cfg->rate) {
		/* Held up for seconds: what was missed is not made up for. */
		g->paced_from = now;
		g->paced = 0;
	}
	due = (double)(now - g->paced_from) / NS_PER_S * g->cfg->rate + 1 -
	      (double)g->paced;
	if (due >= 1)
		return due < most ? (uint32_t)due : most;
	*wait_r = (int64_t)((1 - due) / g->cfg->rate * NS_PER_S) + 1;
	if (*wait_r < 1000000)
		*wait_r = 1000000; /* a batch a millisecond is enough */
	return 0;
}

static uint32_t generate_most(const struct generate *g)
{
	uint64_t count = (uint64_t)g->cfg->count;
	uint64_t most = GENERATE_BATCH;

	if (g->cfg->payload * most > GENERATE_BYTES)
		most = 1 + GENERATE_BYTES / g->cfg->payload;
	if (count && count - g->next < most)
		most = count - g->next;
	return (uint32_t)most;
}

static weir_rc generate_poll(void *inst, uint64_t budget_ns)
{
	struct generate *g = inst;
	int64_t until = g->loop->clock(g->host) + (int64_t)budget_ns;

	do {
		uint32_t n = generate_most(g);
		int64_t wait = 0;
		weir_batch *b;
		weir_rc rc;

		if (!n)
			return WEIR_DONE;
		n = generate_due(g, n, &wait);
		if (!n) {
			g->loop->timer(g->host, 0, (uint64_t)wait, 0);
			return WEIR_AGAIN;
		}
		b = g->emit->begin(g->host, 0, NULL);
		if (!b)
			return WEIR_AGAIN;
		if (g->cfg->as == AS_JSON)
			generate_texts(g, b, n);
		else
			generate_records(g, b, n);
		g->next += n;
		g->paced += n;
		__atomic_store_n(&g->done, g->next, __ATOMIC_RELAXED);
		rc = g->emit->records(g->host, b,
				      (weir_bytes){&g->next, 8, 0});
		if (rc < 0)
			return rc;
	} while (g->loop->clock(g->host) < until);
	return WEIR_OK;
}

static weir_rc generate_on_timer(void *inst, uint64_t cookie)
{
	(void)cookie;
	return generate_poll(inst, 2000000);
}

/* --- life ---------------------------------------------------------------- */

/* "2024-01-01T00:00:00Z" or "2024-01-01". */
static int generate_parse_time(const char *text, int64_t *ns_r)
{
	struct tm tm = {0};
	int y, end = 0;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &y, &tm.tm_mon,
		   &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &end) != 6)
		if (sscanf(text, "%4d-%2d-%2d%n", &y, &tm.tm_mon, &tm.tm_mday,
			   &end) != 3)
			return -1;
	if (!end || text[end] || y < 1700 || y > 2200 || tm.tm_mon < 1 ||
	    tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31 ||
	    tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60)
		return -1;
	tm.tm_year = y - 1900;
	tm.tm_mon--;
	*ns_r = (int64_t)timegm(&tm) * NS_PER_S;
	return 0;
}

static weir_rc generate_series(struct generate *g)
{
	const struct generate_cfg *c = g->cfg;
	char text[200];

	g->series = (struct series){
		.seed = (uint64_t)c->seed,
		.keys = (uint64_t)c->keys,
		.skew = c->skew,
		.duplicates = c->duplicates,
		.window = (uint64_t)c->duplicate_window,
		.step = c->step,
		.out_of_order = c->out_of_order,
		.out_of_order_by = c->out_of_order_by,
		.late = c->late,
		.late_by = c->late_by,
		.poison = c->poison,
	};
	if (generate_parse_time(c->start_time, &g->series.start)) {
		snprintf(text, sizeof(text),
			 "start_time \"%.80s\" is not a time: write "
			 "\"2024-01-31T12:00:00Z\" or \"2024-01-31\"",
			 c->start_time);
		return generate_fail(g->host, WEIR_E_CONFIG, text);
	}
	if (c->poison > 0 && c->as != AS_JSON)
		return generate_fail(g->host, WEIR_E_CONFIG,
				     "poison needs as = \"json\": a record "
				     "cannot be malformed, a text can");
	if (series_init(&g->series))
		return generate_fail(g->host, WEIR_E_LIMIT,
				     "no memory for the weights of that many "
				     "keys (8 bytes each)");
	return WEIR_OK;
}

static weir_rc generate_create(const weir_host *h, const void *cfg,
			       void **inst)
{
	struct generate *g = calloc(1, sizeof(*g));
	weir_rc rc;

	if (!g)
		return generate_fail(h, WEIR_E_FATAL, "no memory");
	g->host = h;
	g->cfg = cfg;
	g->emit = h->get(h, WEIR_H_EMIT);
	g->loop = h->get(h, WEIR_H_LOOP);
	if (!g->emit || !g->loop) {
		free(g);
		return generate_fail(h, WEIR_E_UNSUP,
				     "this host runs no inputs");
	}
	for (int i = 0; i < N_FIELDS; i++)
		g->ids[i] = h->intern(h, generate_names[i],
				      (uint32_t)strlen(generate_names[i]));
	g->id_message = h->intern(h, "message", 7);
	rc = generate_series(g);
	if (rc) {
		free(g);
		return rc;
	}
	*inst = g;
	return WEIR_OK;
}

static void generate_destroy(void *inst)
{
	struct generate *g = inst;

	series_fini(&g->series);
	free(g);
}

static weir_rc generate_start(void *inst)
{
	struct generate *g = inst;

	g->paced_from = g->loop->clock(g->host);
	return WEIR_OK;
}

static void generate_stop(void *inst)
{
	struct generate *g = inst;

	g->loop->timer(g->host, 0, 0, 0);
}

static weir_rc generate_seek(void *inst, weir_bytes pos)
{
	struct generate *g = inst;

	if (pos.len != sizeof(g->next))
		return generate_fail(g->host, WEIR_E_STATE,
				     "the position is not 8 bytes long");
	memcpy(&g->next, pos.p, sizeof(g->next));
	if (g->cfg->count && g->next > (uint64_t)g->cfg->count)
		g->next = (uint64_t)g->cfg->count;
	return WEIR_OK;
}

static weir_rc generate_ack(void *inst, weir_bytes pos)
{
	(void)inst;
	(void)pos;
	return WEIR_OK;
}

static uint32_t generate_partition(weir_bytes pos)
{
	(void)pos;
	return 0; /* there is one */
}

/* In bytes, as the ability wants it: each record counts as one. */
static void generate_progress(void *inst, uint64_t *done, uint64_t *total)
{
	struct generate *g = inst;

	*done = __atomic_load_n(&g->done, __ATOMIC_RELAXED);
	*total = (uint64_t)g->cfg->count;
}

static const void *generate_get(const char *id)
{
	static const weir_on_loop on_loop = {
		.size = sizeof(on_loop),
		.on_timer = generate_on_timer,
	};
	static const weir_position position = {
		.size = sizeof(position),
		.seek = generate_seek,
		.ack = generate_ack,
		.partition = generate_partition,
	};
	static const weir_progress progress = {
		.size = sizeof(progress),
		.progress = generate_progress,
	};

	if (!strcmp(id, WEIR_X_LOOP))
		return &on_loop;
	if (!strcmp(id, WEIR_X_POSITION))
		return &position;
	return strcmp(id, WEIR_X_PROGRESS) ? NULL : &progress;
}

#define PARAM(NAME, TYPE, DFLT, RANGE, DOC)                                   \
	{                                                                     \
		.name = #NAME, .type = TYPE, .dflt = DFLT, .range = RANGE,    \
		.doc = DOC, .offset = offsetof(struct generate_cfg, NAME)     \
	}

static const weir_param generate_params[] = {
	PARAM(seed, WEIR_P_I64, "1", NULL,
	      "Another seed gives other records; the same one the same."),
	PARAM(count, WEIR_P_I64, "0", "0..",
	      "Records in all, then the input ends; 0 = without end."),
	PARAM(rate, WEIR_P_F64, "0.0", "0..",
	      "Records a second; 0 = as fast as they are taken."),
	PARAM(as, WEIR_P_ENUM, "\"record\"", "record|json",
	      "record: fields, ready to use. json: the same fields as JSON "
	      "text in `message`, for a parse stage to read."),
	PARAM(keys, WEIR_P_I64, "1000", "1..10000000",
	      "How many different values `key` has."),
	PARAM(skew, WEIR_P_F64, "0.0", "0..10",
	      "Zipf exponent of the keys: 0 = all alike, 1 = as words in a "
	      "text, more = a few keys have nearly everything."),
	PARAM(duplicates, WEIR_P_F64, "0.0", "0..0.95",
	      "Share of the records that repeat an earlier one."),
	PARAM(duplicate_window, WEIR_P_I64, "1000", "1..",
	      "How many records back a repeated one may lie."),
	PARAM(start_time, WEIR_P_STR, "\"2024-01-01T00:00:00Z\"", NULL,
	      "Event time of record 0, UTC."),
	PARAM(step, WEIR_P_DURATION, "\"1ms\"", "0s..",
	      "Event time from one record to the next."),
	PARAM(out_of_order, WEIR_P_F64, "0.0", "0..1",
	      "Share of the records whose event time is moved back by "
	      "something between 0 and out_of_order_by."),
	PARAM(out_of_order_by, WEIR_P_DURATION, "\"1s\"", "0s..",
	      "The most that out_of_order moves a time back."),
	PARAM(late, WEIR_P_F64, "0.0", "0..1",
	      "Share of the records whose event time is moved back by "
	      "late_by."),
	PARAM(late_by, WEIR_P_DURATION, "\"1h\"", "0s..",
	      "How much late records are moved back."),
	PARAM(poison, WEIR_P_F64, "0.0", "0..1",
	      "With as = \"json\": share of the texts that are cut off "
	      "somewhere, so that they are not JSON."),
	PARAM(payload, WEIR_P_SIZE, "0", "0..1MiB",
	      "Bytes of filler in a field `payload`; 0 = no such field."),
};

static const weir_ops generate_ops = {
	.size = sizeof(generate_ops),
	.create = generate_create,
	.destroy = generate_destroy,
	.start = generate_start,
	.stop = generate_stop,
	.poll = generate_poll,
	.get = generate_get,
};

static const weir_plugin generate_plugin = {
	.size = sizeof(generate_plugin),
	.abi_major = WEIR_ABI_MAJOR,
	.kind = WEIR_INPUT,
	.flags = WEIR_F_BOUNDED,
	.name = "generate",
	.id = "org.weir.input.generate",
	.version = "0.1.0",
	.vendor = "weir",
	.license = "Apache-2.0",
	.summary = "makes records from a seed, for tests and benches",
	.doc = "Record i is a pure function of the seed and i, so two runs "
	       "give the same records, a test can compute what must come out, "
	       "and a pipeline that starts again goes on at the record where "
	       "it was. The README has the formulas.\n\n"
	       "Fields: id, n (the record's number), key (\"k17\"), user "
	       "(\"u4711\"), value (0..999999), time, and payload where it "
	       "has a size. A duplicate has all fields of the record that it "
	       "repeats but n.",
	.example = "orders: { plugin = \"generate\"; seed = 7; "
		   "count = 100000; keys = 50; skew = 1.1; "
		   "duplicates = 0.05; };",
	.params = generate_params,
	.n_params = sizeof(generate_params) / sizeof(generate_params[0]),
	.param_stride = sizeof(weir_param),
	.cfg_size = sizeof(struct generate_cfg),
	.state_version = 1,
	.ops = &generate_ops,
};

WEIR_NOTE("org.weir.input.generate", "0.1.0", 1u << WEIR_INPUT);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &generate_plugin : NULL;
}
