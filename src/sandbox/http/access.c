/*
** Access to the sandbox: only for programs on this machine that have its token.
** The Host must be a name of loopback, and a request with an Origin is refused,
** since a page in a browser can send requests to loopback, under its own host
** name (DNS rebinding) or from another origin.
*/
#include "sandbox/http/access.h"

#include <string.h>
#include <strings.h>


/* Whether the Host is loopback, with any port (a port may be forwarded) or
** none. */
static bool is_loopback(const char *host) {
  static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    size_t length = strlen(names[i]);
    if (strncasecmp(host, names[i], length) != 0) continue;
    const char *rest = host + length;
    if (!*rest) return true;
    if (*rest == ':') return rest[1 + strspn(rest + 1, "0123456789")] == '\0';
  }
  return false;
}


const char *sb_access_refusal(const sb_entry *entry) {
  const char *host = sb_entry_header(entry, "host");
  if (sb_entry_header(entry, "origin"))
    return "a sandbox answers to no page in a browser (Origin)";
  if (!host || !is_loopback(host) || sb_entry_count(entry, "host") > 1)
    return "Host must be 127.0.0.1 or localhost";
  return NULL;
}


/* The scheme "Basic" may be in any case; the token must be exact. The password
** must be empty: "token:" is compared as a whole. */
sb_caller sb_access_caller(const sb_entry *entry, const char *owner,
                           const char *reader) {
  const char *sent = sb_entry_header(entry, "authorization");
  if (!sent || strncasecmp(sent, "Basic ", 6) != 0) return SB_NOBODY;
  if (strcmp(sent + 6, owner) == 0) return SB_OWNER;
  return reader && strcmp(sent + 6, reader) == 0 ? SB_READER : SB_NOBODY;
}
