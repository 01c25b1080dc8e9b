/*
** What was asked of the server, kept for who looks at it afterwards.
*/
#include "sandbox/record.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define MAX_HEADERS 131072

struct sb_ring {
  pthread_mutex_t lock;
  size_t capacity, first, count;
  sb_record **list;
};


sb_record *sb_record_new(const char *uri, size_t max_body) {
  sb_record *record = calloc(1, sizeof *record);
  if (!record) return NULL;
  record->path = strdup(uri);
  if (!record->path) {
    free(record);
    return NULL;
  }
  record->query = strchr(record->path, '?');
  if (record->query) *record->query++ = '\0';
  atomic_init(&record->references, 1);
  sb_text_init(&record->headers, MAX_HEADERS);
  sb_text_init(&record->body, max_body);
  return record;
}


void sb_record_hold(sb_record *record) {
  atomic_fetch_add(&record->references, 1);
}


void sb_record_drop(sb_record *record) {
  if (!record || atomic_fetch_sub(&record->references, 1) > 1) return;
  sb_text_free(&record->headers);
  sb_text_free(&record->body);
  free(record->path);
  free(record);
}


void sb_record_header(sb_record *record, const char *name, const char *value) {
  for (; *name; name++) {
    char small = (char)tolower((unsigned char)*name);
    sb_text_add(&record->headers, &small, 1);
  }
  sb_text_add(&record->headers, "", 1);
  sb_text_add(&record->headers, value, strlen(value) + 1);
}


const char *sb_record_find(const sb_record *record, const char *name) {
  const char *at = record->headers.bytes;
  const char *end = at ? at + record->headers.length : NULL;
  while (at < end) {
    const char *value = at + strlen(at) + 1;
    if (strcmp(at, name) == 0) return value;
    at = value + strlen(value) + 1;
  }
  return NULL;
}


sb_ring *sb_ring_new(size_t capacity) {
  sb_ring *ring = calloc(1, sizeof *ring);
  if (!ring) return NULL;
  ring->capacity = capacity;
  ring->list = calloc(capacity ? capacity : 1, sizeof (sb_record *));
  if (ring->list && pthread_mutex_init(&ring->lock, NULL) == 0) return ring;
  free(ring->list);
  free(ring);
  return NULL;
}


void sb_ring_free(sb_ring *ring) {
  if (!ring) return;
  sb_ring_clear(ring);
  pthread_mutex_destroy(&ring->lock);
  free(ring->list);
  free(ring);
}


static sb_record **place(sb_ring *ring, size_t index) {
  return &ring->list[(ring->first + index) % ring->capacity];
}


static sb_record *take_first(sb_ring *ring) {
  sb_record *record = ring->list[ring->first];
  ring->first = (ring->first + 1) % ring->capacity;
  ring->count--;
  return record;
}


void sb_ring_add(sb_ring *ring, sb_record *record) {
  if (ring->capacity == 0) return;
  sb_record_hold(record);
  sb_record *oldest = NULL;
  pthread_mutex_lock(&ring->lock);
  if (ring->count == ring->capacity) oldest = take_first(ring);
  *place(ring, ring->count++) = record;
  pthread_mutex_unlock(&ring->lock);
  sb_record_drop(oldest);
}


void sb_ring_clear(sb_ring *ring) {
  pthread_mutex_lock(&ring->lock);
  while (ring->count) sb_record_drop(take_first(ring));
  pthread_mutex_unlock(&ring->lock);
}


sb_record **sb_ring_copy(sb_ring *ring, size_t *count) {
  pthread_mutex_lock(&ring->lock);
  *count = ring->count;
  sb_record **copy = NULL;
  if (ring->count) copy = calloc(ring->count, sizeof (sb_record *));
  for (size_t i = 0; copy && i < *count; i++) {
    copy[i] = *place(ring, i);
    sb_record_hold(copy[i]);
  }
  pthread_mutex_unlock(&ring->lock);
  return copy;
}
