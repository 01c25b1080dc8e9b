/*
** The language of `query`, turned into that of SQLite's full-text index.
*/
#ifndef SB_QUERY_H
#define SB_QUERY_H

#include "sandbox/text.h"

/* Adds what FTS5 must match; nothing where the query asks for nothing. */
void sb_query_compile(const char *query, sb_text *match);

#endif
