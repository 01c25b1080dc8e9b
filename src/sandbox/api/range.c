/*
** Reads the header Range of a request for a file.
*/
#include "sandbox/api/range.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>


/* The last `count` bytes. */
static sb_range read_suffix(unsigned long long count, size_t total,
                            size_t *first, size_t *last) {
  if (count == 0 || total == 0) return SB_OUTSIDE;
  *first = count < total ? total - (size_t)count : 0;
  *last = total - 1;
  return SB_PART;
}


static sb_range read_span(unsigned long long from, unsigned long long to,
                          size_t total, size_t *first, size_t *last) {
  if (from > to || from >= total) return SB_OUTSIDE;
  *first = (size_t)from;
  *last = to < total ? (size_t)to : total - 1;
  return SB_PART;
}


/* Reads the digits at `at` and moves past them. False if there are none or too
** many. */
static bool read_digits(const char **at, unsigned long long *number) {
  size_t digits = strspn(*at, "0123456789");
  if (digits == 0 || digits > 19) return false;
  *number = strtoull(*at, NULL, 10);
  *at += digits;
  return true;
}


sb_range sb_range_read(const char *header, size_t total, size_t *first,
                       size_t *last) {
  unsigned long long from = 0, to = ULLONG_MAX;
  if (!header || strncasecmp(header, "bytes=", 6) != 0) return SB_ALL;
  const char *at = header + 6;
  bool suffix = !read_digits(&at, &from);
  if (*at++ != '-') return SB_ALL;
  bool has_end = read_digits(&at, &to);
  if (*at || (suffix && !has_end)) return SB_ALL;
  return suffix ? read_suffix(to, total, first, last)
                : read_span(from, to, total, first, last);
}


bool sb_tags_have(const char *list, const char *tag) {
  if (strcmp(list, "*") == 0) return true;
  size_t length = strlen(tag);
  for (const char *at = strstr(list, tag); at; at = strstr(at + 1, tag))
    if (!at[length] || strchr(", \t", at[length])) return true;
  return false;
}
