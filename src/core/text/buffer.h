/*
** A growing run of bytes with a maximum, set at its start and never passed.
** Whoever holds the struct owns the bytes and frees them with co_buffer_free;
** memory that is given back is wiped first, since it may have held a secret.
** Only buffer.c changes the fields. As it is called from libcurl's callbacks,
** it does nothing but allocate and copy.
*/
#ifndef CO_BUFFER_H
#define CO_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct co_buffer {
  char *bytes;     /* NUL-terminated once anything was added; else NULL */
  size_t length;
  size_t room;
  size_t maximum;
  bool broken;     /* an addition failed: too long, or out of memory */
  bool starved;    /* it was memory */
} co_buffer;

void co_buffer_init(co_buffer *buffer, size_t maximum);
void co_buffer_free(co_buffer *buffer);

/* Empties it and keeps the memory for the next use. */
void co_buffer_reset(co_buffer *buffer);

/* Wipes what is behind the first `length` bytes. */
void co_buffer_cut(co_buffer *buffer, size_t length);

/* Makes room at once for what is said to come. Not a promise: without it, or
** for more, the buffer grows as ever. */
void co_buffer_expect(co_buffer *buffer, size_t length);

/*
** Each returns false and marks the buffer broken when the maximum would be
** passed or memory is out; later additions to a broken buffer do nothing,
** so that a run of additions needs one check at its end.
*/
bool co_buffer_add(co_buffer *buffer, const char *bytes, size_t length);
bool co_buffer_add_text(co_buffer *buffer, const char *text);
bool co_buffer_add_byte(co_buffer *buffer, char byte);

/* Adds text percent-encoded as one path segment or query value (RFC 3986:
** all but the unreserved characters). */
bool co_buffer_add_escaped(co_buffer *buffer, const char *text, size_t length);

#endif
