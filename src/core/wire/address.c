/*
** Parses what people write for a deployment and for an asset's id.
*/
#include "core/wire/address.h"

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


/* Whether the text is a port such as ":8080" (1 to 65535), or empty. */
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


/* Whether the text is a host name: letters, digits, hyphens and inner dots; no
** empty label. */
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


/* Whether the text is an IPv6 address such as "[fd99::1]", without a zone. */
static bool is_ipv6(const char *text, size_t length, struct in6_addr *number) {
  char inner[INET6_ADDRSTRLEN];
  if (length < 4 || length - 2 >= sizeof inner) return false;
  if (text[0] != '[' || text[length - 1] != ']') return false;
  if (memchr(text, '\0', length) != NULL) return false;
  memcpy(inner, text + 1, length - 2);
  inner[length - 2] = '\0';
  return inet_pton(AF_INET6, inner, number) == 1;
}


/* Whether the host is localhost, [::1], or in 127.0.0.0/8 as four numbers.
** 127.example.com and 127.0.0.1.5 are names that may resolve to any address. */
static bool is_loopback(const char *text, size_t length) {
  char number[INET_ADDRSTRLEN];
  struct in_addr address;
  struct in6_addr six;
  if (length == 9 && strncasecmp(text, "localhost", 9) == 0) return true;
  if (is_ipv6(text, length, &six)) return IN6_IS_ADDR_LOOPBACK(&six);
  if (length < 5 || length >= sizeof number) return false;
  if (memcmp(text, "127.", 4) != 0) return false;
  if (memchr(text, '\0', length) != NULL) return false;
  memcpy(number, text, length);
  number[length] = '\0';
  return inet_pton(AF_INET, number, &address) == 1;
}


/* Whether the path is a page of the web application, whose address people
** paste. Any other path may belong to a gateway that serves the API elsewhere,
** and is refused. */
static bool is_web_page(const char *path, size_t length) {
  static const char *const pages[] = {
    "account", "capsule", "capsules", "collections", "dashboard",
    "data-assets", "home", "models", "pipeline", "pipelines"
  };
  size_t word = 0;
  while (word < length && strchr("/?#", path[word]) == NULL) word++;
  for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
    if (strlen(pages[i]) == word && memcmp(path, pages[i], word) == 0)
      return true;
  return false;
}


static void span_drop_web_page(span *s) {
  const char *slash = memchr(s->text, '/', s->length);
  if (slash == NULL) return;
  size_t host = (size_t)(slash - s->text);
  if (is_web_page(slash + 1, s->length - host - 1)) s->length = host;
}


static bool is_host(const char *text, size_t length) {
  struct in6_addr six;
  return is_hostname(text, length) || is_ipv6(text, length, &six);
}


/* Whether the name ends in DNS's final dot, as in "acme.example.". */
static bool ends_in_dot(const char *text, size_t length) {
  return length > 1 && text[length - 1] == '.' &&
         memchr(text, '.', length - 1) != NULL;
}


const char *co_address_parse(co_address *address, const char *text,
                             size_t length, bool allow_plain) {
  span s = {text, length};
  bool plain = span_drop_prefix(&s, "http://");
  bool scheme = plain || span_drop_prefix(&s, "https://");
  if (scheme) span_drop_web_page(&s);
  span_drop_suffix(&s, "/");
  span_drop_suffix(&s, "/api/v1");
  span_drop_suffix(&s, "/");
  if (s.length == 0) return "it is empty";
  if (s.length >= CO_HOST_MAX) return "it is too long for a host name";
  size_t host = host_length(s);
  const char *port = s.text + host;
  size_t port_length = s.length - host;
  if (!is_port(port, port_length))
    return "after the host only a port may follow";
  host -= ends_in_dot(s.text, host);
  bool loopback = is_loopback(s.text, host);
  if (!is_host(s.text, host))
    return "it is not a host name such as acmecorp.codeocean.com";
  if (plain && !(loopback || allow_plain))
    return "http would send the token in the clear; use https (or set "
           "insecure_http = true)";
  snprintf(address->host, sizeof address->host, "%.*s%.*s", (int)host, s.text,
           (int)port_length, port);
  snprintf(address->base, sizeof address->base, "%s://%s/api/v1",
           plain ? "http" : "https", address->host);
  address->plain = plain;
  address->loopback = loopback;
  return NULL;
}


/* Whether all bytes are printable ASCII that an address may hold unescaped. */
static bool is_address_text(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (text[i] <= ' ' || text[i] > '~' || strchr("\\#\"<>", text[i]))
      return false;
  return true;
}


const char *co_address_check_signed(const char *text, size_t length,
                                    bool loopback, bool *plain) {
  span s = {text, length};
  if (!is_address_text(text, length)) return "it has characters of no address";
  *plain = span_drop_prefix(&s, "http://");
  if (!*plain && !span_drop_prefix(&s, "https://")) return "it is not https";
  const char *slash = memchr(s.text, '/', s.length);
  if (slash == NULL) return "it has no path";
  s.length = (size_t)(slash - s.text);
  size_t host = host_length(s);
  if (!is_host(s.text, host) || !is_port(s.text + host, s.length - host))
    return "it names no host";
  if (*plain && !(loopback && is_loopback(s.text, host)))
    return "it is not https";
  return NULL;
}


static bool is_hyphen_place(size_t i) {
  return i < 32 && ((1u << 8 | 1u << 13 | 1u << 18 | 1u << 23) >> i & 1);
}


static bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
         (c >= 'A' && c <= 'F');
}


bool co_id_valid(const char *text, size_t length) {
  if (length != 36 && length != 32) return false;
  for (size_t i = 0; i < length; i++) {
    bool hyphen = length == 36 && is_hyphen_place(i);
    if (hyphen ? text[i] != '-' : !is_hex_digit(text[i])) return false;
  }
  return true;
}


/* The lower case of a hexadecimal digit. */
static char lower(char c) { return (char)(c | 0x20); }


void co_id_spell(char to[static CO_ID_LENGTH + 1], const char *id) {
  for (size_t i = 0; i < CO_ID_LENGTH; i++) {
    if (*id == '-') id++;
    to[i] = is_hyphen_place(i) ? '-' : lower(*id++);
  }
  to[CO_ID_LENGTH] = '\0';
}


static unsigned digit_value(char digit) {
  unsigned char c = (unsigned char)digit;
  return (unsigned)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
}


void co_id_pack(char to[static CO_ID_BYTES], const char *id) {
  for (size_t i = 0; i < CO_ID_BYTES; i++) {
    if (*id == '-') id++;
    to[i] = (char)(digit_value(id[0]) << 4 | digit_value(id[1]));
    id += 2;
  }
}


void co_id_unpack(char to[static CO_ID_LENGTH + 1],
                  const char from[static CO_ID_BYTES]) {
  static const char digits[] = "0123456789abcdef";
  char *at = to;
  for (size_t i = 0; i < CO_ID_BYTES; i++) {
    unsigned char byte = (unsigned char)from[i];
    if (is_hyphen_place((size_t)(at - to))) *at++ = '-';
    *at++ = digits[byte >> 4];
    *at++ = digits[byte & 15];
  }
  *at = '\0';
}
