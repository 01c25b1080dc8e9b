/*
** Checks UTF-8 by the table of well-formed sequences in RFC 3629.
*/
#include "core/text/utf8.h"

#include <stdint.h>
#include <string.h>


/* Length of the well-formed sequence at the start (RFC 3629), or 0. */
static size_t sequence_length(const unsigned char *s, size_t left) {
  static const struct { unsigned char from, to, low, high, length; } rows[] = {
    {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4}
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (s[0] < rows[i].from || s[0] > rows[i].to) continue;
    size_t n = rows[i].length;
    if (n > left) return 0;
    if (n > 1 && (s[1] < rows[i].low || s[1] > rows[i].high)) return 0;
    for (size_t j = 2; j < n; j++)
      if ((s[j] & 0xC0) != 0x80) return 0;
    return n;
  }
  return 0;
}


size_t co_utf8_length(const char *text, size_t left) {
  const unsigned char *s = (const unsigned char *)text;
  return s[0] < 0x80 ? 1 : sequence_length(s, left);
}


size_t co_utf8_control(const char *text, size_t left) {
  const unsigned char *c = (const unsigned char *)text;
  if (c[0] < 0x20 || c[0] == 0x7F) return 1;
  return left > 1 && c[0] == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0 ? 2 : 0;
}


/* The number of bytes at the start, a multiple of eight, that are all ASCII. */
static size_t ascii_length(const char *text, size_t length) {
  size_t i = 0;
  for (uint64_t eight; i + sizeof eight <= length; i += sizeof eight) {
    memcpy(&eight, text + i, sizeof eight);
    if ((eight & 0x8080808080808080u) != 0) break;
  }
  return i;
}


bool co_utf8_is_ascii(const char *text, size_t length) {
  size_t i = ascii_length(text, length);
  while (i < length && (unsigned char)text[i] < 0x80) i++;
  return i == length;
}


size_t co_utf8_fault(const char *text, size_t length) {
  for (size_t i = ascii_length(text, length); i < length;) {
    size_t n = co_utf8_length(text + i, length - i);
    if (n == 0) return i + 1;
    i += n;
  }
  return 0;
}
