/*
** The proxies that the environment names, for which libcurl alone connects:
** here only their users and passwords, which no text may show.
*/
#ifndef CO_PROXY_H
#define CO_PROXY_H

#include <stdbool.h>

#include "core/text/buffer.h"

/* Adds each password, and each user with it, as it stands in the environment
** and with its percent signs undone. A user's name alone may be any word. */
void co_proxy_add_secrets(co_buffer *secrets);

/* Whether a proxy has a user, and the text may be about it. */
bool co_proxy_may_show(const char *text);

#endif
