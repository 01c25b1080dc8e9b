/*
** Parses what people write for a deployment and for an asset's id.
*/
#include "core/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>


typedef struct span {
  const char *text;
  size_t length;
} span;


static bool span_drop_prefix(span *s, const char *prefix) {
  size_t n = strlen(prefix);
  if (s->length < n || strncasecmp(s->text, prefix, n) != 0) return false;
  s->text += n;
  s->length -= n;
  return true;
}


static void span_drop_suffix(span *s, const char *suffix) {
  size_t n = strlen(suffix);
  if (s->length >= n && memcmp(s->text + s->length - n, suffix, n) == 0)
    s->length -= n;
}


/* ":8080" or nothing. A port of 0 or above 65535 is none. */
static bool is_port(const char *text, size_t length) {
  unsigned port = 0;
  if (length == 0) return true;
  if (text[0] != ':' || length < 2 || length > 6) return false;
  for (size_t i = 1; i < length; i++) {
    if (!isdigit((unsigned char)text[i])) return false;
    port = port * 10 + (unsigned)(text[i] - '0');
  }
  return port >= 1 && port <= 65535;
}


/* Letters, digits, hyphens and inner dots; no empty label. */
static bool is_hostname(const char *text, size_t length) {
  bool label_open = false;
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];
    bool dot = c == '.';
    if (!(isascii(c) && (isalnum(c) || c == '-' || (dot && label_open))))
      return false;
    label_open = !dot;
  }
  return label_open;
}


static size_t host_length(span s) {
  if (s.length > 0 && s.text[0] == '[') {
    const char *end = memchr(s.text, ']', s.length);
    return end == NULL ? 0 : (size_t)(end - s.text) + 1;
  }
  const char *colon = memchr(s.text, ':', s.length);
  return colon == NULL ? s.length : (size_t)(colon - s.text);
}


/* localhost, [::1], and 127.0.0.0/8 in four numbers. 127.example.com and
** 127.0.0.1.5 are names that may resolve to anything. */
static bool is_loopback(const char *text, size_t length) {
  char number[INET_ADDRSTRLEN];
  struct in_addr address;
  if (length == 9 && strncasecmp(text, "localhost", 9) == 0) return true;
  if (length == 5 && memcmp(text, "[::1]", 5) == 0) return true;
  if (length < 5 || length >= sizeof number) return false;
  if (memcmp(text, "127.", 4) != 0) return false;
  memcpy(number, text, length);
  number[length] = '\0';
  return inet_pton(AF_INET, number, &address) == 1;
}


const char *co_address_parse(co_address *address, const char *text,
                             size_t length, bool allow_plain) {
  span s = {text, length};
  bool plain = span_drop_prefix(&s, "http://");
  if (!plain) span_drop_prefix(&s, "https://");
  span_drop_suffix(&s, "/");
  span_drop_suffix(&s, "/api/v1");
  span_drop_suffix(&s, "/");
  if (s.length == 0) return "it is empty";
  if (s.length >= CO_HOST_MAX) return "it is too long for a host name";
  size_t host = host_length(s);
  if (!is_port(s.text + host, s.length - host))
    return "after the host only a port may follow";
  bool loopback = is_loopback(s.text, host);
  if (!(is_hostname(s.text, host) || loopback))
    return "it is not a host name such as acmecorp.codeocean.com";
  if (plain && !(loopback || allow_plain))
    return "http would send the token in the clear; use https (or set "
           "insecure_http = true)";
  snprintf(address->host, sizeof address->host, "%.*s", (int)s.length,
           s.text);
  snprintf(address->base, sizeof address->base, "%s://%s/api/v1",
           plain ? "http" : "https", address->host);
  address->plain = plain;
  address->loopback = loopback;
  return NULL;
}


static bool is_hyphen_place(size_t i) {
  return i == 8 || i == 13 || i == 18 || i == 23;
}


bool co_id_valid(const char *text, size_t length) {
  if (length != 36 && length != 32) return false;
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];
    bool hyphen = length == 36 && is_hyphen_place(i);
    if (hyphen ? c != '-' : !(isascii(c) && isxdigit(c))) return false;
  }
  return true;
}


void co_id_spell(char to[static CO_ID_LENGTH + 1], const char *id) {
  for (size_t i = 0; i < CO_ID_LENGTH; i++) {
    if (*id == '-') id++;
    to[i] = '-';
    if (!is_hyphen_place(i)) to[i] = (char)tolower((unsigned char)*id++);
  }
  to[CO_ID_LENGTH] = '\0';
}
