/*
** The log of requests, which sandbox:requests() copies. request.c makes an
** entry for each request. An entry is complete when it is added to the log,
** except for its status, which comes later. Entries are reference-counted:
** Lua's thread may hold an entry that the log has dropped.
*/
#ifndef SB_REQUEST_LOG_H
#define SB_REQUEST_LOG_H

#include <stdatomic.h>

#include "sandbox/text.h"

typedef struct sb_entry {
  atomic_int references;
  atomic_int status;       /* 0: not answered, or not by a status */
  double at;               /* monotonic */
  uint64_t connection;
  char *path;              /* as it was sent */
  char *query;             /* inside `path`'s memory, or NULL */
  char method[16];
  const char *operation;   /* static; NULL for an unknown path */
  const char *fault;       /* static: the kind of its fault, or NULL */
  sb_text headers;         /* name NUL value NUL …, names in lower case */
  sb_text body;
} sb_entry;

typedef struct sb_log sb_log;

/* A new entry with one reference; NULL if memory is out. */
sb_entry *sb_entry_new(const char *uri, size_t max_body);
void sb_entry_hold(sb_entry *entry);
void sb_entry_drop(sb_entry *entry);
void sb_entry_add_header(sb_entry *entry, const char *name, const char *value);

/* The value of a header by its lower-case name, or NULL. */
const char *sb_entry_header(const sb_entry *entry, const char *name);

/* The number of headers of that lower-case name. */
size_t sb_entry_count(const sb_entry *entry, const char *name);

/* A log of the last `capacity` entries. Its functions may be called from any
** thread. */
sb_log *sb_log_new(size_t capacity);
void sb_log_free(sb_log *log);
void sb_log_add(sb_log *log, sb_entry *entry);
void sb_log_clear(sb_log *log);

/* An array of the log's entries, oldest first, with a reference to each; the
** caller drops them and frees the array. NULL if the log is empty or memory is
** out. */
sb_entry **sb_log_copy(sb_log *log, size_t *count);

#endif
