/*
** Translates the language of `query` to that of SQLite's full-text index, and
** to filters. Called by criteria.c.
*/
#ifndef SB_QUERY_H
#define SB_QUERY_H

#include "sandbox/text.h"

/* Adds an expression for FTS5 to `match` (nothing for an empty query), and to
** `filters` an object, as search accepts it, after a comma, for each term of a
** field that is compared as a whole. `names` has these fields: name NUL name
** NUL … NUL. */
void sb_query_compile(const char *query, const char *names, sb_text *match,
                      sb_text *filters);

#endif
