/*
** The estate a new sandbox starts with: assets as a neuroscience group has
** them, the same ones for the same count.
*/
#ifndef SB_SEED_H
#define SB_SEED_H

#include "sandbox/estate/store.h"

/* Fills a store that has no assets; leaves any other alone. 0, or -1 where
** SQLite fails. */
int sb_seed(sb_store *store, int64_t count);

#endif
