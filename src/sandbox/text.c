/*
** Bytes: a growing run with a maximum, and the encodings that HTTP needs.
*/
#include "sandbox/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>


void sb_text_init(sb_text *text, size_t maximum) {
  *text = (sb_text){.maximum = maximum};
}


void sb_text_free(sb_text *text) {
  free(text->bytes);
  sb_text_init(text, text->maximum);
}


void sb_text_reset(sb_text *text) {
  text->length = 0;
  text->broken = false;
  if (text->bytes) text->bytes[0] = '\0';
}


void sb_text_cut(sb_text *text, size_t length) {
  if (length >= text->length) return;
  text->length = length;
  text->bytes[length] = '\0';
}


void sb_text_drop(sb_text *text, size_t count) {
  if (count > text->length) count = text->length;
  if (count == 0) return;
  text->length -= count;
  memmove(text->bytes, text->bytes + count, text->length + 1);
}


static bool make_room(sb_text *text, size_t more) {
  if (text->broken || more > text->maximum - text->length) return false;
  size_t wanted = text->length + more + 1;
  if (wanted <= text->room) return true;
  size_t room = text->room ? text->room : 64;
  while (room < wanted) room *= 2;
  char *bytes = realloc(text->bytes, room);
  if (!bytes) return false;
  text->bytes = bytes;
  text->room = room;
  return true;
}


void sb_text_add(sb_text *text, const void *bytes, size_t length) {
  if (!make_room(text, length)) {
    text->broken = true;
    return;
  }
  if (length) memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
  text->bytes[text->length] = '\0';
}


void sb_text_puts(sb_text *text, const char *string) {
  sb_text_add(text, string, strlen(string));
}


void sb_text_printf(sb_text *text, const char *format, ...) {
  char *string = NULL;
  va_list args;
  va_start(args, format);
  int length = vasprintf(&string, format, args);
  va_end(args);
  if (length < 0) {
    text->broken = true;
    return;
  }
  sb_text_add(text, string, (size_t)length);
  free(string);
}


void sb_text_quote(sb_text *text, const char *string) {
  sb_text_puts(text, "\"");
  for (const char *c = string; *c; c++) {
    if (*c == '"' || *c == '\\') sb_text_printf(text, "\\%c", *c);
    else if ((unsigned char)*c < 0x20) sb_text_printf(text, "\\u%04x", *c);
    else sb_text_add(text, c, 1);
  }
  sb_text_puts(text, "\"");
}


static int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}


bool sb_percent_decode(char *string, bool plus) {
  char *to = string;
  for (const char *from = string; *from; from++) {
    if (*from != '%') {
      *to++ = *from;
      if (plus && *from == '+') to[-1] = ' ';
      continue;
    }
    int high = hex_value(from[1]);
    int low = high < 0 ? -1 : hex_value(from[2]);
    if (low < 0 || high + low == 0) return false;
    *to++ = (char)(high * 16 + low);
    from += 2;
  }
  *to = '\0';
  return true;
}


/* The number of continuation bytes behind `lead`, and the bounds of the first
** of them, which exclude overlong forms, surrogates and all above U+10FFFF. */
static int utf8_follow(unsigned char lead, unsigned char *least,
                       unsigned char *most) {
  *least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  *most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (lead < 0x80) return 0;
  if (lead >= 0xC2 && lead <= 0xDF) return 1;
  if (lead >= 0xE0 && lead <= 0xEF) return 2;
  if (lead >= 0xF0 && lead <= 0xF4) return 3;
  return -1;
}


bool sb_utf8_valid(const char *bytes, size_t length) {
  size_t i = 0;
  while (i < length) {
    unsigned char least, most;
    int follow = utf8_follow((unsigned char)bytes[i++], &least, &most);
    if (follow < 0 || (size_t)follow > length - i) return false;
    for (; follow > 0; follow--, least = 0x80, most = 0xBF) {
      unsigned char byte = (unsigned char)bytes[i++];
      if (byte < least || byte > most) return false;
    }
  }
  return true;
}


static void add_base64(sb_text *text, const unsigned char *in, size_t length) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789+/=";
  enum { PAD = 64 };
  for (size_t i = 0; i < length; i += 3) {
    size_t left = length - i;
    uint32_t three = (uint32_t)in[i] << 16;
    if (left > 1) three |= (uint32_t)in[i + 1] << 8;
    if (left > 2) three |= in[i + 2];
    char four[4] = {digits[three >> 18 & 63], digits[three >> 12 & 63],
                    digits[left > 1 ? three >> 6 & 63 : PAD],
                    digits[left > 2 ? three & 63 : PAD]};
    sb_text_add(text, four, sizeof four);
  }
}


void sb_text_credentials(sb_text *text, const char *token) {
  sb_text pair;
  sb_text_init(&pair, text->maximum);
  sb_text_printf(&pair, "%s:", token);
  if (pair.broken) text->broken = true;
  else add_base64(text, (unsigned char *)pair.bytes, pair.length);
  sb_text_free(&pair);
}


uint64_t sb_mix(uint64_t value) {
  value += 0x9E3779B97F4A7C15u;
  value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9u;
  value = (value ^ value >> 27) * 0x94D049BB133111EBu;
  return value ^ value >> 31;
}


static double clock_seconds(clockid_t id) {
  struct timespec now;
  clock_gettime(id, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}


double sb_monotonic(void) {
  return clock_seconds(CLOCK_MONOTONIC);
}


double sb_wall(void) {
  return clock_seconds(CLOCK_REALTIME);
}
