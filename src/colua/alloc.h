/*
** Memory for one Lua state. A script makes and drops small tables and strings
** all the time; Lua says of each how large it was, so blocks of a size are
** kept in a list and need no header, no search and no merging. Larger ones
** are malloc's. What small blocks once took stays taken.
*/
#ifndef ALLOC_H
#define ALLOC_H

#include <stddef.h>

enum { CO_ALLOC_SIZES = 32 };

typedef struct co_alloc_pool {
  struct co_alloc_block *kept[CO_ALLOC_SIZES];  /* by size, free */
  char *fresh;                                  /* never used yet */
  size_t left;                                  /* bytes of it */
} co_alloc_pool;

/* A lua_Alloc; the pool is zero at first. */
void *cl_alloc(void *pool, void *block, size_t old, size_t new);

#endif
