/*
** The language of `query`, turned into that of SQLite's full-text index and
** into filters. Called by criteria.c.
*/
#ifndef SB_QUERY_H
#define SB_QUERY_H

#include "sandbox/estate/text.h"

/* Adds to `match` what FTS5 must match, nothing where the query asks for
** nothing, and to `filters` objects as search takes them, each behind a comma:
** the terms of fields that are compared whole. `names` has those fields, name
** NUL name NUL … NUL. */
void sb_query_compile(const char *query, const char *names, sb_text *match,
                      sb_text *filters);

#endif
