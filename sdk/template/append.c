/* append.c - an output: appends to a file.
 *
 * An output only sends. The host has made bytes of the records already, in the
 * format that the config asks for, and tries again what failed: the output
 * marks what it has delivered, and says why the rest did not work. */
#include <weir/service/codec.h>
#include <weir/service/file.h>
#include <weir/weir.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

struct config {
	const char *path;
};

struct append {
	const weir_host *host;
	const weir_codec *codec;
	const weir_file *file;
	const struct config *cfg;
	int32_t fd;
	uint64_t written; /* of a record that was cut off by a failure */
};

static weir_rc append_create(const weir_host *host, const void *cfg,
			     void **inst)
{
	struct append *a = (struct append *)calloc(1, sizeof(*a));

	if (!a)
		return WEIR_E_LIMIT;
	a->host = host;
	a->codec = (const weir_codec *)host->get(host, WEIR_H_CODEC);
	a->file = (const weir_file *)host->get(host, WEIR_H_FILE);
	a->cfg = (const struct config *)cfg;
	a->fd = -1;
	*inst = a;
	return WEIR_OK;
}

static void append_destroy(void *inst)
{
	free(inst);
}

/* The host puts file, line and stage in front of the text. */
static weir_rc append_failed(struct append *a, int64_t err, weir_rc rc)
{
	const char *why = strerror((int)-err);

	a->host->error(a->host, why, (uint32_t)strlen(why));
	return rc;
}

static weir_rc append_start(void *inst)
{
	struct append *a = (struct append *)inst;

	a->fd = a->file->open(a->host, a->cfg->path,
			      O_WRONLY | O_CREAT | O_APPEND, 0644);
	return a->fd < 0 ? append_failed(a, a->fd, WEIR_E_CONFIG) : WEIR_OK;
}

static void append_stop(void *inst)
{
	struct append *a = (struct append *)inst;

	a->file->close(a->host, a->fd);
}

/* Marks every record that is whole in the file by now. */
static void append_mark(struct append *a, weir_batch *b,
			const weir_encoded *e, uint64_t done)
{
	uint64_t begins = 0;
	uint32_t i;

	for (i = 0; i < e->n && e->ends[i] <= done; i++) {
		weir_rec_at(b, i)->flags |= WEIR_RF_DONE;
		begins = e->ends[i];
	}
	a->written = done - begins;
}

static weir_rc append_process(void *inst, weir_batch *b)
{
	struct append *a = (struct append *)inst;
	const weir_encoded *e = a->codec->encoded(a->host, b);
	uint64_t done = a->written; /* go on inside the first record */

	while (done < e->len) {
		int64_t n = a->file->write(a->host, a->fd, e->data + done,
					   e->len - done);

		if (n < 0) {
			append_mark(a, b, e, done);
			return append_failed(a, n, WEIR_E_RETRY);
		}
		done += (uint64_t)n;
	}
	a->written = 0;
	return WEIR_OK;
}

static const weir_param append_params[] = {
	{"path", NULL, NULL, "The file; it is made when it is missing.",
	 WEIR_P_STR, WEIR_PF_REQUIRED, offsetof(struct config, path), 0},
};

static const weir_ops append_ops = {
	sizeof(weir_ops), 0,	       append_create, append_destroy,
	append_start,	  append_stop, NULL,	      append_process,
	NULL,
};

static const weir_plugin append_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_OUTPUT,
	WEIR_F_BYTES,
	"append",
	"org.example.append",
	"1.0.0",
	"you",
	"Apache-2.0",
	"appends to a file",
	NULL,
	"out: { plugin = \"append\"; from = \"tagged\"; path = \"out.ndjson\"; };",
	NULL,
	append_params,
	sizeof(append_params) / sizeof(append_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	0,
	&append_ops,
};

WEIR_NOTE("org.example.append", "1.0.0", 1u << WEIR_OUTPUT);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &append_plugin : NULL;
}
