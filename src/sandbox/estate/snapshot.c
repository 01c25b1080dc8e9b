/*
** Keeps the rows that searches found, for their further pages. When there are
** too many, those unused for longest are freed. Only the server's thread calls
** this.
*/
#include "sandbox/estate/snapshot.h"

#include <sqlite3.h>
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
  free(snapshot->key);
  free(snapshot->rows);
  *snapshot = snapshots->list[--snapshots->count];
}


void sb_snapshots_free(sb_snapshots *snapshots) {
  if (!snapshots) return;
  while (snapshots->count) drop(snapshots, 0);
  free(snapshots);
}


static const sb_snapshot *touch(sb_snapshots *snapshots, int index) {
  snapshots->list[index].used = ++snapshots->clock;
  return &snapshots->list[index];
}


const sb_snapshot *sb_snapshots_find(sb_snapshots *snapshots, const char *key,
                                     uint64_t version) {
  for (int i = 0; i < snapshots->count; i++)
    if (snapshots->list[i].version == version
        && strcmp(snapshots->list[i].key, key) == 0)
      return touch(snapshots, i);
  return NULL;
}


const sb_snapshot *sb_snapshots_named(sb_snapshots *snapshots, uint64_t name) {
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


const sb_snapshot *sb_snapshots_keep(sb_snapshots *snapshots, const char *key,
                                     uint64_t version, int64_t *rows,
                                     size_t count) {
  sb_snapshot fresh = {.version = version, .key = strdup(key), .rows = rows,
                       .count = count};
  if (!fresh.key) {
    free(rows);
    return NULL;
  }
  while (snapshots->count == MAX_SNAPSHOTS
         || (snapshots->count && snapshots->rows + count > MAX_ROWS))
    drop(snapshots, longest_unused(snapshots));
  sqlite3_randomness(sizeof fresh.name, &fresh.name);
  snapshots->rows += count;
  snapshots->list[snapshots->count] = fresh;
  return touch(snapshots, snapshots->count++);
}
