/* file.c - input_file, the plugin: files to their end, or followed. */
#include "file.h"

#include <weir/ability/loop.h>
#include <weir/ability/position.h>
#include <weir/ability/progress.h>

#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_TURN_NS 2000000 /* one turn when the loop calls us */

/* --- shared by the parts ------------------------------------------------- */

void file_log(const struct file_input *in, int32_t level, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(text))
		n = sizeof(text) - 1;
	in->host->log(in->host, level, text, (uint32_t)n);
}

weir_rc file_fail(const struct file_input *in, weir_rc rc, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(text))
		n = sizeof(text) - 1;
	in->host->error(in->host, text, (uint32_t)n);
	return rc;
}

/* As the host does it: out of memory is not survived, a checkpoint is. */
void *file_alloc(void *old, size_t bytes)
{
	void *p = realloc(old, bytes);

	if (!p)
		abort();
	return p;
}

char *file_strdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(file_alloc(NULL, n), s, n);
}

int file_is_pattern(const char *path)
{
	return strpbrk(path, "*?[") != NULL;
}

int file_excluded(const struct file_input *in, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	for (uint32_t i = 0; i < in->cfg->exclude.n; i++) {
		const char *not = in->cfg->exclude.s[i];

		if (fnmatch(not, path, 0) == 0 || fnmatch(not, name, 0) == 0)
			return 1;
	}
	return 0;
}

struct file_count {
	void (*each)(void *ctx, const char *path);
	void *ctx;
	int64_t n;
};

static void file_counted(void *ctx, const char *path)
{
	struct file_count *c = ctx;

	c->n++;
	c->each(c->ctx, path);
}

int64_t file_expand(const struct file_input *in, const char *pattern,
		    void (*each)(void *ctx, const char *path), void *ctx)
{
	struct file_count c = {each, ctx, 0};
	weir_stat st;
	int32_t rc;

	rc = in->file->stat(in->host, pattern, &st);
	if (rc == 0) {
		each(ctx, pattern);
		return 1;
	}
	if (!file_is_pattern(pattern))
		return rc;
	rc = in->file->glob(in->host, pattern, file_counted, &c);
	return rc < 0 && rc != -ENOENT ? rc : c.n;
}

/* --- life ---------------------------------------------------------------- */

static weir_rc file_create(const weir_host *h, const void *cfg, void **inst)
{
	struct file_input *in = file_alloc(NULL, sizeof(*in));

	memset(in, 0, sizeof(*in));
	in->host = h;
	in->cfg = cfg;
	in->emit = h->get(h, WEIR_H_EMIT);
	in->loop = h->get(h, WEIR_H_LOOP);
	in->file = h->get(h, WEIR_H_FILE);
	if (!in->emit || !in->loop || !in->file) {
		file_fail(in, WEIR_E_UNSUP, "this host lends no files");
		free(in);
		return WEIR_E_UNSUP;
	}
	*inst = in;
	return WEIR_OK;
}

static void file_destroy(void *inst)
{
	struct file_input *in = inst;

	restore_fini(in);
	free(in);
}

static weir_rc file_start(void *inst)
{
	struct file_input *in = inst;

	return in->cfg->at_end == AT_END_STOP ? once_start(in)
					      : follow_start(in);
}

static void file_stop(void *inst)
{
	struct file_input *in = inst;

	once_stop(in);
	follow_stop(in);
}

static weir_rc file_poll(void *inst, uint64_t budget_ns)
{
	struct file_input *in = inst;
	int64_t until = in->loop->clock(in->host) + (int64_t)budget_ns;

	return in->once ? once_poll(in, until) : follow_poll(in, until);
}

static weir_rc file_wake(struct file_input *in, uint64_t cookie)
{
	if (in->follow)
		follow_wake(in, cookie);
	return file_poll(in, FILE_TURN_NS);
}

static weir_rc file_on_timer(void *inst, uint64_t cookie)
{
	return file_wake(inst, cookie);
}

static weir_rc file_on_io(void *inst, uint64_t cookie, uint32_t events)
{
	(void)events;
	return file_wake(inst, cookie);
}

/* --- abilities ----------------------------------------------------------- */

static weir_rc file_seek(void *inst, weir_bytes pos)
{
	struct file_input *in = inst;

	if (restore_add(in, pos) == 0)
		return WEIR_OK;
	return file_fail(in, WEIR_E_STATE, "a saved position of %u bytes is "
			 "not one of this plugin's", pos.len);
}

static weir_rc file_ack(void *inst, weir_bytes pos)
{
	(void)inst; /* a file need not be told */
	(void)pos;
	return WEIR_OK;
}

static uint32_t file_partition(weir_bytes pos)
{
	return pos.len < POSITION_PARTITION ? pos.len : POSITION_PARTITION;
}

static void file_progress(void *inst, uint64_t *done, uint64_t *total)
{
	struct file_input *in = inst;

	*done = __atomic_load_n(&in->done, __ATOMIC_RELAXED);
	*total = __atomic_load_n(&in->total, __ATOMIC_RELAXED);
}

static const void *file_get(const char *id)
{
	static const weir_on_loop on_loop = {
		.size = sizeof(on_loop),
		.on_timer = file_on_timer,
		.on_io = file_on_io,
	};
	static const weir_position position = {
		.size = sizeof(position),
		.seek = file_seek,
		.ack = file_ack,
		.partition = file_partition,
	};
	static const weir_progress progress = {
		.size = sizeof(progress),
		.progress = file_progress,
	};

	if (!strcmp(id, WEIR_X_LOOP))
		return &on_loop;
	if (!strcmp(id, WEIR_X_POSITION))
		return &position;
	return strcmp(id, WEIR_X_PROGRESS) ? NULL : &progress;
}

/* --- the description ----------------------------------------------------- */

#define PARAM(NAME, TYPE, DFLT, RANGE, FLAGS, DOC)                            \
	{                                                                     \
		.name = #NAME, .type = TYPE, .dflt = DFLT, .range = RANGE,    \
		.flags = FLAGS, .doc = DOC,                                   \
		.offset = offsetof(struct file_cfg, NAME)                     \
	}

static const weir_param file_params[] = {
	PARAM(path, WEIR_P_STRLIST, NULL, NULL, WEIR_PF_REQUIRED,
	      "The file, or a glob such as \"/var/log/*.log\", or a list of "
	      "them."),
	PARAM(exclude, WEIR_P_STRLIST, NULL, NULL, 0,
	      "Globs of files to leave out; matched with the whole path and "
	      "with the name alone."),
	PARAM(at_end, WEIR_P_ENUM, "\"follow\"", "follow|stop", 0,
	      "follow: wait for more, for new files and for rotation. stop: "
	      "read what is there, in sorted order, and end."),
	PARAM(start, WEIR_P_ENUM, "\"beginning\"", "beginning|end", 0,
	      "Following, where to begin in files that are there at the very "
	      "first start. Files that appear later are read whole."),
	PARAM(allow_empty, WEIR_P_BOOL, "false", NULL, 0,
	      "With at_end = \"stop\": no matching file is not an error."),
	PARAM(scan_every, WEIR_P_DURATION, "\"1s\"", "10ms..", 0,
	      "Following: how often new and renamed files are looked for; "
	      "where inotify works they are found at once."),
	PARAM(poll, WEIR_P_DURATION, "\"250ms\"", "10ms..", 0,
	      "Following: how often files are looked at for new bytes; where "
	      "inotify works they are seen at once."),
	PARAM(rotate_wait, WEIR_P_DURATION, "\"5s\"", "0s..", 0,
	      "Following: how long a renamed or deleted file is still read "
	      "after the last bytes that were appended to it."),
};

static const weir_ops file_ops = {
	.size = sizeof(file_ops),
	.create = file_create,
	.destroy = file_destroy,
	.start = file_start,
	.stop = file_stop,
	.poll = file_poll,
	.get = file_get,
};

static const weir_plugin file_plugin = {
	.size = sizeof(file_plugin),
	.abi_major = WEIR_ABI_MAJOR,
	.kind = WEIR_INPUT,
	.flags = WEIR_F_BYTES | WEIR_F_BOUNDED,
	.name = "file",
	.id = "org.weir.input.file",
	.version = "0.1.0",
	.vendor = "weir",
	.license = "Apache-2.0",
	.summary = "reads files: to their end, or followed like tail -F",
	.doc = "Reads files to their end, one after the other, or follows "
	       "them and everything that appears under the same glob. A "
	       "followed file may be renamed, deleted, or copied and "
	       "truncated: the old content is read to its end and the new "
	       "one from its beginning. Files are known by inode and content, "
	       "so that reading goes on where it stood when weir is started "
	       "again, even in a file that was rotated meanwhile.\n\n"
	       "gzip and zstd files are unpacked with at_end = \"stop\"; what "
	       "is torn or corrupt goes to the errors port with a text that "
	       "says where, and the next file goes on.",
	.example = "logs: { plugin = \"file\"; path = \"/var/log/app/*.log\"; "
		   "exclude = \"*.debug.log\"; };",
	.params = file_params,
	.n_params = sizeof(file_params) / sizeof(file_params[0]),
	.param_stride = sizeof(weir_param),
	.cfg_size = sizeof(struct file_cfg),
	.state_version = POSITION_VERSION,
	.ops = &file_ops,
};

WEIR_NOTE("org.weir.input.file", "0.1.0", 1u << WEIR_INPUT);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &file_plugin : NULL;
}
