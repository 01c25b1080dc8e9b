/*
** A set of ids: an open hash table over their bytes, at most half full.
*/
#include "core/idset.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 256, TEXTS_MAX = 1024 * 1024 * 1024 };

typedef struct co_idset_slot {
  uint32_t hash;
  uint32_t at;   /* in the texts, counted from 1; 0: free */
} slot;


void co_idset_init(co_idset *set) {
  *set = (co_idset){0};
  co_buffer_init(&set->texts, TEXTS_MAX);
}


void co_idset_free(co_idset *set) {
  co_buffer_free(&set->texts);
  free(set->slots);
  co_idset_init(set);
}


void co_idset_clear(co_idset *set) {
  co_buffer_reset(&set->texts);
  if (set->count > 0) memset(set->slots, 0, set->room * sizeof *set->slots);
  set->count = 0;
}


static uint32_t hash_of(const char *id, size_t length) {
  uint64_t hash = length;
  while (length > 0) {
    uint64_t bytes = 0;
    size_t size = length < sizeof bytes ? length : sizeof bytes;
    memcpy(&bytes, id, size);
    hash = (hash ^ bytes) * 0x9E3779B97F4A7C15;
    hash ^= hash >> 32;
    id += size;
    length -= size;
  }
  return (uint32_t)hash;
}


static bool is_at(const co_idset *set, const slot *s, const char *id,
                  size_t length) {
  size_t own;
  const char *text = set->texts.bytes + s->at - 1;
  memcpy(&own, text, sizeof own);
  return own == length && memcmp(text + sizeof own, id, length) == 0;
}


bool co_idset_has(const co_idset *set, const char *id, size_t length) {
  if (set->count == 0) return false;
  uint32_t hash = hash_of(id, length);
  for (size_t i = hash;; i++) {
    const slot *s = &set->slots[i & (set->room - 1)];
    if (s->at == 0) return false;
    if (s->hash == hash && is_at(set, s, id, length)) return true;
  }
}


static void put(slot *slots, size_t room, slot new) {
  size_t i = new.hash;
  while (slots[i & (room - 1)].at != 0) i++;
  slots[i & (room - 1)] = new;
}


static bool grow(co_idset *set) {
  size_t room = set->room == 0 ? FIRST_ROOM : set->room * 2;
  slot *slots = calloc(room, sizeof *slots);
  if (slots == NULL) return false;
  for (size_t i = 0; i < set->room; i++)
    if (set->slots[i].at != 0) put(slots, room, set->slots[i]);
  free(set->slots);
  set->slots = slots;
  set->room = room;
  return true;
}


bool co_idset_add(co_idset *set, const char *id, size_t length) {
  slot new = {hash_of(id, length), (uint32_t)set->texts.length + 1};
  if (set->count >= set->room / 2 && !grow(set)) return false;
  co_buffer_add(&set->texts, (const char *)&length, sizeof length);
  if (!co_buffer_add(&set->texts, id, length)) return false;
  put(set->slots, set->room, new);
  set->count++;
  return true;
}
