/*
** The language of `query`, turned into that of SQLite's full-text index.
*/
#ifndef SB_WORDS_H
#define SB_WORDS_H

#include "sandbox/text.h"

/* Adds what FTS5 must match; nothing where the query asks for nothing. */
void sb_words_match(const char *query, sb_text *match);

#endif
