/* manual_template.c - a stage to paste into a config, from a plugin's description. */
#include "plugin/manual.h"
#include "base/mem.h"

#include <string.h>

#define TEMPLATE_WIDTH 79u

/* Something of the right type, to be replaced. */
static void template_value(const struct weir_param *p, struct str *to)
{
	const char *range = p->range;
	size_t lo = range ? strcspn(range, ".") : 0;

	switch (p->type) {
	case WEIR_P_BOOL:
		str_puts(to, "false");
		break;
	case WEIR_P_I64:
	case WEIR_P_F64:
		if (lo)
			str_add(to, range, lo);
		else
			str_puts(to, "0");
		break;
	case WEIR_P_DURATION:
	case WEIR_P_SIZE:
		if (lo)
			str_printf(to, "\"%.*s\"", (int)lo, range);
		else
			str_puts(to, p->type == WEIR_P_SIZE ? "\"1MiB\""
							    : "\"1s\"");
		break;
	case WEIR_P_ENUM:
		str_printf(to, "\"%.*s\"", (int)strcspn(range, "|"), range);
		break;
	case WEIR_P_FIELDLIST:
	case WEIR_P_STRLIST:
		str_puts(to, "[\"...\"]");
		break;
	case WEIR_P_STRMAP:
		str_puts(to, "{ name = \"...\"; }");
		break;
	case WEIR_P_EXPRMAP:
		str_puts(to, "{ name = \"true\"; }");
		break;
	case WEIR_P_EXPR:
		str_puts(to, "\"true\"");
		break;
	default:
		str_puts(to, "\"...\"");
	}
}

struct template {
	const struct param_table *table;
	struct str *to;
};

static void template_line(const struct template *t, unsigned depth, int open)
{
	str_puts(t->to, open ? "\t" : "\t# ");
	while (depth--)
		str_putc(t->to, '\t');
}

/* As comments, filled to the width; no line of the text may end one. */
static void template_comment(const struct template *t, const char *text,
			     unsigned depth)
{
	unsigned at = 0;

	while (*(text += strspn(text, " \n"))) {
		unsigned n = (unsigned)strcspn(text, " \n");

		if (at && at + 1 + n > TEMPLATE_WIDTH) {
			str_putc(t->to, '\n');
			at = 0;
		}
		if (!at) {
			for (unsigned i = 0; i <= depth; i++)
				str_putc(t->to, '\t');
			str_putc(t->to, '#');
			at = 8 * (depth + 1) + 1;
		}
		str_printf(t->to, " %.*s", (int)n, text);
		at += 1 + n;
		text += n;
	}
	str_putc(t->to, '\n');
}

static void template_row(const struct template *t, const struct weir_param *p,
			 const char *name, unsigned depth)
{
	int open = (p->flags & WEIR_PF_REQUIRED) != 0;

	template_comment(t, p->doc, depth);
	template_line(t, depth, open);
	str_printf(t->to, "%s = ", name);
	if (p->dflt)
		str_puts(t->to, p->dflt);
	else
		template_value(p, t->to);
	str_puts(t->to, ";\n");
}

/* Is something required below this group? */
static int template_needs(const struct template *t, const char *prefix)
{
	size_t n = strlen(prefix);

	for (uint32_t i = 0; i < t->table->n; i++) {
		const struct weir_param *p = param_row(t->table, i);

		if (strncmp(p->name, prefix, n) == 0 &&
		    p->flags & WEIR_PF_REQUIRED)
			return 1;
	}
	return 0;
}

/* Is row i the first with this prefix? Then its group is written there. */
static int template_first(const struct template *t, uint32_t i,
			  const char *prefix)
{
	for (uint32_t k = 0; k < i; k++)
		if (strncmp(param_row(t->table, k)->name, prefix,
			    strlen(prefix)) == 0)
			return 0;
	return 1;
}

/* The rows below `prefix` ("" or "time."); those with more dots as groups of
 * their own. */
static void template_group(const struct template *t, const char *prefix,
			   unsigned depth)
{
	size_t n = strlen(prefix);

	for (uint32_t i = 0; i < t->table->n; i++) {
		const struct weir_param *p = param_row(t->table, i);
		const char *name = p->name + n, *dot;
		char *deeper;
		int open;

		if (strncmp(p->name, prefix, n) != 0)
			continue;
		dot = strchr(name, '.');
		if (!dot) {
			template_row(t, p, name, depth);
			continue;
		}
		deeper = mem_dupn(p->name, (size_t)(dot + 1 - p->name));
		if (template_first(t, i, deeper)) {
			open = template_needs(t, deeper);
			template_line(t, depth, open);
			str_printf(t->to, "%.*s = {\n", (int)(dot - name),
				   name);
			template_group(t, deeper, depth + 1);
			template_line(t, depth, open);
			str_puts(t->to, "};\n");
		}
		mem_free(deeper);
	}
}

void manual_template(const struct weir_plugin *desc,
		     const struct param_table *more, unsigned n_more,
		     struct str *to)
{
	struct param_table own = param_table_of(desc);
	struct template t = {&own, to};

	str_printf(to, "# %s\nNAME: {\n\tplugin = \"%s\";\n", desc->summary,
		   desc->name);
	if (desc->kind != WEIR_INPUT)
		str_puts(to, "\t# The stage, stage.port or list of them that it "
			     "takes records from.\n\tfrom = \"...\";\n");
	template_group(&t, "", 0);
	for (unsigned i = 0; i < n_more; i++) {
		if (!more[i].n)
			continue;
		str_printf(to, "\n\t# -- %s --\n", more[i].whose);
		t.table = &more[i];
		template_group(&t, "", 0);
	}
	str_puts(to, "};\n");
}
