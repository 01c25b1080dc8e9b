/*
** What a client has done so far: counters, and a line an attempt if someone
** wants to read along.
*/
#ifndef CO_RECORD_H
#define CO_RECORD_H

#include "core/stats.h"
#include "core/transfer.h"

typedef struct co_record {
  co_stats stats;
  bool tracing;
  co_buffer lines;  /* whole lines; whoever prints them resets it */
} co_record;

void co_record_init(co_record *record, bool tracing);
void co_record_free(co_record *record);
void co_record_start(co_record *record, bool repeat);

/* Notes a finished attempt while it still has its handle. */
void co_record_attempt(co_record *record, const co_transfer *transfer);

#endif
