/* note.c - what a plugin file says about itself before any of its code runs. */
#define _GNU_SOURCE
#include "plugin/note.h"

#include <weir/plugin.h>

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOTE_SECTION ".note.weir"
#define NOTE_BUILD_ID_SECTION ".note.gnu.build-id"
#define NOTE_HEADERS_MOST 65535u
#define NOTE_DYNAMIC_MOST 4096u
#define NOTE_HEAD 20 /* bytes in front of weir_note.abi_major */

#if defined(__x86_64__)
#define NOTE_MACHINE EM_X86_64
#define NOTE_MACHINE_SAY "x86-64"
#elif defined(__aarch64__)
#define NOTE_MACHINE EM_AARCH64
#define NOTE_MACHINE_SAY "aarch64"
#elif defined(__riscv)
#define NOTE_MACHINE EM_RISCV
#define NOTE_MACHINE_SAY "riscv64"
#else
#error "which ELF machine is this? Add it above"
#endif

struct note_file {
	int fd;
	uint64_t bytes;
	const char *say;
	Elf64_Ehdr head;
	struct err *e;
};

static int note_refuse(const struct note_file *f, const char *fmt, ...)
	PRINTF(2, 3);

static int note_refuse(const struct note_file *f, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(f->e, "%s: %s", f->say, text);
}

/* n bytes at `at`, all or nothing. what: for the message. */
static int note_get(const struct note_file *f, uint64_t at, void *to, size_t n,
		    const char *what)
{
	size_t done = 0;

	if (at > f->bytes || n > f->bytes - at)
		return note_refuse(f, "damaged or cut off: its %s would end at "
				      "byte %llu, the file has %llu", what,
				   (unsigned long long)at + n,
				   (unsigned long long)f->bytes);
	while (done < n) {
		ssize_t k = pread(f->fd, (char *)to + done, n - done,
				  (off_t)(at + done));

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_sys(f->e, errno, "%s: can't be read",
				       f->say);
		if (k == 0)
			return note_refuse(f, "became shorter while it was "
					      "read");
		done += (size_t)k;
	}
	return 0;
}

/* ---- the head ---------------------------------------------------------- */

static int note_head(struct note_file *f)
{
	const unsigned char *id = f->head.e_ident;

	if (f->bytes < SELFMAG || note_get(f, 0, f->head.e_ident, SELFMAG, "")
	    || memcmp(id, ELFMAG, SELFMAG) != 0)
		return note_refuse(f, "not an ELF shared object: a plugin is a "
				      ".so file");
	if (note_get(f, 0, &f->head, sizeof(f->head), "ELF header"))
		return -1;
	if (id[EI_CLASS] != ELFCLASS64)
		return note_refuse(f, "not a 64-bit ELF file: build it for "
				      NOTE_MACHINE_SAY);
	if (id[EI_DATA] != ELFDATA2LSB || id[EI_VERSION] != EV_CURRENT ||
	    f->head.e_version != EV_CURRENT)
		return note_refuse(f, "an ELF file of an unknown sort: build "
				      "it for " NOTE_MACHINE_SAY);
	if (f->head.e_machine != NOTE_MACHINE)
		return note_refuse(f, "built for another processor (ELF "
				      "machine %u): build it for "
				   NOTE_MACHINE_SAY, f->head.e_machine);
	if (f->head.e_type == ET_EXEC)
		return note_refuse(f, "a program, not a shared object: link it "
				      "with -shared");
	if (f->head.e_type == ET_REL)
		return note_refuse(f, "an object file, not a shared object: "
				      "link it with -shared");
	if (f->head.e_type != ET_DYN)
		return note_refuse(f, "not an ELF shared object (ELF type %u)",
				   f->head.e_type);
	if (f->head.e_phentsize != sizeof(Elf64_Phdr) ||
	    (f->head.e_shnum && f->head.e_shentsize != sizeof(Elf64_Shdr)))
		return note_refuse(f, "damaged: the sizes in its ELF header "
				      "are wrong");
	return 0;
}

/* ---- segments: is it whole, and how is it bound? ------------------------ */

static int note_dynamic(const struct note_file *f, const Elf64_Phdr *seg,
			struct note *to)
{
	uint64_t n = seg->p_filesz / sizeof(Elf64_Dyn);

	if (n > NOTE_DYNAMIC_MOST)
		return note_refuse(f, "damaged: %llu dynamic entries",
				   (unsigned long long)n);
	for (uint64_t i = 0; i < n; i++) {
		Elf64_Dyn d;

		if (note_get(f, seg->p_offset + i * sizeof(d), &d, sizeof(d),
			     "dynamic section"))
			return -1;
		if (d.d_tag == DT_NULL)
			break;
		if (d.d_tag == DT_BIND_NOW ||
		    (d.d_tag == DT_FLAGS && d.d_un.d_val & DF_BIND_NOW) ||
		    (d.d_tag == DT_FLAGS_1 && d.d_un.d_val & DF_1_NOW))
			to->now = 1;
		if (d.d_tag == DT_FLAGS && d.d_un.d_val & DF_STATIC_TLS)
			to->static_tls = 1;
		if (d.d_tag != DT_FLAGS_1)
			continue;
		if (d.d_un.d_val & DF_1_NODELETE)
			to->no_delete = 1;
		if (d.d_un.d_val & DF_1_PIE)
			return note_refuse(f, "a program, not a shared object: "
					      "link it with -shared");
	}
	return 0;
}

static int note_segments(const struct note_file *f, struct note *to)
{
	int dynamic = 0;

	for (unsigned i = 0; i < f->head.e_phnum; i++) {
		Elf64_Phdr seg;

		if (f->head.e_phoff > f->bytes)
			return note_get(f, f->head.e_phoff, &seg, sizeof(seg),
					"program headers");
		if (note_get(f, f->head.e_phoff + i * sizeof(seg), &seg,
			     sizeof(seg), "program headers"))
			return -1;
		if (seg.p_type != PT_LOAD && seg.p_type != PT_DYNAMIC)
			continue;
		/* The dynamic linker maps what it is told to; what is not
		 * there is a bus error. */
		if (seg.p_offset > f->bytes ||
		    seg.p_filesz > f->bytes - seg.p_offset)
			return note_refuse(f, "damaged or cut off: a segment "
					      "lies behind its end at byte "
					      "%llu",
					   (unsigned long long)f->bytes);
		if (seg.p_type == PT_DYNAMIC) {
			dynamic = 1;
			if (note_dynamic(f, &seg, to))
				return -1;
		}
	}
	if (!dynamic)
		return note_refuse(f, "not an ELF shared object: it has no "
				      "dynamic section");
	return 0;
}

/* ---- sections ---------------------------------------------------------- */

struct note_names { /* the string table of section names */
	uint64_t at, bytes;
};

static int note_section_at(const struct note_file *f, unsigned i,
			   Elf64_Shdr *s)
{
	if (f->head.e_shoff > f->bytes)
		return note_refuse(f, "damaged or cut off: its section table "
				      "would begin at byte %llu, the file has "
				      "%llu",
				   (unsigned long long)f->head.e_shoff,
				   (unsigned long long)f->bytes);
	return note_get(f, f->head.e_shoff + i * sizeof(*s), s, sizeof(*s),
			"section table");
}

/* Is the section called `name`? */
static int note_is_called(const struct note_file *f,
			  const struct note_names *names, const Elf64_Shdr *s,
			  const char *name)
{
	size_t n = strlen(name) + 1;
	char text[32];

	if (s->sh_name > names->bytes || n > names->bytes - s->sh_name)
		return 0;
	return note_get(f, names->at + s->sh_name, text, n, "names") == 0 &&
	       memcmp(text, name, n) == 0;
}

/* The two sections that matter; one that is not there stays zero. */
static int note_sections(const struct note_file *f, Elf64_Shdr *weir,
			 Elf64_Shdr *build_id)
{
	struct note_names names;
	Elf64_Shdr s;

	if (f->head.e_shnum == 0)
		return 0;
	if (f->head.e_shstrndx >= f->head.e_shnum)
		return note_refuse(f, "damaged: no section holds the names of "
				      "its sections");
	if (note_section_at(f, f->head.e_shstrndx, &s))
		return -1;
	names = (struct note_names){s.sh_offset, s.sh_size};
	if (s.sh_offset > f->bytes || s.sh_size > f->bytes - s.sh_offset)
		return note_refuse(f, "damaged or cut off: the names of its "
				      "sections lie behind its end");
	for (unsigned i = 1; i < f->head.e_shnum; i++) {
		if (note_section_at(f, i, &s))
			return -1;
		if (s.sh_type == SHT_NULL || s.sh_type == SHT_NOBITS)
			continue;
		if (note_is_called(f, &names, &s, NOTE_SECTION))
			*weir = s;
		else if (note_is_called(f, &names, &s, NOTE_BUILD_ID_SECTION))
			*build_id = s;
	}
	return 0;
}

static int note_build_id(const struct note_file *f, const Elf64_Shdr *s,
			 struct note *to)
{
	Elf64_Nhdr h;
	size_t n;

	if (s->sh_type == SHT_NULL || s->sh_size < sizeof(h) + 4)
		return 0;
	if (note_get(f, s->sh_offset, &h, sizeof(h), "build id"))
		return -1;
	if (h.n_namesz != 4 || h.n_descsz > s->sh_size - sizeof(h) - 4)
		return 0;
	n = h.n_descsz < NOTE_BUILD_ID ? h.n_descsz : NOTE_BUILD_ID;
	if (note_get(f, s->sh_offset + sizeof(h) + 4, to->build_id, n,
		     "build id"))
		return -1;
	to->build_id_len = (uint32_t)n;
	return 0;
}

/* ---- the note itself --------------------------------------------------- */

/* A text of the note: printable, with its NUL inside, not empty. */
static int note_text(char *to, const char *from, size_t room)
{
	size_t n = strnlen(from, room);

	if (n == 0 || n == room)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (from[i] <= ' ' || from[i] > '~')
			return -1;
	memcpy(to, from, n + 1);
	return 0;
}

static int note_abi(const struct note_file *f, const weir_note *n)
{
	if (n->abi_major != WEIR_ABI_MAJOR)
		return note_refuse(f, "built for plugin ABI %u, this weir "
				      "speaks ABI %u: rebuild it against this "
				      "SDK", n->abi_major, WEIR_ABI_MAJOR);
	if (n->layout != WEIR_LAYOUT)
		return note_refuse(f, "built with another layout of records "
				      "(%08x, this weir has %08x): rebuild it "
				      "against this SDK", n->layout,
				   WEIR_LAYOUT);
	return 0;
}

static int note_weir(const struct note_file *f, const Elf64_Shdr *s,
		     struct note *to)
{
	const uint32_t all = 1u << WEIR_INPUT | 1u << WEIR_TRANSFORM |
			     1u << WEIR_OUTPUT;
	weir_note n = {0};
	size_t got;

	if (s->sh_type == SHT_NULL)
		return note_refuse(f, "is not a weir plugin: it has no "
				      NOTE_SECTION " section (is WEIR_NOTE "
				      "missing?)");
	/* Another ABI may have another size; its number comes first. */
	got = s->sh_size < sizeof(n) ? (size_t)s->sh_size : sizeof(n);
	if (note_get(f, s->sh_offset, &n, got, NOTE_SECTION " section"))
		return -1;
	if (got < NOTE_HEAD + 12 || n.namesz != 5 || n.type != 1 ||
	    memcmp(n.name, "weir\0\0\0", 8) != 0)
		return note_refuse(f, "its " NOTE_SECTION " section is not what "
				      "WEIR_NOTE writes");
	if (note_abi(f, &n))
		return -1;
	if (s->sh_size >= 2 * sizeof(n))
		return note_refuse(f, "has WEIR_NOTE more than once: write it "
				      "in one file only");
	if (s->sh_size != sizeof(n) || n.descsz != sizeof(n) - NOTE_HEAD ||
	    note_text(to->id, n.id, sizeof(n.id)) ||
	    note_text(to->version, n.version, sizeof(n.version)))
		return note_refuse(f, "its " NOTE_SECTION " section is not what "
				      "WEIR_NOTE writes: id and version are "
				      "texts without blanks of up to %d and "
				      "%d bytes", NOTE_ID - 1,
				   NOTE_VERSION - 1);
	if (n.kinds == 0 || n.kinds & ~all)
		return note_refuse(f, "the kinds in its WEIR_NOTE are %#x: "
				      "write 1 << WEIR_INPUT, 1 << "
				      "WEIR_TRANSFORM, 1 << WEIR_OUTPUT, with "
				      "| between", n.kinds);
	to->abi_major = n.abi_major;
	to->abi_minor = n.abi_minor;
	to->layout = n.layout;
	to->kinds = n.kinds;
	return 0;
}

static int note_all(struct note_file *f, struct note *to)
{
	Elf64_Shdr weir = {0}, build_id = {0};

	if (note_head(f) || note_segments(f, to) ||
	    note_sections(f, &weir, &build_id) || note_weir(f, &weir, to) ||
	    note_build_id(f, &build_id, to))
		return -1;
	if (!to->now)
		return note_refuse(f, "binds its symbols while it runs: link "
				      "it with -Wl,-z,now, so that a missing "
				      "one is found when it is loaded");
	return 0;
}

int note_read(const char *path, const char *say, struct note *note_r,
	      struct err *e)
{
	struct note_file f = {.say = say, .e = e};
	struct stat st;
	int rc;

	*note_r = (struct note){0};
	f.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (f.fd < 0)
		return err_sys(e, errno, "%s: can't be opened", say);
	if (fstat(f.fd, &st))
		rc = err_sys(e, errno, "%s", say);
	else if (!S_ISREG(st.st_mode))
		rc = err_set(e, "%s: not a file", say);
	else {
		f.bytes = (uint64_t)st.st_size;
		rc = note_all(&f, note_r);
	}
	close(f.fd);
	return rc;
}
