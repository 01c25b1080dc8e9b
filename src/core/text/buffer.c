/*
** Capped byte buffers, percent-encoding and base64.
*/
#include "core/text/buffer.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of the first allocation: room for an asset and most other contents. */
enum { FIRST_ROOM = 512 };


void co_buffer_init(co_buffer *buffer, size_t maximum) {
  *buffer = (co_buffer){.maximum = maximum};
}


/* Wipes first: the bytes may have held a secret. */
void co_buffer_free(co_buffer *buffer) {
  if (buffer->bytes != NULL) explicit_bzero(buffer->bytes, buffer->room);
  free(buffer->bytes);
  co_buffer_init(buffer, buffer->maximum);
}


void co_buffer_reset(co_buffer *buffer) {
  buffer->length = 0;
  buffer->broken = buffer->starved = false;
  if (buffer->bytes != NULL) buffer->bytes[0] = '\0';
}


void co_buffer_cut(co_buffer *buffer, size_t length) {
  if (buffer->length <= length) return;
  explicit_bzero(buffer->bytes + length, buffer->length - length);
  buffer->length = length;   /* bytes[length] is NUL now */
}


/* Does not use realloc: the old bytes must be wiped. */
static bool move_to(co_buffer *buffer, size_t room) {
  char *bytes = malloc(room);
  if (bytes == NULL) return false;
  bytes[0] = '\0';
  if (buffer->bytes != NULL) {
    memcpy(bytes, buffer->bytes, buffer->length + 1);
    explicit_bzero(buffer->bytes, buffer->room);
    free(buffer->bytes);
  }
  buffer->bytes = bytes;
  buffer->room = room;
  return true;
}


static bool grow(co_buffer *buffer, size_t needed) {
  size_t room = buffer->room == 0 ? FIRST_ROOM : buffer->room;
  while (room < needed) room *= 2;
  return move_to(buffer, room);
}


void co_buffer_expect(co_buffer *buffer, size_t length) {
  bool fits = length <= buffer->maximum - buffer->length;
  size_t room = buffer->length + length + 1;
  if (fits && !buffer->broken && room > buffer->room) move_to(buffer, room);
}


static bool reserve(co_buffer *buffer, size_t extra) {
  if (buffer->broken) return false;
  bool fits = extra <= buffer->maximum - buffer->length;
  size_t needed = buffer->length + extra + 1;
  if (fits && needed <= buffer->room) return true;
  if (fits && grow(buffer, needed)) return true;
  buffer->broken = true;
  buffer->starved = fits;
  return false;
}


bool co_buffer_add(co_buffer *buffer, const char *bytes, size_t length) {
  if (!reserve(buffer, length)) return false;
  if (length > 0) memcpy(buffer->bytes + buffer->length, bytes, length);
  buffer->length += length;
  buffer->bytes[buffer->length] = '\0';
  return true;
}


bool co_buffer_add_text(co_buffer *buffer, const char *text) {
  return co_buffer_add(buffer, text, strlen(text));
}


bool co_buffer_add_byte(co_buffer *buffer, char byte) {
  if (!reserve(buffer, 1)) return false;
  buffer->bytes[buffer->length++] = byte;
  buffer->bytes[buffer->length] = '\0';
  return true;
}


static bool is_unreserved(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '~';
}


bool co_buffer_add_escaped(co_buffer *buffer, const char *text,
                           size_t length) {
  static const char digits[] = "0123456789ABCDEF";
  size_t plain = 0;  /* start of the bytes that need no escape */
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];
    if (is_unreserved(c)) continue;
    char triple[3] = {'%', digits[c >> 4], digits[c & 15]};
    co_buffer_add(buffer, text + plain, i - plain);
    co_buffer_add(buffer, triple, sizeof triple);
    plain = i + 1;
  }
  return co_buffer_add(buffer, text + plain, length - plain);
}


bool co_buffer_add_base64(co_buffer *buffer, const char *bytes,
                          size_t length) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < length; i += 3) {
    size_t count = length - i < 3 ? length - i : 3;
    unsigned char group[3] = {0};
    memcpy(group, bytes + i, count);
    char four[4] = {
      letters[group[0] >> 2],
      letters[(group[0] & 3) << 4 | group[1] >> 4],
      letters[(group[1] & 15) << 2 | group[2] >> 6],
      letters[group[2] & 63]
    };
    if (count < 3) four[3] = '=';
    if (count < 2) four[2] = '=';
    co_buffer_add(buffer, four, sizeof four);
  }
  return !buffer->broken;
}
