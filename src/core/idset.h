/*
** A set of ids that is emptied and filled again, page after page.
*/
#ifndef CO_IDSET_H
#define CO_IDSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"

typedef struct co_idset {
  co_buffer texts;             /* each behind its length */
  struct co_idset_slot *slots;
  size_t room;                 /* slots: 0, or a power of 2 */
  size_t count;
} co_idset;

void co_idset_init(co_idset *set);
void co_idset_free(co_idset *set);

/* Keeps the memory for the next. */
void co_idset_clear(co_idset *set);

bool co_idset_has(const co_idset *set, const char *id, size_t length);

/* Of one that it does not have. False: memory is out, or 1 GiB of ids. */
bool co_idset_add(co_idset *set, const char *id, size_t length);

#endif
