/*
** The log of requests: a ring of reference-counted entries, with a lock.
*/
#include "sandbox/http/request_log.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define MAX_HEADERS 131072

struct sb_log {
  pthread_mutex_t lock;
  size_t capacity, first, count;
  sb_entry **list;
};


sb_entry *sb_entry_new(const char *uri, size_t max_body) {
  sb_entry *entry = calloc(1, sizeof *entry);
  if (!entry) return NULL;
  entry->path = strdup(uri);
  if (!entry->path) {
    free(entry);
    return NULL;
  }
  entry->query = strchr(entry->path, '?');
  if (entry->query) *entry->query++ = '\0';
  atomic_init(&entry->references, 1);
  sb_text_init(&entry->headers, MAX_HEADERS);
  sb_text_init(&entry->body, max_body);
  return entry;
}


void sb_entry_hold(sb_entry *entry) {
  atomic_fetch_add(&entry->references, 1);
}


void sb_entry_drop(sb_entry *entry) {
  if (!entry || atomic_fetch_sub(&entry->references, 1) > 1) return;
  sb_text_free(&entry->headers);
  sb_text_free(&entry->body);
  free(entry->path);
  free(entry);
}


void sb_entry_add_header(sb_entry *entry, const char *name, const char *value) {
  for (; *name; name++) {
    char small = (char)tolower((unsigned char)*name);
    sb_text_add(&entry->headers, &small, 1);
  }
  sb_text_add(&entry->headers, "", 1);
  sb_text_add(&entry->headers, value, strlen(value) + 1);
}


const char *sb_entry_header(const sb_entry *entry, const char *name) {
  const char *at = entry->headers.bytes;
  const char *end = at ? at + entry->headers.length : NULL;
  while (at < end) {
    const char *value = at + strlen(at) + 1;
    if (strcmp(at, name) == 0) return value;
    at = value + strlen(value) + 1;
  }
  return NULL;
}


size_t sb_entry_count(const sb_entry *entry, const char *name) {
  const char *at = entry->headers.bytes;
  const char *end = at ? at + entry->headers.length : NULL;
  size_t count = 0;
  while (at < end) {
    count += strcmp(at, name) == 0;
    at += strlen(at) + 1;
    at += strlen(at) + 1;
  }
  return count;
}


sb_log *sb_log_new(size_t capacity) {
  sb_log *log = calloc(1, sizeof *log);
  if (!log) return NULL;
  log->capacity = capacity;
  log->list = calloc(capacity ? capacity : 1, sizeof (sb_entry *));
  if (log->list && pthread_mutex_init(&log->lock, NULL) == 0) return log;
  free(log->list);
  free(log);
  return NULL;
}


void sb_log_free(sb_log *log) {
  if (!log) return;
  sb_log_clear(log);
  pthread_mutex_destroy(&log->lock);
  free(log->list);
  free(log);
}


static sb_entry **slot(sb_log *log, size_t index) {
  return &log->list[(log->first + index) % log->capacity];
}


static sb_entry *remove_first(sb_log *log) {
  sb_entry *entry = log->list[log->first];
  log->first = (log->first + 1) % log->capacity;
  log->count--;
  return entry;
}


void sb_log_add(sb_log *log, sb_entry *entry) {
  if (log->capacity == 0) return;
  sb_entry_hold(entry);
  sb_entry *oldest = NULL;
  pthread_mutex_lock(&log->lock);
  if (log->count == log->capacity) oldest = remove_first(log);
  *slot(log, log->count++) = entry;
  pthread_mutex_unlock(&log->lock);
  sb_entry_drop(oldest);
}


void sb_log_clear(sb_log *log) {
  pthread_mutex_lock(&log->lock);
  while (log->count) sb_entry_drop(remove_first(log));
  pthread_mutex_unlock(&log->lock);
}


sb_entry **sb_log_copy(sb_log *log, size_t *count) {
  pthread_mutex_lock(&log->lock);
  *count = log->count;
  sb_entry **copy = NULL;
  if (log->count) copy = calloc(log->count, sizeof (sb_entry *));
  for (size_t i = 0; copy && i < *count; i++) {
    copy[i] = *slot(log, i);
    sb_entry_hold(copy[i]);
  }
  pthread_mutex_unlock(&log->lock);
  return copy;
}
