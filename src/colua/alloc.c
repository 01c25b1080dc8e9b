/*
** Small blocks in lists by their size, in steps of 16 bytes.
*/
#include "colua/alloc.h"

#include <stdlib.h>
#include <string.h>

/* A sanitizer, or valgrind, is to see every block. */
#if defined __SANITIZE_ADDRESS__ || defined CO_PLAIN_ALLOC
enum { SIZES = 0 };
#else
enum { SIZES = CO_ALLOC_SIZES };
#endif

enum { STEP = 16, SMALL = STEP * SIZES, CHUNK = 64 * 1024 };

typedef struct co_alloc_block {
  struct co_alloc_block *next;
} co_alloc_block;


static size_t size_index(size_t size) {
  return (size - 1) / STEP;
}


/* What is left of the chunk before is given up: less than 512 bytes. */
static void *take_fresh(co_alloc_pool *pool, size_t size) {
  if (pool->left < size) {
    char *chunk = malloc(CHUNK);
    if (chunk == NULL) return NULL;
    pool->fresh = chunk;
    pool->left = CHUNK;
  }
  char *block = pool->fresh;
  pool->fresh += size;
  pool->left -= size;
  return block;
}


static void *take(co_alloc_pool *pool, size_t size) {
  if (size > SMALL) return malloc(size);
  size_t i = size_index(size);
  co_alloc_block *block = pool->kept[i];
  if (block == NULL) return take_fresh(pool, (i + 1) * STEP);
  pool->kept[i] = block->next;
  return block;
}


static void give(co_alloc_pool *pool, void *block, size_t size) {
  if (size > SMALL) {
    free(block);
    return;
  }
  co_alloc_block *head = block;
  head->next = pool->kept[size_index(size)];
  pool->kept[size_index(size)] = head;
}


static void *move(co_alloc_pool *pool, void *block, size_t old, size_t new) {
  void *moved = take(pool, new);
  if (moved == NULL) return NULL;
  memcpy(moved, block, old < new ? old : new);
  give(pool, block, old);
  return moved;
}


/* Of a block that is not there yet `old` says what it will be, not a size. */
void *cl_alloc(void *data, void *block, size_t old, size_t new) {
  co_alloc_pool *pool = data;
  if (block == NULL) return new == 0 ? NULL : take(pool, new);
  if (new == 0) {
    give(pool, block, old);
    return NULL;
  }
  if (old > SMALL && new > SMALL) return realloc(block, new);
  if (old <= SMALL && new <= SMALL && size_index(old) == size_index(new))
    return block;
  return move(pool, block, old, new);
}
