/*
** src/core/text/buffer.c: the maximum, the state after a failure, the
** encodings; memory is wiped before it is freed.
*/
#include "core/text/buffer.h"

#include <stdint.h>

#include "check.h"

/* In the place of the C library's: where and how much was wiped last. */
static const void *wiped;
static size_t wiped_length;


void explicit_bzero(void *bytes, size_t length) {
  volatile char *at = bytes;
  for (size_t i = 0; i < length; i++) at[i] = 0;
  wiped = bytes;
  wiped_length = length;
}


/* What a hardened build calls instead. */
void checked_bzero(void *bytes, size_t length, size_t room)
  __asm__("__explicit_bzero_chk");
void checked_bzero(void *bytes, size_t length, size_t room) {
  CHECK(length <= room);
  explicit_bzero(bytes, length);
}


static void test_new(void) {
  co_buffer buffer;
  co_buffer_init(&buffer, 10);
  CHECK(buffer.bytes == NULL && buffer.length == 0 && !buffer.broken);
  co_buffer_reset(&buffer);
  co_buffer_free(&buffer);
  co_buffer_free(&buffer);
  CHECK(buffer.bytes == NULL && buffer.maximum == 10);
}


static void test_additions(void) {
  co_buffer buffer;
  co_buffer_init(&buffer, 100);
  CHECK(co_buffer_add(&buffer, "", 0));
  CHECK_TEXT(buffer.bytes, "");
  CHECK(co_buffer_add_text(&buffer, "one"));
  CHECK(co_buffer_add_byte(&buffer, ' '));
  CHECK(co_buffer_add(&buffer, "two, three", 3));
  CHECK_TEXT(buffer.bytes, "one two");
  CHECK(buffer.length == 7);
  CHECK(co_buffer_add(&buffer, "\0x", 2));
  CHECK(buffer.length == 9 && buffer.bytes[8] == 'x');
  CHECK(buffer.bytes[9] == '\0');
  co_buffer_free(&buffer);
}


/* Exactly the maximum fits, in one piece or byte by byte. */
static void test_cap(void) {
  static const size_t caps[] = {0, 1, 2, 255, 256, 257, 1000, 65536};
  static char bytes[65537];
  for (size_t i = 0; i < ROWS(caps); i++) {
    co_buffer buffer;
    co_buffer_init(&buffer, caps[i]);
    CHECK(co_buffer_add(&buffer, bytes, caps[i]));
    CHECK(buffer.length == caps[i] && buffer.bytes[caps[i]] == '\0');
    CHECK(co_buffer_add(&buffer, "", 0));
    CHECK(!co_buffer_add_byte(&buffer, 'x'));
    CHECK(buffer.broken && buffer.length == caps[i]);
    co_buffer_free(&buffer);
    CHECK(!co_buffer_add(&buffer, bytes, caps[i] + 1));
    CHECK(buffer.broken && buffer.length == 0);
    co_buffer_free(&buffer);
  }
}


static void test_cap_by_bytes(void) {
  co_buffer buffer;
  int added = 0;
  co_buffer_init(&buffer, 5000);
  while (co_buffer_add_byte(&buffer, 'x')) added++;
  CHECK(added == 5000);
  CHECK(strspn(buffer.bytes, "x") == 5000);
  co_buffer_free(&buffer);
}


static void test_broken_stays_broken(void) {
  co_buffer buffer;
  co_buffer_init(&buffer, 8);
  CHECK(co_buffer_add_text(&buffer, "12345"));
  CHECK(!co_buffer_add_text(&buffer, "6789"));
  CHECK(!co_buffer_add_byte(&buffer, '6'));
  CHECK(!co_buffer_add(&buffer, "", 0));
  CHECK(!co_buffer_add_escaped(&buffer, "", 0));
  CHECK_TEXT(buffer.bytes, "12345");
  co_buffer_reset(&buffer);
  CHECK(!buffer.broken && buffer.length == 0);
  CHECK_TEXT(buffer.bytes, "");
  CHECK(co_buffer_add_text(&buffer, "12345678"));
  co_buffer_free(&buffer);
}


/* No sum of lengths may come out small. */
static void test_huge(void) {
  co_buffer buffer;
  co_buffer_init(&buffer, 100);
  CHECK(co_buffer_add_text(&buffer, "12345"));
  CHECK(!co_buffer_add(&buffer, "", SIZE_MAX));
  co_buffer_reset(&buffer);
  CHECK(!co_buffer_add(&buffer, "", SIZE_MAX - 1));
  co_buffer_reset(&buffer);
  CHECK(!co_buffer_add(&buffer, "", 101));
  co_buffer_free(&buffer);
}


/* What is expected comes without another move; what is not may come too. */
static void test_expected(void) {
  static const char filler[3000];
  co_buffer buffer;
  co_buffer_init(&buffer, 4000);
  co_buffer_expect(&buffer, 2000);
  CHECK(buffer.room == 2001 && buffer.length == 0);
  CHECK_TEXT(buffer.bytes, "");
  const char *bytes = buffer.bytes;
  CHECK(co_buffer_add(&buffer, filler, 2000) && buffer.bytes == bytes);
  CHECK(co_buffer_add_byte(&buffer, 'x') && buffer.bytes[2000] == 'x');
  co_buffer_free(&buffer);
}


static void test_expected_in_vain(void) {
  co_buffer buffer;
  co_buffer_init(&buffer, 1000);
  co_buffer_expect(&buffer, 1001);
  co_buffer_expect(&buffer, SIZE_MAX);
  CHECK(buffer.bytes == NULL && !buffer.broken);
  CHECK(co_buffer_add_text(&buffer, "12345"));
  const void *old = buffer.bytes;
  co_buffer_expect(&buffer, 3);
  CHECK(buffer.bytes == old);
  co_buffer_expect(&buffer, 995);
  CHECK(buffer.room == 1001 && wiped == old);
  CHECK_TEXT(buffer.bytes, "12345");
  CHECK(!co_buffer_add(&buffer, "", 996));
  co_buffer_expect(&buffer, 1);
  CHECK(buffer.broken);
  co_buffer_free(&buffer);
}


/* Percent-encoding -------------------------------------------------------- */

static void test_every_byte_escaped(void) {
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz0123456789-._~";
  co_buffer buffer;
  int wrong = 0;
  co_buffer_init(&buffer, 100);
  for (int byte = 0; byte < 256; byte++) {
    char text = (char)byte, wanted[8];
    bool is_plain = byte != 0 && strchr(plain, byte) != NULL;
    snprintf(wanted, sizeof wanted, is_plain ? "%c" : "%%%02X",
             (unsigned)byte);
    co_buffer_reset(&buffer);
    co_buffer_add_escaped(&buffer, &text, 1);
    wrong += buffer.broken || strcmp(buffer.bytes, wanted) != 0;
  }
  CHECK(wrong == 0);
  co_buffer_free(&buffer);
}


static void test_escaped(void) {
  static const struct { const char *text, *wanted; } rows[] = {
    {"name:co tag:x1", "name%3Aco%20tag%3Ax1"},
    {"a+b&c=d", "a%2Bb%26c%3Dd"},
    {"../..", "..%2F.."},
    {"50 %", "50%20%25"},
    {"caf\xC3\xA9", "caf%C3%A9"},
    {"a~b_c-d.e", "a~b_c-d.e"}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    co_buffer buffer;
    co_buffer_init(&buffer, 100);
    CHECK(co_buffer_add_escaped(&buffer, rows[i].text, strlen(rows[i].text)));
    CHECK_TEXT(buffer.bytes, rows[i].wanted);
    co_buffer_free(&buffer);
  }
}


/* What does not fit leaves no half of a triple. */
static void test_escaped_at_the_cap(void) {
  co_buffer buffer;
  co_buffer_init(&buffer, 5);
  CHECK(!co_buffer_add_escaped(&buffer, "ab  c", 5));
  CHECK_TEXT(buffer.bytes, "ab%20");
  co_buffer_free(&buffer);
}


/* Wiping ------------------------------------------------------------------ */

/* An earlier test may have wiped the same place: malloc gives it again. */
static void forget_wipes(void) {
  wiped = NULL;
  wiped_length = 0;
}


static void test_free_wipes(void) {
  co_buffer buffer;
  co_buffer_init(&buffer, 1000);
  co_buffer_add_text(&buffer, "a secret");
  const char *bytes = buffer.bytes;
  size_t room = buffer.room;
  forget_wipes();
  co_buffer_free(&buffer);
  CHECK(wiped == bytes && wiped_length == room);
}


static void test_free_wipes_after_reset(void) {
  co_buffer buffer;
  co_buffer_init(&buffer, 1000);
  co_buffer_add_text(&buffer, "a secret");
  const char *bytes = buffer.bytes;
  co_buffer_reset(&buffer);
  forget_wipes();
  co_buffer_free(&buffer);
  CHECK(wiped == bytes && wiped_length >= strlen("a secret"));
}


static void test_growth_wipes(void) {
  static const char filler[2000];
  co_buffer buffer;
  co_buffer_init(&buffer, 10000);
  co_buffer_add_text(&buffer, "a secret");
  const void *old = buffer.bytes;
  co_buffer_reset(&buffer);
  forget_wipes();
  co_buffer_add(&buffer, filler, sizeof filler);
  CHECK(wiped == old && wiped_length >= strlen("a secret"));
  co_buffer_free(&buffer);
}


static void test_base64(void) {
  static const char *const rows[][2] = {   /* RFC 4648, section 10 */
    {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
    {"\xff\xfe\xfb", "//77"}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    co_buffer buffer;
    co_buffer_init(&buffer, 8);
    CHECK(co_buffer_add_text(&buffer, ""));
    CHECK(co_buffer_add_base64(&buffer, rows[i][0], strlen(rows[i][0])));
    CHECK_TEXT(buffer.bytes, rows[i][1]);
    co_buffer_free(&buffer);
  }
  co_buffer small;
  co_buffer_init(&small, 7);
  CHECK(!co_buffer_add_base64(&small, "foobar", 6) && small.broken);
  co_buffer_free(&small);
}


int main(void) {
  test_new();
  test_additions();
  test_cap();
  test_cap_by_bytes();
  test_broken_stays_broken();
  test_huge();
  test_expected();
  test_expected_in_vain();
  test_base64();
  test_every_byte_escaped();
  test_escaped();
  test_escaped_at_the_cap();
  test_free_wipes();
  test_free_wipes_after_reset();
  test_growth_wipes();
  return check_report();
}
