/*
** A growing run of bytes with a maximum that is set at its start and never
** exceeded. The owner of the struct owns the bytes and frees them with
** co_buffer_free. Memory is wiped before it is freed, since it may have held a
** secret. Only buffer.c changes the fields; others may set `broken`. libcurl's
** callbacks call these functions, which only allocate and copy.
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
  bool starved;    /* broken because it was out of memory */
} co_buffer;

void co_buffer_init(co_buffer *buffer, size_t maximum);
void co_buffer_free(co_buffer *buffer);

/* Empties the buffer and keeps the memory for the next use. */
void co_buffer_reset(co_buffer *buffer);

/* Cuts the buffer to its first `length` bytes and wipes the rest. */
void co_buffer_cut(co_buffer *buffer, size_t length);

/* Allocates room for `length` bytes at once. Only a hint: the buffer also grows
** without it, and beyond it. */
void co_buffer_expect(co_buffer *buffer, size_t length);

/*
** Each returns false and marks the buffer broken when the maximum would be
** exceeded or memory is out. Additions to a broken buffer do nothing, so a run
** of additions needs one check at its end.
*/
bool co_buffer_add(co_buffer *buffer, const char *bytes, size_t length);
bool co_buffer_add_text(co_buffer *buffer, const char *text);
bool co_buffer_add_byte(co_buffer *buffer, char byte);

/* Adds text percent-encoded as one path segment or query value (RFC 3986:
** all but the unreserved characters). */
bool co_buffer_add_escaped(co_buffer *buffer, const char *text, size_t length);

/* Adds bytes in base64, with padding (RFC 4648). */
bool co_buffer_add_base64(co_buffer *buffer, const char *bytes, size_t length);

#endif
