/* log.c - lines for the person who runs it, on stderr.
 *
 * A line is built first and written in one piece under a lock, so lines of
 * several threads never mix. What comes from outside may hold control
 * characters: they are shown escaped, so nobody can forge a line. */
#define _GNU_SOURCE
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/thr.h"
#include "base/world.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOG_RARE_KEYS 4096 /* more keys than this share one entry */

/* What log_rare() knows about a key. */
struct log_key {
	int64_t last;  /* mono; when the last line was shown */
	uint64_t kept; /* lines kept back since */
};

static const char *const log_names[] = {
	[LOG_ERROR] = "error",
	[LOG_WARN] = "warn",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug",
};

static struct lock log_lock = {PTHREAD_MUTEX_INITIALIZER, LOCK_LOG};
static _Atomic int log_level = LOG_INFO;
static _Atomic int log_as_json;
/* Under the lock. */
static void (*log_before)(void), (*log_after)(void);
static struct map log_keys;

void log_set_level(enum log_level level)
{
	atomic_store(&log_level, level);
}

void log_set_json(int on)
{
	atomic_store(&log_as_json, on);
}

void log_set_around(void (*before)(void), void (*after)(void))
{
	lock_take(&log_lock);
	log_before = before;
	log_after = after;
	lock_give(&log_lock);
}

int log_enabled(enum log_level level)
{
	return (int)level <=
	       atomic_load_explicit(&log_level, memory_order_relaxed);
}

/* One line: control characters become \n, \t or \xNN. */
static void log_visible(struct str *to, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '\n')
			str_puts(to, "\\n");
		else if (c < 0x20 || c == 0x7f)
			str_printf(to, "\\x%02x", c);
		else
			str_putc(to, *text);
	}
}

static void log_line(struct str *to, enum log_level level, const char *text)
{
	int64_t wall = world_wall(world_real());
	time_t sec = (time_t)(wall / 1000000000);
	int ms = (int)(wall % 1000000000 / 1000000);
	char when[32];
	struct tm tm;

	if (atomic_load(&log_as_json)) {
		gmtime_r(&sec, &tm);
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
		str_printf(to,
			   "{\"time\":\"%s.%03dZ\",\"level\":\"%s\","
			   "\"text\":",
			   when, ms, log_names[level]);
		str_json(to, text, strlen(text));
		str_puts(to, "}\n");
		return;
	}
	localtime_r(&sec, &tm);
	strftime(when, sizeof(when), "%H:%M:%S", &tm);
	str_printf(to, "%s.%03d %-5s ", when, ms, log_names[level]);
	log_visible(to, text);
	str_putc(to, '\n');
}

static void log_write(const struct str *line)
{
	size_t at = 0;
	ssize_t n;

	lock_take(&log_lock);
	if (log_before)
		log_before();
	while (at < line->n) {
		n = write(STDERR_FILENO, line->p + at, line->n - at);
		if (n < 0 && errno != EINTR)
			break; /* nobody is left to be told */
		at += n < 0 ? 0 : (size_t)n;
	}
	if (log_after)
		log_after();
	lock_give(&log_lock);
}

static void log_emit(enum log_level level, const char *fmt, va_list ap,
		     uint64_t kept) __attribute__((format(printf, 2, 0)));

static void log_emit(enum log_level level, const char *fmt, va_list ap,
		     uint64_t kept)
{
	struct str text = {0}, line = {0};
	int saved = errno;
	char *p;

	if (vasprintf(&p, fmt, ap) >= 0) {
		str_puts(&text, p);
		mem_free(p);
	}
	if (kept)
		str_printf(&text, " (and %llu more like this)",
			   (unsigned long long)kept);
	log_line(&line, level, str_get(&text));
	log_write(&line);
	str_fini(&text);
	str_fini(&line);
	errno = saved;
}

void log_say(enum log_level level, const char *fmt, ...)
{
	va_list ap;

	if (!log_enabled(level))
		return;
	va_start(ap, fmt);
	log_emit(level, fmt, ap, 0);
	va_end(ap);
}

/* Whether this key's turn has come; *kept_r says how many waited. */
static int log_due(const char *key, int64_t every_ns, uint64_t *kept_r)
{
	int64_t now = world_mono(world_real());
	struct log_key *k;
	void **at;
	int due;

	lock_take(&log_lock);
	at = map_find(&log_keys, key, strlen(key));
	if (!at && log_keys.n >= LOG_RARE_KEYS)
		key = "";
	at = at ? at : map_get(&log_keys, key, strlen(key));
	due = !*at;
	if (!*at)
		*at = mem_alloc(sizeof(*k));
	k = *at;
	due = due || now - k->last >= every_ns;
	*kept_r = k->kept;
	k->kept = due ? 0 : k->kept + 1;
	if (due)
		k->last = now;
	lock_give(&log_lock);
	return due;
}

void log_rare(enum log_level level, const char *key, int64_t every_ns,
	      const char *fmt, ...)
{
	uint64_t kept;
	va_list ap;

	if (!log_enabled(level) || !log_due(key, every_ns, &kept))
		return;
	va_start(ap, fmt);
	log_emit(level, fmt, ap, kept);
	va_end(ap);
}
