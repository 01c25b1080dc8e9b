/*
** Doubly linked queues of transfers, first in, first out. The links are in
** the transfers, so nothing is allocated, and a transfer is in at most one
** queue. The schedule keeps one queue for each state.
*/
#ifndef CO_QUEUE_H
#define CO_QUEUE_H

#include "core/transfer.h"

typedef struct co_queue {
  co_transfer *first, *last;
} co_queue;

/* Appends a transfer that is in no queue. */
void co_queue_add(co_queue *queue, co_transfer *transfer);

/* Puts a transfer that is in no queue before all others. */
void co_queue_push(co_queue *queue, co_transfer *transfer);

/* Takes out a transfer that is in this queue, wherever it stands. */
void co_queue_remove(co_queue *queue, co_transfer *transfer);

#endif
