/* manual.c - a plugin's manual, from its description. */
#include "plugin/manual.h"
#include "plugin/param_range.h"
#include "plugin/param_value.h"
#include "plugin/registry.h"
#include "base/mem.h"

#include <string.h>

#define MANUAL_WIDTH 80u
#define MANUAL_WIDTH_LEAST 40u
#define MANUAL_INDENT 4u

/* The plugin's own table, then those of the runtime. */
struct manual {
	const struct weir_plugin *desc;
	struct param_table own;
	const struct param_table *more;
	unsigned n_tables;
	unsigned width;
	struct str *to;
};

static struct manual manual_init(const struct weir_plugin *desc,
				 const struct param_table *more,
				 unsigned n_more, struct str *to)
{
	return (struct manual){
		.desc = desc,
		.own = param_table_of(desc),
		.more = more,
		.n_tables = n_more + 1,
		.width = MANUAL_WIDTH,
		.to = to,
	};
}

static const struct param_table *manual_table(const struct manual *m,
					      unsigned i)
{
	return i ? &m->more[i - 1] : &m->own;
}

/* ---- texts ------------------------------------------------------------- */

static void manual_blanks(struct str *to, unsigned n)
{
	while (n--)
		str_putc(to, ' ');
}

/* Columns, not bytes: what continues a character takes none. */
static unsigned manual_columns(const char *s, size_t n)
{
	unsigned columns = 0;

	for (size_t i = 0; i < n; i++)
		columns += (s[i] & 0xc0) != 0x80;
	return columns;
}

/* The words of one paragraph, up to the end of the text. */
static void manual_fill(const struct manual *m, const char *text, size_t n,
			unsigned indent)
{
	unsigned at = 0;

	for (size_t i = 0; i < n;) {
		size_t len = 0;
		unsigned columns;

		if (text[i] == ' ' || text[i] == '\n') {
			i++;
			continue;
		}
		while (i + len < n && text[i + len] != ' ' &&
		       text[i + len] != '\n')
			len++;
		columns = manual_columns(text + i, len);
		if (at && at + 1 + columns > m->width) {
			str_putc(m->to, '\n');
			at = 0;
		}
		if (!at)
			manual_blanks(m->to, indent);
		else
			str_putc(m->to, ' ');
		at += at ? 1 + columns : indent + columns;
		str_add(m->to, text + i, len);
		i += len;
	}
	if (at)
		str_putc(m->to, '\n');
}

/* Lines as they are. */
static void manual_verbatim(struct str *to, const char *text, unsigned indent)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		if (n)
			manual_blanks(to, indent);
		str_add(to, text, n);
		str_putc(to, '\n');
		text += n + (text[n] == '\n');
	}
}

/* Paragraphs with empty lines between; one that begins with a blank stays as
 * it is. */
static void manual_paragraphs(const struct manual *m, const char *text,
			      unsigned indent)
{
	int first = 1;

	while (*text) {
		const char *end;
		char *part;

		while (*text == '\n')
			text++;
		if (!*text)
			return;
		end = strstr(text, "\n\n");
		if (!end)
			end = text + strlen(text);
		if (!first)
			str_putc(m->to, '\n');
		first = 0;
		if (*text == ' ' || *text == '\t') {
			part = mem_dupn(text, (size_t)(end - text));
			manual_verbatim(m->to, part, indent);
			mem_free(part);
		} else {
			manual_fill(m, text, (size_t)(end - text), indent);
		}
		text = end;
	}
}

/* "lines, nul or length" from "lines|nul|length"; q: put around each. */
static void manual_choices(const char *range, const char *q, struct str *to)
{
	const char *at = range, *name;
	size_t n;
	int first = 1;

	while ((n = param_choice(&at, &name))) {
		str_puts(to, first ? "" : *at ? ", " : " or ");
		str_printf(to, "%s%.*s%s", q, (int)n, name, q);
		first = 0;
	}
}

static const char *manual_flag_words[] = {
	"required", "may change while it runs", "secret", "deprecated",
	"read", "written", "key", "ports",
};

/* "duration, 1ms..1h, default "100ms"". */
static void manual_traits(const struct weir_param *p, struct str *to)
{
	str_puts(to, param_type_say(p->type));
	if (p->range && p->type == WEIR_P_ENUM) {
		str_puts(to, ": ");
		manual_choices(p->range, "\"", to);
	} else if (p->range) {
		str_printf(to, ", %s", p->range);
	}
	for (unsigned i = 0; i < 4; i++)
		if (p->flags & 1u << i)
			str_printf(to, ", %s", manual_flag_words[i]);
	if (p->dflt)
		str_printf(to, ", default %s", p->dflt);
}

/* What becomes of fields and ports; "" where nothing does. */
static const char *manual_effect(const struct weir_param *p)
{
	if (p->flags & WEIR_PF_PORTS)
		return "Each name in it is a port of the stage.";
	if (p->flags & WEIR_PF_KEY)
		return "Records are partitioned by it.";
	return "";
}

/* ---- for a terminal ---------------------------------------------------- */

static void manual_heading(const struct manual *m, const char *text)
{
	str_printf(m->to, "\n%s\n", text);
}

static const char *manual_from(const struct weir_plugin *d)
{
	return d->kind == WEIR_INPUT ? "" : " from = \"...\";";
}

static void manual_synopsis(const struct manual *m)
{
	struct str line = {0};

	str_printf(&line, "NAME: { plugin = \"%s\";%s", m->desc->name,
		   manual_from(m->desc));
	for (unsigned t = 0; t < m->n_tables; t++)
		for (uint32_t i = 0; i < manual_table(m, t)->n; i++) {
			const struct weir_param *p =
				param_row(manual_table(m, t), i);

			if (p->flags & WEIR_PF_REQUIRED)
				str_printf(&line, " %s = ...;", p->name);
		}
	str_puts(&line, " ... };");
	manual_fill(m, line.p, line.n, MANUAL_INDENT);
	str_fini(&line);
}

static void manual_text_table(const struct manual *m,
			      const struct param_table *t)
{
	struct str line = {0};

	for (uint32_t i = 0; i < t->n; i++) {
		const struct weir_param *p = param_row(t, i);

		str_clear(&line);
		str_printf(&line, "%s (", p->name);
		manual_traits(p, &line);
		str_putc(&line, ')');
		manual_fill(m, line.p, line.n, MANUAL_INDENT);
		str_clear(&line);
		str_printf(&line, "%s %s", p->doc, manual_effect(p));
		manual_fill(m, line.p, line.n, 2 * MANUAL_INDENT);
		if (i + 1 < t->n)
			str_putc(m->to, '\n');
	}
	str_fini(&line);
}

static void manual_ports(const struct weir_plugin *d, const char *q,
			 struct str *to)
{
	str_printf(to, "%serrors%s (records that are refused)", q, q);
	if (d->ports) {
		str_puts(to, ", ");
		manual_choices(d->ports, q, to);
	}
	str_putc(to, '.');
}

void manual_text(const struct weir_plugin *desc, const struct param_table *more,
		 unsigned n_more, unsigned width, struct str *to)
{
	struct manual m = manual_init(desc, more, n_more, to);
	struct str line = {0};

	if (width)
		m.width = width < MANUAL_WIDTH_LEAST ? MANUAL_WIDTH_LEAST
						     : width;
	str_puts(to, "NAME\n");
	str_printf(&line, "%s (%s) - %s", desc->name,
		   registry_kind_say(desc->kind), desc->summary);
	manual_fill(&m, line.p, line.n, MANUAL_INDENT);
	manual_heading(&m, "SYNOPSIS");
	manual_synopsis(&m);
	if (desc->doc) {
		manual_heading(&m, "DESCRIPTION");
		manual_paragraphs(&m, desc->doc, MANUAL_INDENT);
	}
	for (unsigned t = 0; t < m.n_tables; t++)
		if (manual_table(&m, t)->n) {
			manual_heading(&m, manual_table(&m, t)->whose);
			manual_text_table(&m, manual_table(&m, t));
		}
	manual_heading(&m, "PORTS");
	str_clear(&line);
	manual_ports(desc, "", &line);
	manual_fill(&m, line.p, line.n, MANUAL_INDENT);
	if (desc->example) {
		manual_heading(&m, "EXAMPLE");
		manual_verbatim(to, desc->example, MANUAL_INDENT);
	}
	manual_heading(&m, "ABOUT");
	str_clear(&line);
	str_printf(&line, "%s %s, license %s%s%s", desc->id, desc->version,
		   desc->license, desc->vendor ? ", by " : "",
		   desc->vendor ? desc->vendor : "");
	manual_fill(&m, line.p, line.n, MANUAL_INDENT);
	str_fini(&line);
}

void manual_line(const struct weir_plugin *desc, struct str *to)
{
	str_printf(to, "%-9s  %-16s  %-8s  %s\n",
		   registry_kind_say(desc->kind), desc->name, desc->version,
		   desc->summary);
}

/* ---- Markdown ---------------------------------------------------------- */

/* A cell: one line, no bar that would end it. */
static void manual_cell(struct str *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			str_putc(to, '\\');
		str_putc(to, *text == '\n' ? ' ' : *text);
	}
}

static void manual_markdown_row(const struct weir_param *p, struct str *to)
{
	struct str cell = {0};

	str_printf(to, "| `%s` | %s | ", p->name, param_type_say(p->type));
	if (p->dflt) {
		str_puts(to, "`");
		manual_cell(to, p->dflt);
		str_puts(to, "`");
	} else {
		str_puts(to, p->flags & WEIR_PF_REQUIRED ? "required" : "");
	}
	str_puts(to, " | ");
	if (p->range && p->type == WEIR_P_ENUM)
		manual_choices(p->range, "`", &cell);
	else if (p->range)
		str_printf(&cell, "`%s`", p->range);
	manual_cell(to, str_get(&cell));
	str_puts(to, " | ");
	manual_cell(to, p->doc);
	if (*manual_effect(p))
		str_printf(to, " %s", manual_effect(p));
	for (unsigned i = 1; i < 4; i++)
		if (p->flags & 1u << i)
			str_printf(to, " *%s*", manual_flag_words[i]);
	str_puts(to, " |\n");
	str_fini(&cell);
}

/* "PARAMETERS" as a heading in a text: "Parameters". */
static void manual_markdown_heading(const char *whose, struct str *to)
{
	int first = 1;

	str_puts(to, "\n## ");
	for (; *whose; whose++, first = 0)
		if (*whose >= 'A' && *whose <= 'Z' && !first)
			str_putc(to, (char)(*whose + 32));
		else if (*whose >= 'a' && *whose <= 'z' && first)
			str_putc(to, (char)(*whose - 32));
		else
			str_putc(to, *whose);
	str_puts(to, "\n\n");
}

static void manual_markdown_table(const struct param_table *t, struct str *to)
{
	if (!t->n)
		return;
	manual_markdown_heading(t->whose, to);
	str_puts(to, "| name | type | default | range | what it is |\n"
		     "| --- | --- | --- | --- | --- |\n");
	for (uint32_t i = 0; i < t->n; i++)
		manual_markdown_row(param_row(t, i), to);
}

void manual_markdown(const struct weir_plugin *desc,
		     const struct param_table *more, unsigned n_more,
		     struct str *to)
{
	struct manual m = manual_init(desc, more, n_more, to);

	str_printf(to, "# %s (%s)\n\n%s\n", desc->name,
		   registry_kind_say(desc->kind), desc->summary);
	if (desc->doc) {
		str_putc(to, '\n');
		manual_paragraphs(&m, desc->doc, 0);
	}
	for (unsigned t = 0; t < m.n_tables; t++)
		manual_markdown_table(manual_table(&m, t), to);
	str_puts(to, "\n## Ports\n\n");
	manual_ports(desc, "`", to);
	str_putc(to, '\n');
	if (desc->example) {
		str_puts(to, "\n## Example\n\n```\n");
		manual_verbatim(to, desc->example, 0);
		str_puts(to, "```\n");
	}
}

/* ---- JSON -------------------------------------------------------------- */

static void manual_json_text(struct str *to, const char *key, const char *text)
{
	str_printf(to, "\"%s\":", key);
	if (text)
		str_json(to, text, strlen(text));
	else
		str_puts(to, "null");
}

static void manual_json_flags(uint32_t flags, const char *const *words,
			      unsigned n, struct str *to)
{
	int first = 1;

	str_putc(to, '[');
	for (unsigned i = 0; i < n; i++)
		if (flags & 1u << i) {
			str_printf(to, "%s\"%s\"", first ? "" : ",", words[i]);
			first = 0;
		}
	str_putc(to, ']');
}

static void manual_json_row(const struct weir_param *p, const char *whose,
			    struct str *to)
{
	static const char *const flags[] = {
		"required", "live", "secret", "deprecated",
		"reads",    "writes", "key",  "ports",
	};

	str_putc(to, '{');
	manual_json_text(to, "name", p->name);
	str_putc(to, ',');
	manual_json_text(to, "of", whose);
	str_putc(to, ',');
	manual_json_text(to, "type", param_type_say(p->type));
	str_putc(to, ',');
	manual_json_text(to, "default", p->dflt);
	str_putc(to, ',');
	manual_json_text(to, "range", p->range);
	str_puts(to, ",\"flags\":");
	manual_json_flags(p->flags, flags, NELEM(flags), to);
	str_putc(to, ',');
	manual_json_text(to, "doc", p->doc);
	str_putc(to, '}');
}

static void manual_json_ports(const char *ports, struct str *to)
{
	const char *name;
	size_t n;

	str_puts(to, "\"ports\":[\"errors\"");
	while (ports && (n = param_choice(&ports, &name))) {
		str_putc(to, ',');
		str_json(to, name, n);
	}
	str_putc(to, ']');
}

void manual_json(const struct weir_plugin *d, const struct param_table *more,
		 unsigned n_more, struct str *to)
{
	static const char *const flags[] = {"bytes", "single", "bounded",
					    "threads"};
	struct manual m = manual_init(d, more, n_more, to);
	const struct {
		const char *key, *text;
	} texts[] = {
		{"name", d->name},       {"kind", registry_kind_say(d->kind)},
		{"id", d->id},           {"version", d->version},
		{"vendor", d->vendor},   {"license", d->license},
		{"summary", d->summary}, {"doc", d->doc},
		{"example", d->example},
	};
	int first = 1;

	str_putc(to, '{');
	for (size_t i = 0; i < NELEM(texts); i++) {
		manual_json_text(to, texts[i].key, texts[i].text);
		str_putc(to, ',');
	}
	str_puts(to, "\"flags\":");
	manual_json_flags(d->flags, flags, NELEM(flags), to);
	str_putc(to, ',');
	manual_json_ports(d->ports, to);
	str_puts(to, ",\"parameters\":[");
	for (unsigned t = 0; t < m.n_tables; t++)
		for (uint32_t i = 0; i < manual_table(&m, t)->n; i++) {
			str_puts(to, first ? "" : ",");
			manual_json_row(param_row(manual_table(&m, t), i),
					t ? manual_table(&m, t)->whose :
					    "plugin", to);
			first = 0;
		}
	str_puts(to, "]}");
}
