/*
** Translates the language of `query` to that of SQLite's full-text index, and
** to filters. Called by criteria.c.
*/
#ifndef SB_QUERY_H
#define SB_QUERY_H

#include "sandbox/text.h"

/* Adds an expression for FTS5 to `match`; nothing for an empty query. Adds to
** `filters`, for each field in the query that is compared as a whole, a comma
** and an object as search accepts it. `names` has these fields: name NUL name
** NUL … NUL. */
void sb_query_compile(const char *query, const char *names, sb_text *match,
                      sb_text *filters);

#endif
