/*
** What searches found: lists of row numbers, kept so that the next page
** costs no second search, and so that paging by token is stable whatever is
** written meanwhile.
*/
#ifndef SB_SNAPSHOT_H
#define SB_SNAPSHOT_H

#include "sandbox/estate/text.h"

typedef struct sb_snapshots sb_snapshots;

typedef struct sb_snapshot {
  uint64_t name;       /* what a token says; not to be guessed */
  uint64_t version;    /* of the store when the search was made */
  uint64_t used;
  char *key;           /* the search, spelled one way */
  int64_t *rows;
  size_t count;
} sb_snapshot;

sb_snapshots *sb_snapshots_new(void);
void sb_snapshots_free(sb_snapshots *snapshots);

/* NULL where there is none. Valid until the next sb_snapshots_keep. */
const sb_snapshot *sb_snapshots_find(sb_snapshots *snapshots, const char *key,
                                     uint64_t version);
const sb_snapshot *sb_snapshots_named(sb_snapshots *snapshots, uint64_t name);

/* Copies the key, takes the rows over, and forgets those longest unused where
** there are too many. NULL where memory is out (the rows are freed). */
const sb_snapshot *sb_snapshots_keep(sb_snapshots *snapshots, const char *key,
                                     uint64_t version, int64_t *rows,
                                     size_t count);

#endif
