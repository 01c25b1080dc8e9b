/*
** Finds users and passwords of proxies in the environment. The user information
** ends at the last '@' of a variable, whatever the rest of the text is: libcurl
** parses the variables itself, and quotes a malformed one in its messages.
*/
#include "core/wire/proxy.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/text/secret.h"
#include "core/text/spelling.h"

/* The variables that libcurl reads for http and https. */
static const char *const variables[] = {
  "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL
};


/* Returns the start of the user information and sets its length; NULL and 0 if
** there is none. */
static const char *find_user(const char *variable, size_t *length) {
  const char *value = getenv(variable);
  const char *end = value == NULL ? NULL : strrchr(value, '@');
  *length = 0;
  if (end == NULL) return NULL;
  const char *start = strstr(value, "://");
  start = start == NULL || start > end ? value : start + strlen("://");
  *length = (size_t)(end - start);
  return start;
}


/* Adds a secret as it is written and percent-decoded. */
static void add_spellings(co_buffer *secrets, const char *text,
                          size_t length) {
  co_buffer plain;
  co_secret_add(secrets, text, length);
  co_buffer_init(&plain, length + 1);
  for (size_t at = 0, n; at < length; at += n) {
    char byte;
    n = co_spelling_read(text + at, length - at, 1, &byte);
    co_buffer_add_byte(&plain, byte);
  }
  if (plain.length != length) co_secret_add(secrets, plain.bytes, plain.length);
  co_buffer_free(&plain);
}


/* Adds what stands in place of a port in a value without '@', as in
** "http://user:password": a password, if the rest of the value was lost. */
static void add_cut_password(co_buffer *secrets, const char *value) {
  const char *start = strstr(value, "://");
  start = start == NULL ? value : start + strlen("://");
  const char *colon = *start == '[' ? NULL : strchr(start, ':');
  if (colon == NULL) return;
  char behind = colon[1 + strspn(colon + 1, "0123456789")];
  if (behind != '\0' && behind != '/')
    add_spellings(secrets, colon + 1, strlen(colon + 1));
}


void co_proxy_add_secrets(co_buffer *secrets) {
  for (const char *const *name = variables; *name != NULL; name++) {
    size_t length;
    const char *user = find_user(*name, &length), *value = getenv(*name);
    if (value != NULL && user == NULL) add_cut_password(secrets, value);
    if (length == 0) continue;
    const char *colon = memchr(user, ':', length);
    add_spellings(secrets, user, length);
    if (colon != NULL)
      add_spellings(secrets, colon + 1, (size_t)(user + length - colon) - 1);
  }
}


static bool has_user(void) {
  size_t length;
  for (const char *const *name = variables; *name != NULL; name++)
    if (find_user(*name, &length) != NULL) return true;
  return false;
}


bool co_proxy_may_show(const char *text) {
  bool about = strcasestr(text, "proxy") != NULL || strchr(text, '@') != NULL;
  return about && has_user();
}
