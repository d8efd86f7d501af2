/* test_describe.c - a description that cannot work is refused with what is
 * wrong in it. */
#define _GNU_SOURCE
#include "plugin/describe.h"
#include "scratch.h"

static weir_rc create(const weir_host *h, const void *cfg, void **inst)
{
	(void)h;
	(void)cfg;
	(void)inst;
	return WEIR_OK;
}

static void destroy(void *inst)
{
	(void)inst;
}

static weir_rc process(void *inst, weir_batch *b)
{
	(void)inst;
	(void)b;
	return WEIR_OK;
}

static weir_rc poll_some(void *inst, uint64_t budget_ns)
{
	(void)inst;
	(void)budget_ns;
	return WEIR_DONE;
}

static weir_ops ops;
static weir_plugin desc;

static void begin(void)
{
	ops = (weir_ops){.size = sizeof(ops),
			 .create = create,
			 .destroy = destroy,
			 .process = process};
	desc = (weir_plugin){.size = sizeof(desc),
			     .abi_major = WEIR_ABI_MAJOR,
			     .kind = WEIR_TRANSFORM,
			     .name = "x",
			     .id = "org.example.x",
			     .version = "1",
			     .license = "MIT",
			     .summary = "does x",
			     .ops = &ops};
}

TestSuite(describe, .init = begin);

/* What is said after `change`, which is undone. */
#define REFUSED(change)                                                       \
	({                                                                    \
		static struct err e_;                                         \
		e_ = (struct err)ERR_NONE;                                    \
		begin();                                                      \
		change;                                                       \
		cr_assert_eq(describe_check(&desc, &e_), -1);                 \
		e_.text;                                                      \
	})

Test(describe, lets_a_sound_one_through)
{
	struct err e = ERR_NONE;

	cr_assert_eq(describe_check(&desc, &e), 0, "%s", e.text);
	desc.ports = "late|audit";
	cr_assert_eq(describe_check(&desc, &e), 0, "%s", e.text);
	desc.kind = WEIR_INPUT;
	desc.flags = WEIR_F_BYTES | WEIR_F_BOUNDED;
	ops.process = NULL;
	ops.poll = poll_some;
	cr_assert_eq(describe_check(&desc, &e), 0, "%s", e.text);
	desc.size += 8; /* a newer one, with more behind */
	cr_assert_eq(describe_check(&desc, &e), 0, "%s", e.text);
}

Test(describe, wants_sizes_and_versions)
{
	HOLDS(REFUSED(desc.size = 8), "set size to sizeof(weir_plugin)");
	HOLDS(REFUSED(desc.abi_major = 7), "abi_major is 7");
	HOLDS(REFUSED(ops.size = 0), "set size to sizeof(weir_ops)");
	HOLDS(REFUSED(desc.kind = 4), "kind is 4");
	HOLDS(REFUSED(desc.ops = NULL), "it has no functions");
}

Test(describe, wants_texts)
{
	HOLDS(REFUSED(desc.name = "Geo IP"), "its name has to be");
	HOLDS(REFUSED(desc.name = NULL), "its name has to be");
	HOLDS(REFUSED(desc.id = "x"), "not a reverse domain name");
	HOLDS(REFUSED(desc.id = NULL), "id is missing");
	HOLDS(REFUSED(desc.version = ""), "version is missing");
	HOLDS(REFUSED(desc.license = NULL), "license is missing");
	HOLDS(REFUSED(desc.summary = "a\nb"), "more than one line");
}

Test(describe, wants_the_functions_of_the_kind)
{
	HOLDS(REFUSED(ops.create = NULL), "plugin \"x\": it has no create()");
	HOLDS(REFUSED(ops.destroy = NULL), "it has no destroy()");
	HOLDS(REFUSED(ops.process = NULL), "a transform has process()");
	HOLDS(REFUSED(ops.poll = poll_some), "a transform has process() and "
					     "no poll()");
	HOLDS(REFUSED(desc.kind = WEIR_INPUT), "an input has poll()");
	HOLDS(REFUSED(desc.kind = WEIR_OUTPUT; ops.process = NULL),
	      "an output has process()");
}

Test(describe, wants_flags_that_go_with_the_kind)
{
	HOLDS(REFUSED(desc.flags = WEIR_F_BYTES), "for inputs and outputs");
	HOLDS(REFUSED(desc.flags = WEIR_F_BOUNDED), "for inputs");
	HOLDS(REFUSED(desc.flags = WEIR_F_SINGLE; desc.kind = WEIR_OUTPUT),
	      "for transforms");
}

Test(describe, wants_ports_with_names_of_their_own)
{
	HOLDS(REFUSED(desc.ports = "late|late"), "\"late\" is there twice");
	HOLDS(REFUSED(desc.ports = "errors"), "\"errors\" can't be called so");
	HOLDS(REFUSED(desc.ports = ""), "can't be called so");
	HOLDS(REFUSED(desc.ports = "a|"), "can't be called so");
}

Test(describe, keeps_the_names_of_the_runtime)
{
	static const weir_param from = {"from", NULL, NULL, "Of what.",
					WEIR_P_STR, 0, 0, 0};

	HOLDS(REFUSED(desc.params = &from; desc.n_params = 1;
		      desc.param_stride = sizeof(from); desc.cfg_size = 8),
	      "parameter \"from\": the name is the runtime's");
}

static const weir_plugin *twice(uint32_t index)
{
	return index < 2 ? &desc : NULL;
}

static const weir_plugin *none(uint32_t index)
{
	(void)index;
	return NULL;
}

Test(describe, wants_each_plugin_once_and_at_least_one)
{
	const weir_plugin *got[4];
	struct err e = ERR_NONE;

	cr_assert_eq(describe_all(twice, got, 4, &e), -1);
	HOLDS(e.text, "plugin \"x\" is there twice");
	cr_assert_eq(describe_all(none, got, 4, &e), -1);
	HOLDS(e.text, "there is no plugin inside");
}
