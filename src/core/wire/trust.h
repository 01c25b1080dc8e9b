/*
** Folders of certificates as OpenSSL reads them: by names that are hashes.
*/
#ifndef CO_TRUST_H
#define CO_TRUST_H

#include <stdbool.h>

/* Whether the folder (NULL: there is none) has a file that OpenSSL finds in
** it, such as 002c0b4f.0. Some systems have a folder with the bundle only. */
bool co_trust_is_hashed(const char *folder);

#endif
