/*
** The lines of --trace, one for each attempt: method, path, status, time. The
** activity collects them; the binding prints them.
*/
#ifndef CO_TRACE_H
#define CO_TRACE_H

#include "core/transfer.h"

/* The most bytes that are kept until they are read. */
#define CO_TRACE_MAX (256 * 1024)

/* Adds the line of an attempt that has ended. A line that would make the buffer
** too long is dropped. */
void co_trace_add(co_buffer *lines, const co_transfer *transfer);

#endif
