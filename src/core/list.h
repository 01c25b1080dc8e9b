/*
** Doubly linked lists of transfers, each in one list at most.
*/
#ifndef CO_LIST_H
#define CO_LIST_H

#include "core/transfer.h"

typedef struct co_list {
  co_transfer *first, *last;
} co_list;

void co_list_add(co_list *list, co_transfer *transfer);
void co_list_remove(co_list *list, co_transfer *transfer);

#endif
