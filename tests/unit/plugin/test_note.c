/* test_note.c - the note of a plugin file is read from anything, safely. */
#define _GNU_SOURCE
#include "plugin/note.h"
#include "scratch.h"

#include <weir/plugin.h>

#include <elf.h>

TestSuite(note, .init = scratch_open, .fini = scratch_close);

static const char *refused(const char *path)
{
	static struct err e;
	struct note n;

	e = (struct err)ERR_NONE;
	cr_assert_eq(note_read(path, "/x/y.so", &n, &e), -1);
	cr_assert_eq(strncmp(e.text, "/x/y.so: ", 9), 0, "%s", e.text);
	return e.text;
}

Test(note, says_what_a_good_plugin_is)
{
	struct err e = ERR_NONE;
	struct note n;

	cr_assert_eq(note_read(scratch_plugin("transform_pass"), "x", &n, &e),
		     0, "%s", e.text);
	cr_assert_eq(n.abi_major, WEIR_ABI_MAJOR);
	cr_assert_eq(n.abi_minor, WEIR_ABI_MINOR);
	cr_assert_eq(n.layout, WEIR_LAYOUT);
	cr_assert_eq(n.kinds, 1u << WEIR_TRANSFORM);
	cr_assert_str_eq(n.id, "weir.test.pass");
	cr_assert_str_eq(n.version, "1.0.0");
	cr_assert(n.now);
	cr_assert_not(n.no_delete);
}

Test(note, says_which_abi_a_plugin_of_another_one_needs)
{
	HOLDS(refused(scratch_plugin("other_abi")),
	      "built for plugin ABI 3, this weir speaks ABI 0: rebuild it "
	      "against this SDK");
}

Test(note, refuses_another_layout_of_records)
{
	HOLDS(refused(scratch_plugin("other_layout")),
	      "another layout of records");
}

Test(note, asks_whether_the_macro_is_missing)
{
	HOLDS(refused(scratch_plugin("no_note")),
	      "is not a weir plugin: it has no .note.weir section (is "
	      "WEIR_NOTE missing?)");
}

Test(note, refuses_a_plugin_that_binds_its_symbols_late)
{
	HOLDS(refused(scratch_plugin("lazy")), "link it with -Wl,-z,now");
}

Test(note, refuses_what_is_no_shared_object)
{
	scratch_write(scratch("text"), "#!/bin/sh\n", 10);
	HOLDS(refused(scratch("text")), "not an ELF shared object");
	scratch_write(scratch("empty"), "", 0);
	HOLDS(refused(scratch("empty")), "not an ELF shared object");
	scratch_write(scratch("short"), "\177ELF\2\1\1", 7);
	HOLDS(refused(scratch("short")), "damaged or cut off: its ELF header");
	HOLDS(refused("/proc/self/exe"), "a program, not a shared object");
	HOLDS(refused(scratch_dir), "not a file");
	HOLDS(refused(scratch("nowhere")), "can't be opened: No such file");
}

/* A good plugin with one thing changed. */
static const char *changed(size_t at, unsigned char byte)
{
	size_t n;
	char *p = scratch_read(scratch_plugin("transform_pass"), &n);
	const char *why;

	cr_assert_lt(at, n);
	p[at] = (char)byte;
	scratch_write(scratch("changed.so"), p, n);
	free(p);
	why = refused(scratch("changed.so"));
	return why;
}

Test(note, refuses_another_processor)
{
	HOLDS(changed(offsetof(Elf64_Ehdr, e_machine), EM_S390),
	      "built for another processor (ELF machine 22)");
	HOLDS(changed(EI_CLASS, ELFCLASS32), "not a 64-bit ELF file");
	HOLDS(changed(EI_DATA, ELFDATA2MSB), "an ELF file of an unknown sort");
	HOLDS(changed(offsetof(Elf64_Ehdr, e_type), ET_REL), "an object file");
	HOLDS(changed(offsetof(Elf64_Ehdr, e_type), ET_CORE), "ELF type 4");
}

static size_t note_offset(const char *p, size_t n)
{
	static const char head[] = "\5\0\0\0\160\0\0\0\1\0\0\0weir";
	const char *at = memmem(p, n, head, sizeof(head) - 1);

	cr_assert_not_null(at);
	return (size_t)(at - p);
}

Test(note, refuses_an_id_that_does_not_end_or_cannot_be_printed)
{
	size_t n, at;
	char *p = scratch_read(scratch_plugin("transform_pass"), &n);

	at = note_offset(p, n) + offsetof(weir_note, id);
	memset(p + at, 'a', 64);
	scratch_write(scratch("a.so"), p, n);
	HOLDS(refused(scratch("a.so")), "is not what WEIR_NOTE writes");
	memcpy(p + at, "x\033[2J", 6);
	scratch_write(scratch("b.so"), p, n);
	HOLDS(refused(scratch("b.so")), "is not what WEIR_NOTE writes");
	free(p);
}

Test(note, refuses_a_file_wherever_it_was_cut_off)
{
	struct err e = ERR_NONE;
	struct note note;
	size_t n;
	char *p = scratch_read(scratch_plugin("transform_pass"), &n);
	const char *path = scratch("cut.so");
	/* The section table is the last thing in the file. */
	size_t whole = ((Elf64_Ehdr *)(void *)p)->e_shoff +
		       (size_t)((Elf64_Ehdr *)(void *)p)->e_shnum *
			       sizeof(Elf64_Shdr);

	for (size_t cut = 0; cut < whole; cut += cut < 512 ? 1 : 61) {
		scratch_write(path, p, cut);
		cr_assert_eq(note_read(path, path, &note, &e), -1,
			     "cut at %zu of %zu", cut, n);
		cr_assert(e.text[0]);
	}
	free(p);
}

Test(note, survives_any_byte_of_the_headers_being_wrong)
{
	size_t n;
	char *p = scratch_read(scratch_plugin("transform_pass"), &n);
	const Elf64_Ehdr *h = (const void *)p;
	const char *path = scratch("wrong.so");
	size_t shoff = h->e_shoff, end = n;
	unsigned seed = 1, good = 0, bad = 0;

	for (unsigned i = 0; i < 4000; i++) {
		struct err e = ERR_NONE;
		struct note note;
		size_t at;
		char old;

		seed = seed * 1103515245 + 12345;
		at = seed >> 8;
		at = i % 2 ? at % 1024 : shoff + at % (end - shoff);
		old = p[at];
		p[at] = (char)(seed >> 3);
		scratch_write(path, p, n);
		if (note_read(path, path, &note, &e) == 0)
			good++;
		else
			bad += e.text[0] != '\0';
		p[at] = old;
	}
	cr_assert_eq(good + bad, 4000); /* a refusal has a reason */
	cr_assert_gt(bad, 100);
	free(p);
}
