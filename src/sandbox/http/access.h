/*
** Access to the sandbox. request.c calls both functions when a request is
** complete, before its operation runs.
*/
#ifndef SB_ACCESS_H
#define SB_ACCESS_H

#include "sandbox/http/request_log.h"

/* The caller of a request, by its token. */
typedef enum sb_caller { SB_NOBODY, SB_READER, SB_OWNER } sb_caller;

/* Why the request is refused with any token; or NULL. */
const char *sb_access_refusal(const sb_entry *entry);

/* The caller whose token the request has. `owner` and `reader` are "token:" in
** base64; `reader` may be NULL. */
sb_caller sb_access_caller(const sb_entry *entry, const char *owner,
                           const char *reader);

#endif
