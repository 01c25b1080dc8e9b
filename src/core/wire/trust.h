/*
** Where a system keeps the authorities that it trusts: in a folder as OpenSSL
** reads it, whose files have hashes for names, or in one file, a bundle.
*/
#ifndef CO_TRUST_H
#define CO_TRUST_H

#include <stdbool.h>

/* Whether the folder (NULL: none) has a file that OpenSSL would find, such as
** 002c0b4f.0. On some systems the folder holds only a bundle. */
bool co_trust_is_hashed(const char *folder);

/* The places of the bundle on other systems than the one libcurl was built
** for; the last is NULL. */
extern const char *const co_trust_bundles[];

/* The first of these files that can be read; NULL if none can. */
const char *co_trust_first(const char *const *files);

#endif
