/*
** Keeps the rows that searches found, for their further pages. When there are
** too many, those unused for longest are freed. Only the server's thread calls
** this.
*/
#include "sandbox/estate/snapshot.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SNAPSHOTS 64
#define MAX_ROWS 8000000   /* of all snapshots together: 64 MB */

struct sb_snapshots {
  int count;
  size_t rows;
  uint64_t clock;
  sb_snapshot list[MAX_SNAPSHOTS];
};


sb_snapshots *sb_snapshots_new(void) {
  return calloc(1, sizeof (sb_snapshots));
}


static void drop(sb_snapshots *snapshots, int index) {
  sb_snapshot *snapshot = &snapshots->list[index];
  snapshots->rows -= snapshot->count;
  sqlite3_finalize(snapshot->rest);
  free(snapshot->key);
  free(snapshot->rows);
  *snapshot = snapshots->list[--snapshots->count];
}


void sb_snapshots_free(sb_snapshots *snapshots) {
  if (!snapshots) return;
  while (snapshots->count) drop(snapshots, 0);
  free(snapshots);
}


static sb_snapshot *touch(sb_snapshots *snapshots, int index) {
  snapshots->list[index].used = ++snapshots->clock;
  return &snapshots->list[index];
}


sb_snapshot *sb_snapshots_find(sb_snapshots *snapshots, const char *key,
                               uint64_t version) {
  for (int i = 0; i < snapshots->count; i++)
    if (snapshots->list[i].version == version
        && strcmp(snapshots->list[i].key, key) == 0)
      return touch(snapshots, i);
  return NULL;
}


sb_snapshot *sb_snapshots_named(sb_snapshots *snapshots, uint64_t name) {
  for (int i = 0; i < snapshots->count; i++)
    if (snapshots->list[i].name == name) return touch(snapshots, i);
  return NULL;
}


static int longest_unused(const sb_snapshots *snapshots) {
  int oldest = 0;
  for (int i = 1; i < snapshots->count; i++)
    if (snapshots->list[i].used < snapshots->list[oldest].used) oldest = i;
  return oldest;
}


sb_snapshot *sb_snapshots_add(sb_snapshots *snapshots, const char *key,
                              uint64_t version, sqlite3_stmt *rest) {
  sb_snapshot fresh = {.version = version, .key = strdup(key), .rest = rest};
  if (!fresh.key) {
    sqlite3_finalize(rest);
    return NULL;
  }
  while (snapshots->count == MAX_SNAPSHOTS
         || (snapshots->count && snapshots->rows > MAX_ROWS))
    drop(snapshots, longest_unused(snapshots));
  sqlite3_randomness(sizeof fresh.name, &fresh.name);
  snapshots->list[snapshots->count] = fresh;
  return touch(snapshots, snapshots->count++);
}


static bool add_row(sb_snapshot *snapshot, int64_t row) {
  if (snapshot->count == snapshot->room) {
    size_t room = snapshot->room ? 2 * snapshot->room : 128;
    int64_t *rows = realloc(snapshot->rows, room * sizeof *rows);
    if (!rows) return false;
    snapshot->rows = rows;
    snapshot->room = room;
  }
  snapshot->rows[snapshot->count++] = row;
  return true;
}


bool sb_snapshots_read(sb_snapshots *snapshots, sb_snapshot *snapshot,
                       size_t count) {
  size_t before = snapshot->count;
  int step = SQLITE_ROW;
  while (step == SQLITE_ROW && snapshot->rest && snapshot->count < count) {
    step = sqlite3_step(snapshot->rest);
    if (step == SQLITE_ROW
        && !add_row(snapshot, sqlite3_column_int64(snapshot->rest, 0)))
      step = SQLITE_NOMEM;
    if (step == SQLITE_DONE) {
      sqlite3_finalize(snapshot->rest);
      snapshot->rest = NULL;
    }
  }
  snapshots->rows += snapshot->count - before;
  return step == SQLITE_ROW || step == SQLITE_DONE;
}


void sb_snapshots_complete(sb_snapshots *snapshots) {
  for (int i = snapshots->count - 1; i >= 0; i--)
    if (!sb_snapshots_read(snapshots, &snapshots->list[i], SIZE_MAX))
      drop(snapshots, i);
}
