/*
** src/core/text/secret.c: a secret that a server repeats is overwritten in
** every spelling.
*/
#include "core/text/secret.h"

#include <stdlib.h>
#include <time.h>

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
  {"cut in two", {"hush"}, "hu-sh", "hu-sh"},
  {"backwards", {"hush"}, "hsuh", "hsuh"},
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
  {"by HTML's names", {"a&b<c>d\"e'"}, "a&amp;b&lt;c&gt;d&quot;e&apos;.",
   "******************************."},
  {"with a quote that C escapes", {"ab'c"}, "ab\\'c", "*****"},
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


/* Every spelling of the secret "cop_a/b9+" that is masked: all of the text
** between the brackets. docs/security.md has the same list. */
static const struct spelling {
  const char *what, *text;
} spellings[] = {
  {"as it is", "[cop_a/b9+]"},
  {"URL", "[cop%5Fa%2Fb9%2B]"},
  {"URL, small digits", "[cop%5fa%2fb9%2b]"},
  {"URL, every byte", "[%63%6F%70%5F%61%2F%62%39%2B]"},
  {"URL, by %u", "[%u0063%u006F%u0070_a/b9+]"},
  {"URL in a URL", "[%2563op%255Fa%252Fb9%252B]"},
  {"URL in a URL in a URL", "[%252563op_a%25252Fb9+]"},
  {"JSON", "[cop_a\\/b9+]"},
  {"JSON by numbers", "[\\u0063\\u006F\\u0070_a/b9+]"},
  {"JSON by numbers, small digits", "[\\u0063\\u006f\\u0070_a/b9+]"},
  {"JSON in JSON", "[cop_a\\\\/b9+]"},
  {"JSON by numbers in JSON", "[\\\\u0063op_a/b9+]"},
  {"JSON in JSON in JSON", "[\\\\\\\\u0063op_a/b9+]"},
  {"script", "[\\u{63}\\u{6F}\\u{000070}_a/b9+]"},
  {"C", "[\\x63\\x6F\\x70_a/b9+]"},
  {"octal", "[\\143\\157\\160_a/b9+]"},
  {"HTML, hexadecimal", "[&#x63;&#x6f;&#x70;_a/b9+]"},
  {"HTML, capital X", "[&#X63;&#X6F;&#X70;_a/b9+]"},
  {"HTML, decimal", "[&#99;&#111;&#112;_a/b9+]"},
  {"HTML, padded", "[&#00099;&#x0006F;&#112;_a/b9+]"},
  {"HTML in HTML", "[&amp;#99;op_a/b9+]"},
  {"HTML in a URL", "[%26%2399%3Bop_a/b9+]"},
  {"URL in JSON", "[\\u002563op_a/b9+]"},
  {"folded by a line end", "[cop_\na/b9+]"},
  {"folded by CR LF and blanks", "[cop_\r\n   a/b9+]"},
  {"folded in JSON", "[cop_a\\n/b9+]"},
  {"hexadecimal", "[636f705f612f62392b]"},
  {"hexadecimal, capitals", "[636F705F612F62392B]"},
  {"hexadecimal with colons", "[63:6f:70:5f:61:2f:62:39:2b]"},
  {"hexadecimal with blanks", "[63 6F 70 5F 61 2F 62 39 2B]"},
  {"hexadecimal with hyphens", "[63-6f-70-5f-61-2f-62-39-2b]"},
  {"base64", "[Y29wX2EvYjkr]"},
  {"base64 with a colon behind", "[Y29wX2EvYjkrOg==]"},
  {"base64, folded", "[Y29wX2\nEvYjkr]"},
  {"base64 that JSON escapes", "[Y29w\\u0058\\u0032EvYjkr]"},
  {"base64 that a URL escapes", "[Y29wX2EvYjkrOg%3D%3D]"},
};


/* Base64 of a longer text: letters that share a byte with what is before it
** stay, which is less than the first byte of the secret. */
static const struct within {
  const char *what, *text, *wanted;
} withins[] = {
  {"behind one byte", "OmNvcF9hL2I5Kw==", "Om**************"},
  {"behind two bytes", "dTpjb3BfYS9iOSs6eA==", "dTp**************A=="},
  {"behind three", "dXM6Y29wX2EvYjkrOnB3", "dXM6***************3"},
};


static void test_spellings(void) {
  char text[120];
  co_buffer secrets;
  co_buffer_init(&secrets, 1000);
  co_secret_add(&secrets, BYTES("cop_a/b9+"));
  for (size_t i = 0; i < ROWS(spellings); i++) {
    snprintf(text, sizeof text, "key %s bad", spellings[i].text);
    co_secret_mask(text, strlen(text), &secrets);
    const char *open = strchr(text, '['), *shut = strrchr(text, ']');
    bool masked = open != NULL && shut != NULL &&
                  strspn(open + 1, "*") == (size_t)(shut - open - 1);
    CHECK_ROW(spellings[i].what, masked);
  }
  for (size_t i = 0; i < ROWS(withins); i++) {
    snprintf(text, sizeof text, "%s", withins[i].text);
    co_secret_mask(text, strlen(text), &secrets);
    CHECK_ROW_TEXT(withins[i].what, text, withins[i].wanted);
  }
  co_buffer_free(&secrets);
}


static const struct users {
  const char *text, *wanted;
} users[] = {
  {"http://joe:pw@host/", "http://******@host/"},
  {"at 'http://user:pa#ss@proxy:3128'", "at 'http://**********@proxy:3128'"},
  {"https://cop_x:@host", "https://******@host"},
  {"http://joe@host", "http://***@host"},
  {"http://a:b@c@host", "http://*****@host"},
  {"joe:pw@host", "******@host"},
  {"domain \"joe:pw@host\" is bad", "domain \"******@host\" is bad"},
  {"joe@example.org", "joe@example.org"},
  {"no user", "no user"},
  {"http://host/", "http://host/"},
  {"@", "@"},
};


static void test_users(void) {
  char text[80];
  for (size_t i = 0; i < ROWS(users); i++) {
    snprintf(text, sizeof text, "%s", users[i].text);
    co_secret_mask_users(text, strlen(text));
    CHECK_ROW_TEXT(users[i].text, text, users[i].wanted);
  }
}


static const struct users prefixed[] = {
  {"cop_abc", "cop_***"}, {"'cop_a-b_C9'", "'cop_******'"},
  {"cop_", "cop_"}, {"cop", "cop"}, {"xcop_ab c", "xcop_** c"},
  {"cop_a cop_b", "cop_* cop_*"}, {"cop_cop_a", "cop_*****"},
};


static void test_tokens(void) {
  char text[80];
  for (size_t i = 0; i < ROWS(prefixed); i++) {
    snprintf(text, sizeof text, "%s", prefixed[i].text);
    co_secret_mask_tokens(text, strlen(text));
    CHECK_ROW_TEXT(prefixed[i].text, text, prefixed[i].wanted);
  }
}


/* Masking stays in proportion to the text, whatever it is made of. */
static void test_cost(void) {
  enum { LONG = 1 << 18 };
  static const char *const parts[] = {"\\", "%", "&#", "%25", "\\u005c",
    "&amp;", "cop_", "Y29w", "63"};
  char *text = malloc(LONG);
  co_buffer secrets;
  co_buffer_init(&secrets, 1000);
  co_secret_add(&secrets, BYTES("cop_a/b9+"));
  for (size_t i = 0; text != NULL && i < ROWS(parts); i++) {
    size_t n = strlen(parts[i]);
    for (size_t at = 0; at < LONG; at++) text[at] = parts[i][at % n];
    clock_t before = clock();
    co_secret_mask(text, LONG, &secrets);
    double took = (double)(clock() - before) / CLOCKS_PER_SEC;
    CHECK_ROW(parts[i], took < 20);
    if (getenv("SHOW_COST") != NULL) printf("%s: %.3f s\n", parts[i], took);
  }
  free(text);
  co_buffer_free(&secrets);
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
  co_buffer_init(&all, 10);
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
  test_spellings();
  test_users();
  test_tokens();
  test_cost();
  return check_report();
}
