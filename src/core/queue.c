/*
** Queues linked through co_transfer's `previous` and `next`.
*/
#include "core/queue.h"


void co_queue_add(co_queue *queue, co_transfer *t) {
  t->previous = queue->last;
  t->next = NULL;
  if (queue->last != NULL) queue->last->next = t;
  else queue->first = t;
  queue->last = t;
}


void co_queue_push(co_queue *queue, co_transfer *t) {
  t->previous = NULL;
  t->next = queue->first;
  if (queue->first != NULL) queue->first->previous = t;
  else queue->last = t;
  queue->first = t;
}


void co_queue_remove(co_queue *queue, co_transfer *t) {
  if (t->previous != NULL) t->previous->next = t->next;
  else queue->first = t->next;
  if (t->next != NULL) t->next->previous = t->previous;
  else queue->last = t->previous;
  t->previous = t->next = NULL;
}
