/* report.c - several mistakes told in one pass. */
#include "base/report.h"
#include "base/mem.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	const char *colour;
} report_levels[] = {
	[REPORT_ERROR] = {"error", "\033[1;31m"},
	[REPORT_WARN] = {"warning", "\033[1;33m"},
	[REPORT_ADVICE] = {"advice", "\033[1;36m"},
};

#define REPORT_BOLD "\033[1m"
#define REPORT_PLAIN "\033[0m"

void report_fini(struct report *r)
{
	struct report_item *i;

	while ((i = r->first)) {
		r->first = i->next;
		mem_free(i->file);
		mem_free(i->text);
		mem_free(i->detail);
		mem_free(i);
	}
	*r = (struct report){0};
}

void report_trim(struct report *r, enum report_level least)
{
	struct report_item **at = &r->first, *it;

	r->last = NULL;
	while ((it = *at)) {
		if (it->level <= least) {
			r->last = it;
			at = &it->next;
			continue;
		}
		r->warnings -= it->level == REPORT_WARN;
		*at = it->next;
		mem_free(it->file);
		mem_free(it->text);
		mem_free(it->detail);
		mem_free(it);
	}
}

struct report_item *report_add(struct report *r, enum report_level level,
			       const char *file, int line, const char *fmt,
			       ...)
{
	struct report_item *i = mem_alloc(sizeof(*i));
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	ASSERT(n >= 0);
	i->text = mem_alloc((size_t)n + 1);
	vsnprintf(i->text, (size_t)n + 1, fmt, again);
	va_end(again);
	i->level = level;
	i->file = mem_dup(file);
	i->line = line;
	if (r->last)
		r->last->next = i;
	else
		r->first = i;
	r->last = i;
	if (level == REPORT_ERROR)
		r->errors++;
	else if (level == REPORT_WARN)
		r->warnings++;
	return i;
}

/* An item and where it was added, which breaks ties. */
struct report_place {
	const struct report_item *item;
	size_t at;
};

/* By file, line and order of adding; what has no file comes last. */
static int report_order(const void *left, const void *right)
{
	const struct report_place *a = left, *b = right;
	int by;

	if (!a->item->file != !b->item->file)
		return a->item->file ? -1 : 1;
	by = a->item->file ? strcmp(a->item->file, b->item->file) : 0;
	if (by)
		return by;
	if (a->item->line != b->item->line)
		return a->item->line < b->item->line ? -1 : 1;
	return a->at < b->at ? -1 : 1;
}

static struct report_place *report_sorted(const struct report *r, size_t *n_r)
{
	struct report_place *places;
	size_t n = 0;

	for (const struct report_item *i = r->first; i; i = i->next)
		n++;
	places = mem_array(n, sizeof(*places));
	n = 0;
	for (const struct report_item *i = r->first; i; i = i->next, n++)
		places[n] = (struct report_place){i, n};
	if (n)
		qsort(places, n, sizeof(*places), report_order);
	*n_r = n;
	return places;
}

static void report_print_detail(const char *text, FILE *to)
{
	size_t n;

	while (*text) {
		n = strcspn(text, "\n");
		if (n)
			fprintf(to, "    %.*s", (int)n, text);
		fputc('\n', to);
		text += n + (text[n] == '\n');
	}
}

static void report_print_item(const struct report_item *i, FILE *to,
			      int colour)
{
	if (i->file) {
		fprintf(to, "%s%s", colour ? REPORT_BOLD : "", i->file);
		if (i->line)
			fprintf(to, ":%d", i->line);
		if (i->line && i->column)
			fprintf(to, ":%d", i->column);
		fprintf(to, ":%s ", colour ? REPORT_PLAIN : "");
	}
	fprintf(to, "%s%s:%s %s\n",
		colour ? report_levels[i->level].colour : "",
		report_levels[i->level].name, colour ? REPORT_PLAIN : "",
		i->text);
	if (i->detail)
		report_print_detail(i->detail, to);
}

void report_print(const struct report *r, FILE *to, int colour)
{
	size_t n;
	struct report_place *places = report_sorted(r, &n);

	for (size_t i = 0; i < n; i++)
		report_print_item(places[i].item, to, colour);
	mem_free(places);
}

static void report_json_text(struct str *to, const char *key, const char *text)
{
	str_printf(to, ",\"%s\":", key);
	if (text)
		str_json(to, text, strlen(text));
	else
		str_puts(to, "null");
}

void report_json(const struct report *r, struct str *to)
{
	size_t n;
	struct report_place *places = report_sorted(r, &n);

	str_putc(to, '[');
	for (size_t i = 0; i < n; i++) {
		const struct report_item *item = places[i].item;

		str_printf(to, "%s{\"level\":\"%s\"", i ? "," : "",
			   report_levels[item->level].name);
		report_json_text(to, "file", item->file);
		str_printf(to, ",\"line\":%d,\"column\":%d", item->line,
			   item->column);
		report_json_text(to, "text", item->text);
		report_json_text(to, "detail", item->detail);
		str_putc(to, '}');
	}
	str_putc(to, ']');
	mem_free(places);
}
