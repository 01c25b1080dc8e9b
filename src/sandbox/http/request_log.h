/*
** The log of requests, which sandbox:requests() copies. request.c makes an
** entry for each request; it is complete when it enters the log, but for its
** status, which comes later. An entry is a counted reference: Lua's thread may
** hold one that the log has forgotten.
*/
#ifndef SB_REQUEST_LOG_H
#define SB_REQUEST_LOG_H

#include <stdatomic.h>

#include "sandbox/estate/text.h"

typedef struct sb_entry {
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
} sb_entry;

typedef struct sb_log sb_log;

/* With one reference; NULL where memory is out. */
sb_entry *sb_entry_new(const char *uri, size_t max_body);
void sb_entry_hold(sb_entry *entry);
void sb_entry_drop(sb_entry *entry);
void sb_entry_add_header(sb_entry *entry, const char *name, const char *value);

/* The value of a header by its lower-case name, or NULL. */
const char *sb_entry_header(const sb_entry *entry, const char *name);

/* How many headers of that lower-case name there are. */
size_t sb_entry_count(const sb_entry *entry, const char *name);

/* Keeps the last `capacity` records; 0 keeps none. Safe from any thread. */
sb_log *sb_log_new(size_t capacity);
void sb_log_free(sb_log *log);
void sb_log_add(sb_log *log, sb_entry *entry);
void sb_log_clear(sb_log *log);

/* An array of what is in it, oldest first, each held; the caller drops them
** and frees it. NULL where it is empty or memory is out. */
sb_entry **sb_log_copy(sb_log *log, size_t *count);

#endif
