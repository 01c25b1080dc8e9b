/*
** The estate that a new sandbox starts with: assets like those of a
** neuroscience group. The same count gives the same assets on the same day.
*/
#ifndef SB_SEED_H
#define SB_SEED_H

#include "sandbox/estate/store.h"

/* Fills a store that has no assets; does nothing to any other. 0, or -1 if
** SQLite fails. */
int sb_seed(sb_store *store, int64_t count);

#endif
