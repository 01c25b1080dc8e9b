/*
** src/core/text/utf8.c, by Markus Kuhn's list of stress cases. A fault is the
** position, from 1, of the first byte of the first invalid sequence.
*/
#include "core/text/utf8.h"

#include <stdint.h>

#include "check.h"

/* A string with its length, which may hold NUL. */
#define BYTES(text) text, sizeof text - 1

static const struct row {
  const char *what, *text;
  size_t length, fault;
} rows[] = {
  {"nothing", BYTES(""), 0},
  {"ASCII", BYTES("a-z~ \x7F"), 0},
  {"NUL", BYTES("a\0b"), 0},
  {"Greek", BYTES("\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5"), 0},
  {"four bytes", BYTES("\xF0\x9F\xA7\xA0"), 0},
  /* The first and the last of each length */
  {"U+0080", BYTES("\xC2\x80"), 0},
  {"U+07FF", BYTES("\xDF\xBF"), 0},
  {"U+0800", BYTES("\xE0\xA0\x80"), 0},
  {"U+FFFF", BYTES("\xEF\xBF\xBF"), 0},
  {"U+10000", BYTES("\xF0\x90\x80\x80"), 0},
  {"U+10FFFF", BYTES("\xF4\x8F\xBF\xBF"), 0},
  {"U+110000", BYTES("\xF4\x90\x80\x80"), 1},
  {"U+13FFFF", BYTES("\xF4\xBF\xBF\xBF"), 1},
  {"U+140000", BYTES("\xF5\x80\x80\x80"), 1},
  {"five bytes", BYTES("\xF8\x88\x80\x80\x80"), 1},
  {"six bytes", BYTES("\xFC\x84\x80\x80\x80\x80"), 1},
  /* Beside the surrogates */
  {"U+D7FF", BYTES("\xED\x9F\xBF"), 0},
  {"U+E000", BYTES("\xEE\x80\x80"), 0},
  {"U+D800", BYTES("\xED\xA0\x80"), 1},
  {"U+DBFF", BYTES("\xED\xAF\xBF"), 1},
  {"U+DC00", BYTES("\xED\xB0\x80"), 1},
  {"U+DFFF", BYTES("\xED\xBF\xBF"), 1},
  {"a pair of them", BYTES("\xED\xA0\x80\xED\xB0\x80"), 1},
  /* Noncharacters are characters to a decoder */
  {"U+FFFE", BYTES("\xEF\xBF\xBE"), 0},
  {"U+FDD0", BYTES("\xEF\xB7\x90"), 0},
  {"U+1FFFF", BYTES("\xF0\x9F\xBF\xBF"), 0},
  {"U+FEFF", BYTES("\xEF\xBB\xBF"), 0},
  /* Bytes out of place */
  {"0x80", BYTES("\x80"), 1},
  {"0xBF", BYTES("\xBF"), 1},
  {"two of them", BYTES("\x80\xBF"), 1},
  {"0xFE", BYTES("a\xFE"), 2},
  {"0xFF", BYTES("ab\xFF" "c"), 3},
  {"one too many", BYTES("\xC3\xA4\x80"), 3},
  {"Latin-1", BYTES("caf\xE9"), 4},
  {"Latin-1 within", BYTES("caf\xE9 au lait"), 4},
  /* Cut short */
  {"1 of 2", BYTES("\xC3"), 1},
  {"1 of 3", BYTES("\xE2"), 1},
  {"2 of 3", BYTES("\xE2\x82"), 1},
  {"1 of 4", BYTES("\xF0"), 1},
  {"2 of 4", BYTES("\xF0\x9F"), 1},
  {"3 of 4", BYTES("\xF0\x9F\xA7"), 1},
  {"1 of 2, then a letter", BYTES("\xC3" "a"), 1},
  {"2 of 3, then a letter", BYTES("\xE2\x82" "a"), 1},
  {"3 of 4, then a letter", BYTES("\xF0\x9F\xA7" "a"), 1},
  {"2 of 3, then one more", BYTES("ok \xE2\x82\xE2\x82\xAC"), 4},
  /* Overlong */
  {"/ in two", BYTES("\xC0\xAF"), 1},
  {"/ in three", BYTES("\xE0\x80\xAF"), 1},
  {"/ in four", BYTES("\xF0\x80\x80\xAF"), 1},
  {"NUL in two", BYTES("\xC0\x80"), 1},
  {"U+007F in two", BYTES("\xC1\xBF"), 1},
  {"U+07FF in three", BYTES("\xE0\x9F\xBF"), 1},
  {"U+FFFF in four", BYTES("\xF0\x8F\xBF\xBF"), 1}
};


static void test_rows(void) {
  for (size_t i = 0; i < ROWS(rows); i++)
    CHECK_ROW(rows[i].what,
              co_utf8_fault(rows[i].text, rows[i].length) == rows[i].fault);
}


static size_t encode(uint32_t c, char *out) {
  static const unsigned char heads[] = {0, 0, 0xC0, 0xE0, 0xF0};
  size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = n; i-- > 1; c >>= 6) out[i] = (char)(0x80 | (c & 0x3F));
  out[0] = (char)(heads[n] | c);
  return n;
}


/* Every scalar value passes; no surrogate does. */
static void test_every_character(void) {
  uint32_t wrong = 0;
  for (uint32_t c = 0; c <= 0x10FFFF; c++) {
    char text[4];
    size_t fault = co_utf8_fault(text, encode(c, text));
    wrong += (fault == 0) == (c >= 0xD800 && c <= 0xDFFF);
  }
  CHECK(wrong == 0);
}


/* Valid texts of two bytes: two of ASCII, or a head and its follower. */
static void test_every_pair(void) {
  int good = 0;
  for (int i = 0; i < 0x10000; i++) {
    const char text[] = {(char)(i >> 8), (char)i};
    good += co_utf8_fault(text, 2) == 0;
  }
  CHECK(good == 128 * 128 + 30 * 64);
}


int main(void) {
  test_rows();
  test_every_character();
  test_every_pair();
  return check_report();
}
