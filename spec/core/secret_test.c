/*
** src/core/secret.c: what a server repeats of a secret is overwritten.
*/
#include "core/secret.h"

#include "check.h"

/* A string with its length, which may hold NUL. */
#define BYTES(text) text, sizeof text - 1


/* Masks `text`, a copy, by the secrets (up to three; the others NULL). */
static const char *masked(const char *text, const char *const secrets[3]) {
  static char bytes[200];
  co_buffer buffer;
  co_buffer_init(&buffer, 1000);
  for (int i = 0; i < 3 && secrets[i] != NULL; i++)
    co_secret_add(&buffer, secrets[i], strlen(secrets[i]));
  snprintf(bytes, sizeof bytes, "%s", text);
  co_secret_mask(bytes, strlen(bytes), &buffer);
  co_buffer_free(&buffer);
  return bytes;
}


static const struct row {
  const char *what, *secrets[3], *text, *wanted;
} rows[] = {
  {"no secret", {NULL}, "no access", "no access"},
  {"not there", {"hush-hush"}, "no access", "no access"},
  {"nothing to mask", {"hush-hush"}, "", ""},
  {"within", {"hush"}, "key hush is bad", "key **** is bad"},
  {"at the start", {"hush"}, "hush is bad", "**** is bad"},
  {"at the end", {"hush"}, "bad: hush", "bad: ****"},
  {"all of it", {"hush"}, "hush", "****"},
  {"twice", {"hush"}, "hush, hush", "****, ****"},
  {"side by side", {"hush"}, "hushhush", "********"},
  {"cut short", {"hush"}, "hus", "hus"},
  {"of another case", {"hush"}, "HUSH", "HUSH"},
  {"within a word", {"hush"}, "ahusha", "a****a"},
  {"two", {"hush", "quiet"}, "quiet hush", "***** ****"},
  {"overlapping itself", {"abab"}, "-ababab-", "-******-"},
  {"overlapping another", {"abcde", "defgh"}, "-abcdefgh-", "-********-"},
  {"in the other order", {"defgh", "abcde"}, "-abcdefgh-", "-********-"},
  {"a part of another", {"bcde", "abcdef"}, "-abcdef-", "-******-"},
  {"the start of another", {"abcd", "abcdef"}, "-abcdef-", "-******-"},
  {"the longer one first", {"abcdef", "abcd"}, "-abcdef-", "-******-"},
  {"the same twice", {"hush", "hush"}, "hush", "****"},
  {"with a slash", {"ab/cd/ef"}, "key ab/cd/ef", "key ********"},
  {"as JSON escapes it", {"ab/cd/ef"}, "key ab\\/cd\\/ef",
   "key **********"},
  {"escaped in part", {"ab/cd/ef"}, "key ab\\/cd/ef", "key *********"},
  {"as a URL escapes it", {"ab/c=+"}, "key ab%2Fc%3D%2B.",
   "key ************."},
  {"in small letters", {"ab/c=+"}, "key ab%2fc%3d+.",
   "key **********."},
  {"its first byte escaped", {"/abc"}, "key %2Fabc", "key ******"},
  {"by JSON's numbers", {"ab/cd"}, "\\u0061b\\u002Fc\\u0064.",
   "********************."},
  {"by HTML's numbers", {"ab/c='"}, "ab&#x2F;c&#61;&#39;.",
   "*******************."},
  {"with a per cent sign", {"ab%41c"}, "ab%41c ab%2541c", "****** ********"},
  {"with what JSON escapes", {"a\"b\\c"}, "a\\\"b\\\\c a\"b\\c",
   "******* *****"},
  {"an escape cut short", {"ab/c"}, "ab%2", "ab%2"},
  {"an escape that is none", {"ab/c"}, "ab%2Gc ab&#x2Fc ab&#47",
   "ab%2Gc ab&#x2Fc ab&#47"},
  {"another byte escaped", {"ab/c"}, "ab%2Ec", "ab%2Ec"},
  {"in base64", {"hush"}, "key aHVzaA==", "key ********"},
  {"in base64 that a URL escapes", {"hush\xFF\xFF?"}, "aHVzaP%2F%2FPw",
   "**************"},
  {"too short to know", {"abc"}, "abc", "abc"},
  {"empty", {""}, "abc", "abc"}
};


static void test_rows(void) {
  for (size_t i = 0; i < ROWS(rows); i++)
    CHECK_ROW_TEXT(rows[i].what, masked(rows[i].text, rows[i].secrets),
                   rows[i].wanted);
}


/* As the Authorization header has it: base64 of the token and a colon, in
** all three lengths of a last group. */
static void test_token(void) {
  static const struct { const char *token, *base64; } tokens[] = {
    {"cop_1", "Y29wXzE6"},
    {"cop_12", "Y29wXzEyOg=="},
    {"cop_123", "Y29wXzEyMzo="},
    {"cop_1234", "Y29wXzEyMzQ6"},
    {"x?>~\xFF\xFE", "eD8+fv/+Og=="}
  };
  for (size_t i = 0; i < ROWS(tokens); i++) {
    char text[100], wanted[100] = "Basic ";
    co_buffer secrets;
    co_buffer_init(&secrets, 1000);
    co_secret_add_token(&secrets, tokens[i].token);
    snprintf(text, sizeof text, "Basic %s", tokens[i].base64);
    memset(wanted + 6, '*', strlen(tokens[i].base64));
    co_secret_mask(text, strlen(text), &secrets);
    CHECK_TEXT(text, wanted);
    snprintf(text, sizeof text, "%s", tokens[i].token);
    co_secret_mask(text, strlen(text), &secrets);
    CHECK_ROW(tokens[i].token, strspn(text, "*") == strlen(text));
    co_buffer_free(&secrets);
  }
}


/* An answer need not be text. */
static void test_bytes(void) {
  char bytes[] = "\0hush\0\xFF" "hush";
  co_buffer secrets;
  co_buffer_init(&secrets, 100);
  co_secret_add(&secrets, BYTES("hush"));
  co_secret_mask(bytes, sizeof bytes - 1, &secrets);
  CHECK(memcmp(bytes, BYTES("\0****\0\xFF****")) == 0);
  co_secret_mask(NULL, 0, &secrets);
  co_buffer_free(&secrets);
}


/* Nothing beside the answer is touched. */
static void test_bounds(void) {
  char bytes[] = "hushhushhush";
  co_buffer secrets;
  co_buffer_init(&secrets, 100);
  co_secret_add(&secrets, BYTES("hush"));
  co_secret_mask(bytes + 4, 4, &secrets);
  CHECK_TEXT(bytes, "hush****hush");
  co_secret_mask(bytes, 3, &secrets);
  CHECK_TEXT(bytes, "hush****hush");
  co_buffer_free(&secrets);
}


static void test_nul_within(void) {
  char bytes[] = "hush";
  co_buffer secrets;
  co_buffer_init(&secrets, 100);
  co_secret_add(&secrets, BYTES("hush\0hush"));
  CHECK(secrets.length == 0);
  co_secret_mask(bytes, 4, &secrets);
  CHECK_TEXT(bytes, "hush");
  co_buffer_free(&secrets);
}


/* A full buffer still masks what it took in. */
static void test_full(void) {
  char bytes[] = "hush quiet";
  co_buffer secrets;
  co_buffer_init(&secrets, 6);
  co_secret_add(&secrets, BYTES("hush"));
  co_secret_add(&secrets, BYTES("quiet"));
  CHECK(secrets.broken);
  co_secret_mask(bytes, strlen(bytes), &secrets);
  CHECK_TEXT(bytes, "**** quiet");
  co_buffer_free(&secrets);
}


/* Once each, and whole or not at all. */
static void test_merge(void) {
  char bytes[] = "hush quiet";
  co_buffer all, some;
  co_buffer_init(&all, 12);
  co_buffer_init(&some, 100);
  co_secret_add(&some, BYTES("hush"));
  co_secret_merge(&all, &some);
  size_t length = all.length;
  co_secret_merge(&all, &some);
  CHECK(length == some.length && all.length == length && !all.broken);
  co_secret_add(&some, BYTES("quiet"));
  co_secret_merge(&all, &some);
  CHECK(all.length == length && all.broken);
  co_secret_mask(bytes, strlen(bytes), &all);
  CHECK_TEXT(bytes, "**** quiet");
  co_buffer_free(&all);
  co_buffer_free(&some);
}


int main(void) {
  test_rows();
  test_token();
  test_bytes();
  test_bounds();
  test_nul_within();
  test_full();
  test_merge();
  return check_report();
}
