/* host.c - the services that every instance is lent. */
#include "plugin/host.h"
#include "base/log.h"
#include "base/mem.h"
#include "data/codec.h"
#include "data/name.h"
#include "data/timefmt.h"
#include "expr/expr.h"

#include <weir/service/codec.h>
#include <weir/service/expr.h>
#include <weir/service/file.h>
#include <weir/service/metrics.h>
#include <weir/service/time.h>

#include <string.h>

/* ---- the core ---------------------------------------------------------- */

static void host_log(const weir_host *h, int32_t level, const char *text,
		     uint32_t len)
{
	enum log_level l = level <= WEIR_LOG_ERROR ? LOG_ERROR :
			   level == WEIR_LOG_WARN  ? LOG_WARN :
			   level == WEIR_LOG_INFO  ? LOG_INFO :
						     LOG_DEBUG;

	log_say(l, "%s: %.*s", h->stage, (int)len, text);
}

static void host_error(const weir_host *h, const char *text, uint32_t len)
{
	struct instance *i = instance_of(h);

	if (len >= sizeof(i->error))
		len = sizeof(i->error) - 1;
	memcpy(i->error, text, len);
	i->error[len] = '\0';
}

static uint32_t host_intern(const weir_host *h, const char *name, uint32_t len)
{
	(void)h;
	return name_intern(name, len);
}

/* ---- weir.codec/1 ------------------------------------------------------ */

static weir_rc codec_service_decoder(const weir_host *h, const char *name,
				     const char *const *options, uint32_t n,
				     weir_decoder **out)
{
	struct instance *i = instance_of(h);
	struct err e = ERR_NONE;
	struct decoder *d = decoder_new(name, options, n, &e);

	if (!d) {
		host_error(h, e.text, (uint32_t)strlen(e.text));
		return WEIR_E_CONFIG;
	}
	MEM_GROW(i->decoders, i->n_decoders, i->decoders_room);
	i->decoders[i->n_decoders++] = d;
	*out = (weir_decoder *)d;
	return WEIR_OK;
}

static void codec_service_decode(const weir_host *h, weir_decoder *d,
				 weir_batch *b, uint32_t field, uint32_t into)
{
	(void)h;
	codec_decode_field((struct decoder *)d, batch_of(b), field, into);
}

static const weir_encoded *codec_service_encoded(const weir_host *h,
						 weir_batch *b)
{
	(void)h;
	ASSERT(batch_of(b)->encoded != NULL); /* only with WEIR_F_BYTES */
	return batch_of(b)->encoded;
}

static const weir_codec codec_service = {
	.size = sizeof(codec_service),
	.decoder = codec_service_decoder,
	.decode = codec_service_decode,
	.encoded = codec_service_encoded,
};

/* ---- weir.expr/1 ------------------------------------------------------- */

static void expr_service_test(const weir_host *h, const weir_expr *x,
			      weir_batch *b, uint8_t *pass)
{
	(void)h;
	expr_test(x, batch_of(b), pass);
}

static void expr_service_eval(const weir_host *h, const weir_expr *x,
			      weir_batch *b, weir_val *out)
{
	(void)h;
	expr_eval(x, batch_of(b), out);
}

static const weir_expr_service expr_service = {
	.size = sizeof(expr_service),
	.test = expr_service_test,
	.eval = expr_service_eval,
};

/* ---- weir.time/1 ------------------------------------------------------- */

static weir_rc time_service_parse(const weir_timefmt *f, const char *text,
				  uint32_t len, int64_t now, int64_t *ns)
{
	return timefmt_parse(f, text, len, now, ns) ? WEIR_E_RECORD : WEIR_OK;
}

static uint32_t time_service_format(const weir_timefmt *f, int64_t ns,
				    char *out, uint32_t room)
{
	return (uint32_t)timefmt_format(f, ns, out, room);
}

static const weir_time_service time_service = {
	.size = sizeof(time_service),
	.parse = time_service_parse,
	.format = time_service_format,
};

/* ---- weir.file/1 ------------------------------------------------------- */

static const struct world *host_world(const weir_host *h)
{
	return instance_of(h)->spec.world;
}

static int32_t file_service_open(const weir_host *h, const char *path,
				 int32_t flags, uint32_t mode)
{
	const struct world *w = host_world(h);

	return w->files->open(w->ctx, path, flags, mode);
}

static int32_t file_service_close(const weir_host *h, int32_t fd)
{
	const struct world *w = host_world(h);

	return w->files->close(w->ctx, fd);
}

static int64_t file_service_read(const weir_host *h, int32_t fd, void *p,
				 uint64_t n)
{
	const struct world *w = host_world(h);

	return w->files->read(w->ctx, fd, p, n);
}

static int64_t file_service_pread(const weir_host *h, int32_t fd, void *p,
				  uint64_t n, uint64_t offset)
{
	const struct world *w = host_world(h);

	return w->files->pread(w->ctx, fd, p, n, offset);
}

static int64_t file_service_write(const weir_host *h, int32_t fd,
				  const void *p, uint64_t n)
{
	const struct world *w = host_world(h);

	return w->files->write(w->ctx, fd, p, n);
}

static int32_t file_service_sync(const weir_host *h, int32_t fd)
{
	const struct world *w = host_world(h);

	return w->files->sync(w->ctx, fd);
}

static int32_t file_service_truncate(const weir_host *h, int32_t fd,
				     uint64_t bytes)
{
	const struct world *w = host_world(h);

	return w->files->truncate(w->ctx, fd, bytes);
}

static int32_t file_service_stat_out(int rc, const struct world_stat *st,
				     weir_stat *out)
{
	if (rc == 0)
		*out = (weir_stat){.dev = st->dev,
				   .ino = st->ino,
				   .bytes = st->bytes,
				   .mtime = st->mtime,
				   .mode = st->mode};
	return rc;
}

static int32_t file_service_stat(const weir_host *h, const char *path,
				 weir_stat *out)
{
	const struct world *w = host_world(h);
	struct world_stat st = {0};

	return file_service_stat_out(w->files->stat(w->ctx, path, &st), &st,
				     out);
}

static int32_t file_service_fstat(const weir_host *h, int32_t fd,
				  weir_stat *out)
{
	const struct world *w = host_world(h);
	struct world_stat st = {0};

	return file_service_stat_out(w->files->fstat(w->ctx, fd, &st), &st,
				     out);
}

static int32_t file_service_rename(const weir_host *h, const char *from,
				   const char *to)
{
	const struct world *w = host_world(h);

	return w->files->rename(w->ctx, from, to);
}

static int32_t file_service_unlink(const weir_host *h, const char *path)
{
	const struct world *w = host_world(h);

	return w->files->unlink(w->ctx, path);
}

static int32_t file_service_mkdir(const weir_host *h, const char *path,
				  uint32_t mode)
{
	const struct world *w = host_world(h);

	return w->files->mkdir(w->ctx, path, mode);
}

static int32_t file_service_syncdir(const weir_host *h, const char *path)
{
	const struct world *w = host_world(h);

	return w->files->syncdir(w->ctx, path);
}

static int32_t file_service_glob(const weir_host *h, const char *pattern,
				 void (*each)(void *, const char *), void *ctx)
{
	const struct world *w = host_world(h);

	return w->files->glob(w->ctx, pattern, each, ctx);
}

static const weir_file file_service = {
	.size = sizeof(file_service),
	.open = file_service_open,
	.close = file_service_close,
	.read = file_service_read,
	.pread = file_service_pread,
	.write = file_service_write,
	.sync = file_service_sync,
	.truncate = file_service_truncate,
	.stat = file_service_stat,
	.fstat = file_service_fstat,
	.rename = file_service_rename,
	.unlink = file_service_unlink,
	.mkdir = file_service_mkdir,
	.syncdir = file_service_syncdir,
	.glob = file_service_glob,
};

/* ---- weir.metrics/1 ---------------------------------------------------- */

static uint64_t *metrics_service_cell(const weir_host *h, const char *name,
				      const char *help, int gauge)
{
	struct instance *i = instance_of(h);
	struct metric *m;

	for (m = i->metrics; m; m = m->next)
		if (strcmp(m->name, name) == 0)
			return &m->value;
	m = mem_alloc(sizeof(*m));
	m->name = mem_dup(name);
	m->help = mem_dup(help);
	m->gauge = gauge;
	m->next = i->metrics;
	i->metrics = m;
	return &m->value;
}

static uint64_t *metrics_service_counter(const weir_host *h, const char *name,
					 const char *help)
{
	return metrics_service_cell(h, name, help, 0);
}

static uint64_t *metrics_service_gauge(const weir_host *h, const char *name,
				       const char *help)
{
	return metrics_service_cell(h, name, help, 1);
}

static const weir_metrics metrics_service = {
	.size = sizeof(metrics_service),
	.counter = metrics_service_counter,
	.gauge = metrics_service_gauge,
};

/* ---- by id ------------------------------------------------------------- */

static const struct service host_services[] = {
	{WEIR_H_CODEC, &codec_service},     {WEIR_H_EXPR, &expr_service},
	{WEIR_H_TIME, &time_service},       {WEIR_H_FILE, &file_service},
	{WEIR_H_METRICS, &metrics_service},
};

static const void *host_get(const weir_host *h, const char *id)
{
	const struct instance_spec *s = &instance_of(h)->spec;

	for (unsigned k = 0; k < s->n_services; k++)
		if (strcmp(s->services[k].id, id) == 0)
			return s->services[k].table;
	for (size_t k = 0; k < NELEM(host_services); k++)
		if (strcmp(host_services[k].id, id) == 0)
			return host_services[k].table;
	return NULL;
}

void host_init(weir_host *h, struct instance *i)
{
	*h = (weir_host){
		.size = sizeof(*h),
		.abi_minor = WEIR_ABI_MINOR,
		.ctx = i,
		.stage = i->spec.stage,
		.pipeline = i->spec.pipeline,
		.version = HOST_VERSION,
		.log = host_log,
		.error = host_error,
		.intern = host_intern,
		.get = host_get,
	};
}
