/*
** Memory for one Lua state. Free small blocks are kept in one list for each
** size and used again, since a script allocates and frees small tables and
** strings all the time. A block needs no header, since Lua passes its size when
** it frees the block. Larger blocks come from malloc. Memory of small blocks is
** never given back.
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
