/* name.c - putting times and numbers into paths, and finding them again. */
#include "name.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define NAME_DIGITS 6 /* at least; more when they are needed */

int name_has_time(const char *path)
{
	for (const char *p = path; (p = strchr(p, '%')); p += 2) {
		if (p[1] != '%')
			return p[1] != '\0';
	}
	return 0;
}

int name_at(const char *path, int64_t ns, char *to, size_t room)
{
	time_t seconds = (time_t)(ns / 1000000000 - (ns % 1000000000 < 0));
	struct tm tm;

	if (!gmtime_r(&seconds, &tm))
		return -1;
	return strftime(to, room, path, &tm) ? 0 : -1;
}

/* How many bytes stand before the extension: the last dot of the last part
 * of the path, unless that part begins with it. */
static size_t name_stem(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');

	return dot && dot > name ? (size_t)(dot - path) : strlen(path);
}

int name_numbered(const char *path, uint64_t number, const char *suffix,
		  char *to, size_t room)
{
	size_t stem = name_stem(path);
	int n = snprintf(to, room, "%.*s-%0*llu%s%s", (int)stem, path,
			 NAME_DIGITS, (unsigned long long)number, path + stem,
			 suffix);

	return n < 0 || (size_t)n >= room ? -1 : 0;
}

uint64_t name_number_of(const char *path, const char *name)
{
	size_t stem = name_stem(path), extension = strlen(path + stem);
	uint64_t number = 0;
	const char *p, *digits;

	if (strncmp(name, path, stem) != 0 || name[stem] != '-')
		return 0;
	for (p = digits = name + stem + 1; *p >= '0' && *p <= '9'; p++)
		number = number * 10 + (uint64_t)(*p - '0');
	if (p - digits < NAME_DIGITS || p - digits > 18 ||
	    strncmp(p, path + stem, extension) != 0)
		return 0;
	p += extension;
	return *p == '\0' || *p == '.' ? number : 0;
}

int name_pattern(const char *path, char *to, size_t room)
{
	size_t stem = name_stem(path), n = 0;

	for (size_t i = 0; i < stem; i++) {
		if (n + 4 >= room)
			return -1;
		if (strchr("*?[\\", path[i]))
			to[n++] = '\\';
		to[n++] = path[i];
	}
	if (n + 3 > room)
		return -1;
	memcpy(to + n, "-*", 3);
	return 0;
}
