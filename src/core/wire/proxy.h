/*
** The users and passwords of the proxies named in the environment, which no
** text may show. libcurl itself reads the variables and connects.
*/
#ifndef CO_PROXY_H
#define CO_PROXY_H

#include <stdbool.h>

#include "core/text/buffer.h"

/* Adds each password, and each "user:password", as written and percent-decoded.
** A user's name alone is not added: it may be any common word. */
void co_proxy_add_secrets(co_buffer *secrets);

/* Whether a proxy has a user and the text may be about that proxy. */
bool co_proxy_may_show(const char *text);

#endif
