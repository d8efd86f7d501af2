/* positions.c - where inputs go on after a restart, in one small file.
 *
 *   weir positions 1
 *   STAGE PARTITION POSITION      (both in hex; "-" when empty)
 *   end HASH                      (of all lines before it)
 *
 * A new version is written beside it, synced, renamed over it, and the folder
 * is synced: a crash leaves the old file or the new one. */
#define _GNU_SOURCE
#include "flow/positions.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POSITIONS_HEAD "weir positions 1\n"
#define POSITIONS_MOST ((uint64_t)64 << 20) /* bytes of a file we believe */

struct position {
	struct position *next;
	char *stage;
	char *partition, *pos; /* hex */
};

struct positions {
	const struct world *world;
	char *dir, *path;
	struct position *first;
	int dirty;
	int64_t saved; /* monotonic ns */
};

static char *positions_hex(weir_bytes b)
{
	const unsigned char *p = b.p;
	char *to = mem_alloc((size_t)b.len * 2 + 2);

	for (uint32_t i = 0; i < b.len; i++)
		snprintf(to + 2 * i, 3, "%02x", p[i]);
	if (!b.len)
		to[0] = '-';
	return to;
}

static int positions_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	       c >= 'a' && c <= 'f' ? c - 'a' + 10 :
				      -1;
}

/* In place of the text; returns the length, or -1. */
static int64_t positions_unhex(const char *hex, unsigned char *to)
{
	size_t n = strlen(hex);

	if (strcmp(hex, "-") == 0)
		return 0;
	for (size_t i = 0; i + 1 < n; i += 2) {
		int a = positions_digit(hex[i]), b = positions_digit(hex[i + 1]);

		if (a < 0 || b < 0)
			return -1;
		to[i / 2] = (unsigned char)(a << 4 | b);
	}
	return n % 2 ? -1 : (int64_t)(n / 2);
}

static struct position *positions_get(struct positions *p, const char *stage,
				      const char *partition)
{
	struct position *at;

	for (at = p->first; at; at = at->next)
		if (strcmp(at->stage, stage) == 0 &&
		    strcmp(at->partition, partition) == 0)
			return at;
	at = mem_alloc(sizeof(*at));
	at->stage = mem_dup(stage);
	at->partition = mem_dup(partition);
	at->next = p->first;
	p->first = at;
	return at;
}

void positions_set(struct positions *p, const char *stage,
		   weir_bytes partition, weir_bytes pos)
{
	char *key = positions_hex(partition), *value = positions_hex(pos);
	struct position *at = positions_get(p, stage, key);

	mem_free(key);
	if (at->pos && strcmp(at->pos, value) == 0) {
		mem_free(value);
		return;
	}
	mem_free(at->pos);
	at->pos = value;
	p->dirty = 1;
}

int positions_each(struct positions *p, const char *stage,
		   int (*each)(void *ctx, weir_bytes pos, struct err *e),
		   void *ctx, struct err *e)
{
	int rc = 0;

	for (struct position *at = p->first; at && !rc; at = at->next) {
		unsigned char *raw;
		int64_t n;

		if (strcmp(at->stage, stage) != 0)
			continue;
		raw = mem_alloc(strlen(at->pos));
		n = positions_unhex(at->pos, raw);
		if (n < 0)
			rc = err_set(e, "%s: the position of \"%s\" is damaged",
				     p->path, stage);
		else
			rc = each(ctx, (weir_bytes){raw, (uint32_t)n, 0}, e);
		mem_free(raw);
	}
	return rc;
}

/* ---- reading ----------------------------------------------------------- */

static int positions_damaged(const struct positions *p, struct err *e)
{
	return err_set(e,
		       "%s: damaged, so nobody knows where to go on: restore "
		       "it, or remove it to begin at the beginning",
		       p->path);
}

static int positions_parse(struct positions *p, char *text, size_t n,
			   struct err *e)
{
	char *end = n > 4 ? memmem(text, n, "\nend ", 5) : NULL;
	char *line, *save = NULL;
	struct position *at;
	uint64_t hash;

	if (!end || strncmp(text, POSITIONS_HEAD, strlen(POSITIONS_HEAD)) != 0)
		return positions_damaged(p, e);
	end++;
	hash = map_hash(text, (size_t)(end - text), 0);
	if (strtoull(end + 4, NULL, 16) != hash)
		return positions_damaged(p, e);
	*end = '\0';
	line = strtok_r(text + strlen(POSITIONS_HEAD), "\n", &save);
	for (; line; line = strtok_r(NULL, "\n", &save)) {
		char *in = NULL;
		const char *stage = strtok_r(line, " ", &in);
		const char *part = strtok_r(NULL, " ", &in);
		const char *pos = strtok_r(NULL, " ", &in);

		if (!stage || !part || !pos)
			return positions_damaged(p, e);
		at = positions_get(p, stage, part);
		if (at->pos)
			return positions_damaged(p, e); /* twice */
		at->pos = mem_dup(pos);
	}
	return 0;
}

static int positions_read(struct positions *p, struct err *e)
{
	const struct world *w = p->world;
	struct str text = {0};
	char buf[65536];
	int64_t n;
	int rc, fd = w->files->open(w->ctx, p->path, O_RDONLY, 0);

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(e, -fd, "%s", p->path);
	while ((n = w->files->read(w->ctx, fd, buf, sizeof(buf))) > 0 &&
	       text.n < POSITIONS_MOST)
		str_add(&text, buf, (size_t)n);
	w->files->close(w->ctx, fd);
	if (n < 0)
		rc = err_sys(e, (int)-n, "%s", p->path);
	else if (!text.n)
		rc = positions_damaged(p, e);
	else
		rc = positions_parse(p, text.p, text.n, e);
	str_fini(&text);
	return rc;
}

/* Makes the folder, and makes it durable, when it is missing. */
static int positions_folder(struct positions *p, struct err *e)
{
	const struct world *w = p->world;
	const char *slash = strrchr(p->dir, '/');
	char *above;
	int rc = w->files->mkdir(w->ctx, p->dir, 0755);

	if (rc == -EEXIST)
		return 0;
	if (!rc) {
		above = slash > p->dir ?
				mem_dupn(p->dir, (size_t)(slash - p->dir)) :
				mem_dup(slash ? "/" : ".");
		rc = w->files->syncdir(w->ctx, above);
		mem_free(above);
	}
	return rc ? err_sys(e, -rc, "data_dir %s", p->dir) : 0;
}

struct positions *positions_open(const struct world *w, const char *dir,
				 const char *pipeline, struct err *e)
{
	struct positions *p = mem_alloc(sizeof(*p));

	p->world = w;
	p->dir = mem_dup(dir);
	p->path = mem_printf("%s/%s.positions", dir, pipeline);
	if (positions_folder(p, e) || positions_read(p, e))
		positions_destroy(&p);
	return p;
}

void positions_destroy(struct positions **pp)
{
	struct positions *p = *pp;
	struct position *at;

	if (!p)
		return;
	*pp = NULL;
	while ((at = p->first)) {
		p->first = at->next;
		mem_free(at->stage);
		mem_free(at->partition);
		mem_free(at->pos);
		mem_free(at);
	}
	mem_free(p->dir);
	mem_free(p->path);
	mem_free(p);
}

/* ---- writing ----------------------------------------------------------- */

static int positions_write(struct positions *p, const char *temp,
			   const struct str *text, struct err *e)
{
	const struct world *w = p->world;
	int fd = w->files->open(w->ctx, temp, O_WRONLY | O_CREAT | O_TRUNC,
				0644);
	size_t at = 0;
	int64_t n = 0;
	int rc = 0;

	if (fd < 0)
		return err_sys(e, -fd, "%s", temp);
	while (at < text->n && n >= 0) {
		n = w->files->write(w->ctx, fd, text->p + at, text->n - at);
		at += n > 0 ? (size_t)n : 0;
	}
	if (n >= 0)
		n = w->files->sync(w->ctx, fd);
	w->files->close(w->ctx, fd);
	if (n < 0)
		return err_sys(e, (int)-n, "%s", temp);
	rc = w->files->rename(w->ctx, temp, p->path);
	if (!rc)
		rc = w->files->syncdir(w->ctx, p->dir);
	return rc < 0 ? err_sys(e, -rc, "%s", p->path) : 0;
}

int positions_save_now(struct positions *p, struct err *e)
{
	char *temp = mem_printf("%s.new", p->path);
	struct str text = {0};
	int rc;

	p->saved = world_mono(p->world);
	if (!p->dirty) {
		mem_free(temp);
		return 0;
	}
	str_puts(&text, POSITIONS_HEAD);
	for (struct position *at = p->first; at; at = at->next)
		str_printf(&text, "%s %s %s\n", at->stage, at->partition,
			   at->pos);
	str_printf(&text, "end %016llx\n",
		   (unsigned long long)map_hash(text.p, text.n, 0));
	rc = positions_write(p, temp, &text, e);
	if (!rc)
		p->dirty = 0;
	str_fini(&text);
	mem_free(temp);
	return rc;
}

int positions_save(struct positions *p, struct err *e)
{
	if (!p->dirty || world_mono(p->world) - p->saved < SEC)
		return 0;
	return positions_save_now(p, e);
}
