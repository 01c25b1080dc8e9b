/*
** Who may talk to the sandbox. Called by request.c before anything else of a
** request is looked at.
*/
#ifndef SB_ACCESS_H
#define SB_ACCESS_H

#include "sandbox/http/request_log.h"

/* Who sends a request, as far as its token tells. */
typedef enum sb_caller { SB_NOBODY, SB_READER, SB_OWNER } sb_caller;

/* Why the request is refused whatever its token is, or NULL. */
const char *sb_access_refusal(const sb_entry *entry);

/* Whose token it bears. `owner` and `reader` are "token:" in base64; `reader`
** may be NULL. */
sb_caller sb_access_caller(const sb_entry *entry, const char *owner,
                           const char *reader);

#endif
