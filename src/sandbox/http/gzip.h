/*
** A small gzip stream that expands to many zero bytes.
*/
#ifndef SB_GZIP_H
#define SB_GZIP_H

#include "sandbox/text.h"

/* Adds a stream of at least `expanded` zero bytes. Its checksum is wrong: no
** client should read that far. */
void sb_gzip_bomb(sb_text *out, size_t expanded);

#endif
