/*
** Keeps freed small blocks in lists by their size, in steps of 16 bytes. Lua's
** allocator: it calls no Lua.
*/
#include "colua/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Under AddressSanitizer or valgrind, every block comes from malloc. */
#if defined __SANITIZE_ADDRESS__ || defined CL_PLAIN_ALLOC
enum { SIZES = 0 };
#else
enum { SIZES = CL_ALLOC_SIZES };
#endif

enum { STEP = 16, SMALL = STEP * SIZES, CHUNK = 64 * 1024 };

typedef struct cl_alloc_block {
  struct cl_alloc_block *next;
} cl_alloc_block;


static size_t size_index(size_t size) {
  return (size - 1) / STEP;
}


/* Cuts a block from the current chunk, or from a new one; the rest of the old
** chunk (less than 512 bytes) is lost. */
static void *cut_block(cl_alloc_pool *pool, size_t size) {
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


static void *allocate(cl_alloc_pool *pool, size_t size) {
  if (size > SMALL) return malloc(size);
  size_t i = size_index(size);
  cl_alloc_block *block = pool->kept[i];
  if (block == NULL) return cut_block(pool, (i + 1) * STEP);
  pool->kept[i] = block->next;
  return block;
}


static void release(cl_alloc_pool *pool, void *block, size_t size) {
  if (size > SMALL) {
    free(block);
    return;
  }
  cl_alloc_block *head = block;
  head->next = pool->kept[size_index(size)];
  pool->kept[size_index(size)] = head;
}


static void *move(cl_alloc_pool *pool, void *block, size_t old, size_t new) {
  void *moved = allocate(pool, new);
  if (moved == NULL) return NULL;
  memcpy(moved, block, old < new ? old : new);
  release(pool, block, old);
  return moved;
}


/* For a new block, `old` is Lua's type tag, not a size. */
void *cl_alloc(void *data, void *block, size_t old, size_t new) {
  cl_alloc_pool *pool = data;
  if (block == NULL) return new == 0 ? NULL : allocate(pool, new);
  if (new == 0) {
    release(pool, block, old);
    return NULL;
  }
  if (old > SMALL && new > SMALL) return realloc(block, new);
  if (old <= SMALL && new <= SMALL && size_index(old) == size_index(new))
    return block;
  return move(pool, block, old, new);
}
