/*
** The lists that a transfer's own links make.
*/
#include "core/list.h"


void co_list_add(co_list *list, co_transfer *t) {
  t->previous = list->last;
  t->next = NULL;
  if (list->last != NULL) list->last->next = t;
  else list->first = t;
  list->last = t;
}


void co_list_remove(co_list *list, co_transfer *t) {
  if (t->previous != NULL) t->previous->next = t->next;
  else list->first = t->next;
  if (t->next != NULL) t->next->previous = t->previous;
  else list->last = t->previous;
  t->previous = t->next = NULL;
}
