/*
** Snapshots: the lists of row numbers that searches found. They are kept so
** that the next page needs no second search, and so that paging by token is
** stable while assets are written.
*/
#ifndef SB_SNAPSHOT_H
#define SB_SNAPSHOT_H

#include "sandbox/estate/text.h"

typedef struct sb_snapshots sb_snapshots;

typedef struct sb_snapshot {
  uint64_t name;       /* random; part of a token */
  uint64_t version;    /* the store's version at the search */
  uint64_t used;
  char *key;           /* the search in a canonical spelling */
  int64_t *rows;
  size_t count;
} sb_snapshot;

sb_snapshots *sb_snapshots_new(void);
void sb_snapshots_free(sb_snapshots *snapshots);

/* The snapshot of that search and version, or NULL. Valid until the next
** sb_snapshots_keep. */
const sb_snapshot *sb_snapshots_find(sb_snapshots *snapshots, const char *key,
                                     uint64_t version);
const sb_snapshot *sb_snapshots_named(sb_snapshots *snapshots, uint64_t name);

/* Makes a snapshot: copies the key and owns the rows from now on. Frees those
** unused for longest if there are too many. NULL if memory is out (the rows are
** freed). */
const sb_snapshot *sb_snapshots_keep(sb_snapshots *snapshots, const char *key,
                                     uint64_t version, int64_t *rows,
                                     size_t count);

#endif
