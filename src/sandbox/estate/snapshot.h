/*
** Snapshots: the lists of row numbers that searches found. They are kept so
** that the next page needs no second search, and so that paging by token is
** stable while assets are written. A search is read only as far as its pages
** need; before anything is written, every search is read to its end.
*/
#ifndef SB_SNAPSHOT_H
#define SB_SNAPSHOT_H

#include <sqlite3.h>

#include "sandbox/text.h"

typedef struct sb_snapshots sb_snapshots;

typedef struct sb_snapshot {
  uint64_t name;       /* random; part of a token */
  uint64_t version;    /* the store's version at the search */
  uint64_t used;
  char *key;           /* the search in a canonical spelling */
  int64_t *rows;
  size_t count, room;
  sqlite3_stmt *rest;  /* finds the rows that follow; NULL at the end */
} sb_snapshot;

sb_snapshots *sb_snapshots_new(void);
void sb_snapshots_free(sb_snapshots *snapshots);

/* The snapshot of that search and version, or NULL. Valid until the next
** sb_snapshots_add. */
sb_snapshot *sb_snapshots_find(sb_snapshots *snapshots, const char *key,
                               uint64_t version);
sb_snapshot *sb_snapshots_named(sb_snapshots *snapshots, uint64_t name);

/* Makes a snapshot: copies the key, and owns the statement from now on. Frees
** those unused for longest if there are too many. NULL if memory is out (the
** statement is finalized). */
sb_snapshot *sb_snapshots_add(sb_snapshots *snapshots, const char *key,
                              uint64_t version, sqlite3_stmt *rest);

/* Reads on until the snapshot has `count` rows or is at its end. False: SQLite
** fails or memory is out. */
bool sb_snapshots_read(sb_snapshots *snapshots, sb_snapshot *snapshot,
                       size_t count);

/* Reads every search to its end: call it before a write. One that cannot be
** read is dropped. */
void sb_snapshots_complete(sb_snapshots *snapshots);

#endif
