/*
** Copies two headers of an answer. Called by libcurl while it runs, so it
** allocates nothing.
*/
#include "core/wire/headers.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>


static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}


/* Copies the value of a line "name: value" if it has that name. */
static void pick(char *value, const char *name, const char *line,
                 size_t length) {
  size_t start = strlen(name) + 1;
  if (value[0] != '\0' || length < start) return;
  if (strncasecmp(line, name, start - 1) != 0 || line[start - 1] != ':')
    return;
  while (start < length && is_blank(line[start])) start++;
  while (length > start && is_blank(line[length - 1])) length--;
  if (length - start >= CO_HEADER_MAX) return;
  memcpy(value, line + start, length - start);
  value[length - start] = '\0';
}


size_t co_headers_read(char *line, size_t size, size_t count, void *headers) {
  co_headers *found = headers;
  size_t length = size * count;
  if (length >= 5 && memcmp(line, "HTTP/", 5) == 0)
    found->retry_after[0] = found->date[0] = '\0';
  switch (length > 0 ? line[0] | 0x20 : '\0') {
    case 'r': pick(found->retry_after, "Retry-After", line, length); break;
    case 'd': pick(found->date, "Date", line, length); break;
    default: break;
  }
  return length;
}
