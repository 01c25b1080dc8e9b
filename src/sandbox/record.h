/*
** What was asked of the server, kept for who looks at it afterwards. A record
** is complete when it enters the ring; only its status comes later.
*/
#ifndef SB_RECORD_H
#define SB_RECORD_H

#include <stdatomic.h>

#include "sandbox/text.h"

typedef struct sb_record {
  atomic_int references;
  atomic_int status;       /* 0: not answered, or not by a status */
  double at;               /* monotonic */
  uint64_t connection;
  char *path;              /* as it was sent */
  char *query;             /* inside `path`'s memory, or NULL */
  char method[16];
  const char *operation;   /* static; NULL where the path is none of ours */
  const char *fault;       /* static: the kind that fell on it, or NULL */
  sb_text headers;         /* name NUL value NUL …, names in lower case */
  sb_text body;
} sb_record;

typedef struct sb_ring sb_ring;

/* With one reference; NULL where memory is out. */
sb_record *sb_record_new(const char *uri, size_t max_body);
void sb_record_hold(sb_record *record);
void sb_record_drop(sb_record *record);
void sb_record_header(sb_record *record, const char *name, const char *value);

/* The value of a header by its lower-case name, or NULL. */
const char *sb_record_find(const sb_record *record, const char *name);

/* Keeps the last `capacity` records; 0 keeps none. Safe from any thread. */
sb_ring *sb_ring_new(size_t capacity);
void sb_ring_free(sb_ring *ring);
void sb_ring_add(sb_ring *ring, sb_record *record);
void sb_ring_clear(sb_ring *ring);

/* An array of what is in it, oldest first, each held; the caller drops them
** and frees it. NULL where it is empty or memory is out. */
sb_record **sb_ring_copy(sb_ring *ring, size_t *count);

#endif
