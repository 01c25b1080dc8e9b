/*
** Folders of certificates as OpenSSL reads them: the names of files are hashes.
*/
#ifndef CO_TRUST_H
#define CO_TRUST_H

#include <stdbool.h>

/* Whether the folder (NULL: none) has a file that OpenSSL would find, such as
** 002c0b4f.0. On some systems the folder holds only a bundle. */
bool co_trust_is_hashed(const char *folder);

#endif
