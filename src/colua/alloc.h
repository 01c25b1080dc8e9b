/*
** Memory for one Lua state. A script allocates and frees small tables and
** strings all the time. Lua passes the size of a block when it frees it, so
** free blocks of one size are kept in a list and need no header, search or
** merging. Larger blocks come from malloc. Memory of small blocks is never
** given back.
*/
#ifndef ALLOC_H
#define ALLOC_H

#include <stddef.h>

enum { CL_ALLOC_SIZES = 32 };

typedef struct cl_alloc_pool {
  struct cl_alloc_block *kept[CL_ALLOC_SIZES];  /* free blocks by size */
  char *fresh;                                  /* unused part of the chunk */
  size_t left;                                  /* its length in bytes */
} cl_alloc_pool;

/* A lua_Alloc. The pool must be zero at first. */
void *cl_alloc(void *pool, void *block, size_t old, size_t new);

#endif
