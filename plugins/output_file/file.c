/* file.c - output_file, the plugin: records to files. */
#include "pack.h"
#include "target.h"

#include <weir/ability/loop.h>
#include <weir/service/codec.h>
#include <weir/service/loop.h>
#include <weir/weir.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODE_APPEND, MODE_REPLACE };
enum { SYNC_NEVER, SYNC_BATCH, SYNC_INTERVAL };
enum { COOKIE_SYNC = 1, COOKIE_ROTATE };

struct file_cfg {
	const char *path;
	uint32_t mode;
	uint64_t rotate_bytes;
	int64_t rotate_every;
	uint32_t compress;
	int64_t level;
	uint32_t create_dirs;
	uint32_t sync;
	int64_t sync_every;
	const char *permissions;
};

struct file_output {
	const weir_host *host;
	const weir_codec *codec;
	const weir_loop *loop;
	const struct file_cfg *cfg;
	struct target target;
	struct pack *pack;   /* NULL: compress = "none" */
	int timed;           /* the path has the time in it */
	int64_t opened;      /* the current file: the loop's clock */
	uint64_t whole;      /* its bytes up to the last whole record */
	int headed;          /* it has its header line, if there is one */
	char path[NAME_MOST]; /* of the batch, the time filled in */
};

static weir_rc file_fail(struct file_output *out, weir_rc rc)
{
	const char *text = out->target.error;

	out->host->error(out->host, text, (uint32_t)strlen(text));
	return rc;
}

static void file_warn(struct file_output *out)
{
	const char *text = out->target.error;

	out->host->log(out->host, WEIR_LOG_ERROR, text,
		       (uint32_t)strlen(text));
}

/* --- which file ---------------------------------------------------------- */

static weir_rc file_path(struct file_output *out, int64_t now)
{
	if (!out->timed || now == WEIR_NO_TIME)
		return WEIR_OK;
	if (name_at(out->cfg->path, now, out->path, sizeof(out->path)) == 0)
		return WEIR_OK;
	snprintf(out->target.error, sizeof(out->target.error),
		 "%s: makes no name, or one that is too long",
		 out->cfg->path);
	return file_fail(out, WEIR_E_RETRY);
}

static int file_open(struct file_output *out)
{
	int rc = target_open(&out->target, out->path);

	if (rc < 0)
		return rc;
	out->opened = out->loop->clock(out->host);
	out->whole = out->target.bytes;
	out->headed = out->target.bytes > 0;
	return 0;
}

/* Whether the open file is not the one for the next record. */
static int file_is_over(struct file_output *out)
{
	const struct file_cfg *c = out->cfg;
	const struct target *t = &out->target;

	if (t->fd < 0)
		return t->stuck;
	if (strcmp(t->path, out->path) != 0)
		return 1;
	if (!t->bytes)
		return 0;
	return (c->rotate_bytes && t->bytes >= c->rotate_bytes) ||
	       (c->rotate_every && out->loop->clock(out->host) -
						   out->opened >=
					   c->rotate_every);
}

/* The open file is the right one, and nothing torn is at its end. */
static int file_ready(struct file_output *out)
{
	struct target *t = &out->target;
	int rc;

	if (t->fd >= 0 && t->bytes != out->whole) {
		rc = target_cut(t, out->whole);
		if (rc == -EBUSY) { /* said once; it stays torn */
			file_warn(out);
			out->whole = t->bytes;
		} else if (rc < 0) {
			return rc;
		}
	}
	if (file_is_over(out)) {
		rc = target_finish(t);
		if (rc == -EEXIST)
			file_warn(out);
		else if (rc < 0)
			return rc;
	}
	return t->fd < 0 ? file_open(out) : 0;
}

/* --- batches ------------------------------------------------------------- */

/* Marks the records from `from` that end by `at`; returns where the last of
 * them ends. */
static uint64_t file_mark(weir_batch *b, const weir_encoded *e, uint32_t from,
			  uint64_t at)
{
	uint64_t whole = from ? e->ends[from - 1] : 0;

	for (uint32_t i = from; i < e->n && e->ends[i] <= at; i++) {
		weir_rec *r = weir_rec_at(b, i);

		if (!r->err)
			r->flags |= WEIR_RF_DONE;
		whole = e->ends[i];
	}
	return whole;
}

/* Records [from, to), as they are. What a failing write has torn is taken
 * back at once, or at the latest before the next write. */
static int file_plain(struct file_output *out, weir_batch *b,
		      const weir_encoded *e, uint32_t from, uint32_t to)
{
	uint64_t start = from ? e->ends[from - 1] : 0, done, whole;
	int rc = target_write(&out->target, e->data + start,
			      e->ends[to - 1] - start, &done);

	whole = file_mark(b, e, from, start + done) - start;
	out->whole += whole;
	if (rc < 0 && out->target.bytes != out->whole) {
		char why[sizeof(out->target.error)];

		memcpy(why, out->target.error, sizeof(why));
		target_cut(&out->target, out->whole);
		memcpy(out->target.error, why, sizeof(why));
	}
	return rc;
}

static int file_no_memory(struct file_output *out, uint64_t bytes)
{
	snprintf(out->target.error, sizeof(out->target.error),
		 "no memory to compress %llu bytes",
		 (unsigned long long)bytes);
	return -ENOMEM;
}

/* The same as one member or frame: all of it or nothing. */
static int file_packed(struct file_output *out, weir_batch *b,
		       const weir_encoded *e, uint32_t from, uint32_t to)
{
	uint64_t start = from ? e->ends[from - 1] : 0, done;
	size_t n;
	const char *p;
	int rc;

	if (e->ends[to - 1] == start)
		return 0;
	p = pack_bytes(out->pack, e->data + start, e->ends[to - 1] - start,
		       &n);
	if (!p)
		return file_no_memory(out, e->ends[to - 1] - start);
	rc = target_write(&out->target, p, n, &done);
	if (rc == 0) {
		out->whole = out->target.bytes;
		file_mark(b, e, from, e->ends[to - 1]);
	} else {
		target_cut(&out->target, out->whole);
	}
	return rc;
}

/* What the format wants at the beginning of each file. */
static int file_head(struct file_output *out, const weir_encoded *e)
{
	const char *p = e->head;
	size_t n = e->head_len;
	uint64_t done;
	int rc;

	if (out->headed || !n)
		return 0;
	if (out->pack)
		p = pack_bytes(out->pack, e->head, e->head_len, &n);
	if (!p)
		return file_no_memory(out, n);
	rc = target_write(&out->target, p, n, &done);
	if (rc < 0)
		return rc; /* file_ready() takes back what there is of it */
	out->whole = out->target.bytes;
	out->headed = 1;
	return 0;
}

/* How many records from `from` go into the open file: up to the one that
 * fills it, and none that is marked as done. */
static uint32_t file_run(const struct file_output *out, weir_batch *b,
			 const weir_encoded *e, uint32_t from)
{
	uint64_t start = from ? e->ends[from - 1] : 0;
	uint64_t most = out->cfg->rotate_bytes;
	uint32_t to = from;

	do
		to++;
	while (to < e->n && !(weir_rec_at(b, to)->flags & WEIR_RF_DONE) &&
	       (!most || out->pack ||
		out->target.bytes + (e->ends[to - 1] - start) < most));
	return to;
}

static int file_write(struct file_output *out, weir_batch *b,
		      const weir_encoded *e)
{
	uint32_t from = 0, to;
	int rc;

	while (from < e->n) {
		if (weir_rec_at(b, from)->flags & WEIR_RF_DONE) {
			from++;
			continue;
		}
		rc = file_ready(out);
		if (rc == 0)
			rc = file_head(out, e);
		if (rc < 0)
			return rc;
		to = file_run(out, b, e, from);
		rc = out->pack ? file_packed(out, b, e, from, to)
			       : file_plain(out, b, e, from, to);
		if (rc < 0)
			return rc;
		from = to;
	}
	return 0;
}

/* Nothing of the batch counts as delivered before it is on the disk. */
static weir_rc file_sync_batch(struct file_output *out)
{
	if (out->target.fd < 0 || target_sync(&out->target) == 0)
		return WEIR_OK;
	/* The kernel may have dropped what it could not write, also of
	 * earlier batches: going on would hide that. */
	return file_fail(out, WEIR_E_FATAL);
}

static weir_rc file_process(void *inst, weir_batch *b)
{
	struct file_output *out = inst;
	const weir_encoded *e = out->codec->encoded(out->host, b);
	weir_rc rc = file_path(out, b->now);

	if (rc)
		return rc;
	if (file_write(out, b, e) < 0) {
		if (out->cfg->sync == SYNC_BATCH &&
		    file_sync_batch(out) != WEIR_OK)
			return WEIR_E_FATAL;
		return file_fail(out, WEIR_E_RETRY);
	}
	return out->cfg->sync == SYNC_BATCH ? file_sync_batch(out) : WEIR_OK;
}

static weir_rc file_on_timer(void *inst, uint64_t cookie)
{
	struct file_output *out = inst;

	if (cookie == COOKIE_SYNC)
		return file_sync_batch(out);
	/* A file whose time is up is finished though nothing more comes. */
	if (file_is_over(out) && target_finish(&out->target) < 0)
		file_warn(out); /* process() tries again, and says it */
	return WEIR_OK;
}

/* --- life ---------------------------------------------------------------- */

static weir_rc file_text(const weir_host *h, weir_rc rc, const char *text)
{
	h->error(h, text, (uint32_t)strlen(text));
	return rc;
}

static weir_rc file_check(const weir_host *h, const struct file_cfg *c,
			  unsigned *mode_r)
{
	char *end;
	unsigned long mode = strtoul(c->permissions, &end, 8);

	if (!*c->path)
		return file_text(h, WEIR_E_CONFIG, "path is empty");
	if (!*c->permissions || *end || mode > 0777)
		return file_text(h, WEIR_E_CONFIG, "permissions have to be "
				 "written in octal, as in \"0644\"");
	if (c->level && c->compress == PACK_NONE)
		return file_text(h, WEIR_E_CONFIG, "level needs compress = "
				 "\"gzip\" or \"zstd\"");
	if (c->compress == PACK_GZIP && c->level > 9)
		return file_text(h, WEIR_E_CONFIG,
				 "level: gzip knows 1 to 9");
	*mode_r = (unsigned)mode;
	return WEIR_OK;
}

static weir_rc file_create(const weir_host *h, const void *cfg, void **inst)
{
	const struct file_cfg *c = cfg;
	const weir_file *files = h->get(h, WEIR_H_FILE);
	struct file_output *out;
	unsigned mode = 0;
	weir_rc rc = file_check(h, c, &mode);

	if (rc)
		return rc;
	out = calloc(1, sizeof(*out));
	if (!out)
		return file_text(h, WEIR_E_FATAL, "no memory");
	out->host = h;
	out->cfg = c;
	out->codec = h->get(h, WEIR_H_CODEC);
	out->loop = h->get(h, WEIR_H_LOOP);
	if (!files || !out->codec || !out->loop) {
		free(out);
		return file_text(h, WEIR_E_UNSUP, "this host lends no files");
	}
	target_init(&out->target, h, files);
	out->target.suffix = pack_suffix(c->compress);
	out->target.permissions = mode;
	out->target.create_dirs = (int)c->create_dirs;
	out->target.replace = c->mode == MODE_REPLACE;
	out->target.numbered = c->rotate_bytes || c->rotate_every ||
			       c->compress != PACK_NONE;
	out->timed = name_has_time(c->path);
	*inst = out;
	return WEIR_OK;
}

static void file_destroy(void *inst)
{
	free(inst);
}

static void file_tell_left(void *ctx, const char *name)
{
	struct file_output *out = ctx;
	size_t n = strlen(name);
	char text[NAME_MOST + 128];

	if (!name_number_of(out->path, name) || n < 5 ||
	    strcmp(name + n - 5, ".part") != 0)
		return;
	snprintf(text, sizeof(text), "%s: was left by a run that did not end "
		 "in order; it holds whole records up to there and is not "
		 "touched", name);
	out->host->log(out->host, WEIR_LOG_WARN, text,
		       (uint32_t)strlen(text));
}

/* A path without a time is opened now, so that what cannot be written is
 * found now. */
static weir_rc file_start(void *inst)
{
	struct file_output *out = inst;
	const struct file_cfg *c = out->cfg;
	char pattern[NAME_MOST * 2];
	int64_t look;

	if (c->compress != PACK_NONE) {
		out->pack = pack_new(c->compress, (int)c->level);
		if (!out->pack)
			return file_text(out->host, WEIR_E_FATAL,
					 "no memory for the compressor");
	}
	if (!out->timed) {
		if (name_at(c->path, 0, out->path, sizeof(out->path)))
			return file_text(out->host, WEIR_E_CONFIG,
					 "path is too long");
		if (out->target.numbered &&
		    !name_pattern(out->path, pattern, sizeof(pattern)))
			out->target.file->glob(out->host, pattern,
					       file_tell_left, out);
		if (file_open(out) < 0) {
			pack_destroy(&out->pack);
			return file_fail(out, WEIR_E_CONFIG);
		}
	}
	if (c->sync == SYNC_INTERVAL)
		out->loop->timer(out->host, COOKIE_SYNC,
				 (uint64_t)c->sync_every,
				 (uint64_t)c->sync_every);
	if (c->rotate_every) {
		look = c->rotate_every / 4 + 1;
		out->loop->timer(out->host, COOKIE_ROTATE, (uint64_t)look,
				 (uint64_t)look);
	}
	return WEIR_OK;
}

static void file_stop(void *inst)
{
	struct file_output *out = inst;
	struct target *t = &out->target;

	out->loop->timer(out->host, COOKIE_SYNC, 0, 0);
	out->loop->timer(out->host, COOKIE_ROTATE, 0, 0);
	if (t->fd >= 0 && t->bytes != out->whole &&
	    target_cut(t, out->whole) < 0)
		file_warn(out);
	if (t->fd >= 0 && out->cfg->sync != SYNC_NEVER && target_sync(t) < 0)
		file_warn(out);
	if (target_finish(t) < 0)
		file_warn(out);
	pack_destroy(&out->pack);
}

static const void *file_get(const char *id)
{
	static const weir_on_loop on_loop = {
		.size = sizeof(on_loop),
		.on_timer = file_on_timer,
	};

	return strcmp(id, WEIR_X_LOOP) ? NULL : &on_loop;
}

/* --- the description ----------------------------------------------------- */

#define PARAM(NAME, TYPE, DFLT, RANGE, FLAGS, DOC)                            \
	{                                                                     \
		.name = #NAME, .type = TYPE, .dflt = DFLT, .range = RANGE,    \
		.flags = FLAGS, .doc = DOC,                                   \
		.offset = offsetof(struct file_cfg, NAME)                     \
	}

static const weir_param file_params[] = {
	PARAM(path, WEIR_P_STR, NULL, NULL, WEIR_PF_REQUIRED,
	      "The file. strftime directives such as %Y-%m-%d are filled in "
	      "from the time at which a batch came in (UTC); write %% for a "
	      "percent sign."),
	PARAM(mode, WEIR_P_ENUM, "\"append\"", "append|replace", 0,
	      "append: go on behind what is there. replace: empty it at the "
	      "start. Numbered files are always new ones."),
	PARAM(rotate_bytes, WEIR_P_SIZE, "0", "0..", 0,
	      "Begin a new numbered file when this one has so many bytes on "
	      "disk; 0 = never."),
	PARAM(rotate_every, WEIR_P_DURATION, "\"0s\"", "0s..", 0,
	      "Begin a new numbered file when this one is so old; 0s = "
	      "never."),
	PARAM(compress, WEIR_P_ENUM, "\"none\"", "none|gzip|zstd", 0,
	      "Compress; the file is numbered and gets .gz or .zst."),
	PARAM(level, WEIR_P_I64, "0", "0..19", 0,
	      "How hard to compress; 0 = the library's default (gzip 6, "
	      "zstd 3)."),
	PARAM(create_dirs, WEIR_P_BOOL, "false", NULL, 0,
	      "Make the directories of the path that are missing."),
	PARAM(sync, WEIR_P_ENUM, "\"never\"", "never|batch|interval", 0,
	      "When written bytes are forced to the disk: left to the kernel, "
	      "after each batch, or every sync_every. Finished numbered files "
	      "always are."),
	PARAM(sync_every, WEIR_P_DURATION, "\"1s\"", "1ms..", 0,
	      "For sync = \"interval\"."),
	PARAM(permissions, WEIR_P_STR, "\"0644\"", NULL, 0,
	      "Of files that are made, in octal; the umask is taken off."),
};

static const weir_ops file_ops = {
	.size = sizeof(file_ops),
	.create = file_create,
	.destroy = file_destroy,
	.start = file_start,
	.stop = file_stop,
	.process = file_process,
	.get = file_get,
};

static const weir_plugin file_plugin = {
	.size = sizeof(file_plugin),
	.abi_major = WEIR_ABI_MAJOR,
	.kind = WEIR_OUTPUT,
	.flags = WEIR_F_BYTES,
	.name = "file",
	.id = "org.weir.output.file",
	.version = "0.1.0",
	.vendor = "weir",
	.license = "Apache-2.0",
	.summary = "writes to files: appended, rotated, compressed",
	.doc = "Appends to a file, or writes numbered files one after the "
	       "other (app-000001.ndjson), compressed if wanted. A numbered "
	       "file has a name that ends in .part until it is whole; then it "
	       "is synced and renamed, so whoever finds it without .part finds "
	       "all of it. No file is ever overwritten.\n\n"
	       "A full disk or a failing write is tried again with the host's "
	       "backoff: a record that was cut is taken back, so that none is "
	       "torn, lost or repeated.",
	.example = "report: { plugin = \"file\"; from = \"hourly\"; "
		   "path = \"report.ndjson\"; encode = \"json\"; };",
	.params = file_params,
	.n_params = sizeof(file_params) / sizeof(file_params[0]),
	.param_stride = sizeof(weir_param),
	.cfg_size = sizeof(struct file_cfg),
	.ops = &file_ops,
};

WEIR_NOTE("org.weir.output.file", "0.1.0", 1u << WEIR_OUTPUT);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &file_plugin : NULL;
}
