/*
** The tables that searches read: the index of words, the values of fields, the
** names of custom fields. Called by write.c after each write, by the server at
** its start, and by search.c before each search.
*/
#ifndef SB_SEARCH_INDEX_H
#define SB_SEARCH_INDEX_H

#include "sandbox/estate/store.h"

/* Runs `insert` in one transaction and makes the indexes at its end, which is
** several times faster than row by row. 0 or -1. */
int sb_search_index_fill(sb_store *store, int (*insert)(sb_store *, void *),
                         void *closure);

/* Brings the indexes up to what searches show. 0 or -1. */
int sb_search_index_update(sb_store *store);

/* Called before a search: if searches lag, carries over and indexes the writes
** that are old enough. False if SQLite fails. */
bool sb_search_index_refresh(sb_store *store);

#endif
