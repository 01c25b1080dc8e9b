/*
** Makes the lists of headers.
*/
#include "core/wire/request_headers.h"

#include <string.h>

#include "core/text/buffer.h"

enum { LONGEST = 64 * 1024 };   /* bytes of a line */

typedef struct list {
  struct curl_slist *lines;
  bool failed;                  /* a line is missing */
} list;


static void append(list *all, const char *line) {
  struct curl_slist *longer = curl_slist_append(all->lines, line);
  if (longer == NULL) all->failed = true;
  else all->lines = longer;
}


/* Appends the line and frees it. */
static void append_buffer(list *all, co_buffer *line) {
  if (line->broken) all->failed = true;
  else append(all, line->bytes);
  co_buffer_free(line);
}


/* Basic authentication (RFC 7617): the token is the user, and there is no
** password. */
static void append_token(list *all, const char *token) {
  co_buffer line, user;
  co_buffer_init(&user, LONGEST);
  co_buffer_add_text(&user, token);
  co_buffer_add_byte(&user, ':');
  co_buffer_init(&line, LONGEST);
  co_buffer_add_text(&line, "Authorization: Basic ");
  co_buffer_add_base64(&line, user.bytes, user.length);
  line.broken = line.broken || user.broken;
  co_buffer_free(&user);
  append_buffer(all, &line);
}


static void append_user_agent(list *all, const char *user_agent) {
  co_buffer line;
  co_buffer_init(&line, LONGEST);
  co_buffer_add_text(&line, "User-Agent: ");
  co_buffer_add_text(&line, user_agent);
  append_buffer(all, &line);
}


/* Names one encoding, which every gateway knows; libcurl decodes others too.
** Each byte of a line costs libcurl some 85 instructions a request. */
static void append_encoding(list *all) {
  int features = curl_version_info(CURLVERSION_NOW)->features;
  if (features & CURL_VERSION_LIBZ) append(all, "Accept-Encoding: gzip");
}


static struct curl_slist *finished(list *all) {
  if (!all->failed) return all->lines;
  co_request_headers_free(all->lines);
  return NULL;
}


struct curl_slist *co_request_headers_new(const char *token,
                                          const char *user_agent, bool body) {
  list all = {NULL, false};
  append(&all, "Accept: application/json");
  append_encoding(&all);
  append_token(&all, token);
  append_user_agent(&all, user_agent);
  if (body) append(&all, "Content-Type: application/json");
  /* Without this line libcurl may send "Expect: 100-continue", which costs a
  ** write a round trip. */
  if (body) append(&all, "Expect:");
  return finished(&all);
}


struct curl_slist *co_request_headers_of_proxy(const char *user_agent) {
  list all = {NULL, false};
  append_user_agent(&all, user_agent);
  return finished(&all);
}


void co_request_headers_free(struct curl_slist *lines) {
  for (struct curl_slist *line = lines; line != NULL; line = line->next)
    explicit_bzero(line->data, strlen(line->data));
  curl_slist_free_all(lines);
}
