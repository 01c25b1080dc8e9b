/*
** src/core/text/json.c: where each token ends, or what is wrong with it.
*/
#include "core/text/json.h"

#include "check.h"


static co_json reader(const char *text) {
  return (co_json){.at = text, .end = text + strlen(text)};
}


/* Texts that are read up to their end, and others. */
static void test_skip(void) {
  static const struct { const char *text, *why; } rows[] = {
    {"1", NULL}, {"-0.5e+10", NULL}, {"1e999", NULL}, {"\"a\\u00e9\"", NULL},
    {"true", NULL}, {"null", NULL}, {"[]", NULL}, {"{}", NULL},
    {"[1,[2,{\"a\":\"b\"}]]", NULL}, {"{\"a\":1,\"a\":2}", NULL},
    {"", ""}, {"01", ""}, {"1.", ""}, {".5", ""}, {"+1", ""}, {"nul", ""},
    {"[1,]", ""}, {"[1 2]", ""}, {"{a:1}", ""}, {"{\"a\" 1}", ""},
    {"{\"a\":1,}", ""}, {"\"a", ""}, {"\"\t\"", ""}, {"\"\\x\"", ""},
    {"\"\\ud800\"", "half a surrogate pair"},
    {"\"\\udc00\"", "half a surrogate pair"},
    {"\"\\u12g4\"", "four hexadecimal digits must follow \\u"}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    co_json text = reader(rows[i].text);
    bool whole = co_json_skip(&text) && text.at == text.end;
    CHECK_ROW(rows[i].text, whole == (rows[i].why == NULL));
    if (rows[i].why != NULL && rows[i].why[0] != '\0')
      CHECK_ROW_TEXT(rows[i].text, text.why, rows[i].why);
  }
}


static void test_depth(void) {
  char deep[2 * CO_JSON_DEPTH + 3] = "";
  memset(deep, '[', CO_JSON_DEPTH);
  memset(deep + CO_JSON_DEPTH, ']', CO_JSON_DEPTH);
  co_json text = reader(deep);
  CHECK(co_json_skip(&text) && text.at == text.end);
  memset(deep, '[', CO_JSON_DEPTH + 1);
  memset(deep + CO_JSON_DEPTH + 1, ']', CO_JSON_DEPTH + 1);
  text = reader(deep);
  CHECK(!co_json_skip(&text));
  CHECK_TEXT(text.why, "nested more than 64 deep");
}


static void test_numbers(void) {
  static const struct { const char *text; bool good, whole; } rows[] = {
    {"0", true, true}, {"-12", true, true}, {"1.0", true, false},
    {"1e3", true, false}, {"-", false, false}, {"1e", false, false}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    co_json text = reader(rows[i].text);
    bool whole = false;
    CHECK_ROW(rows[i].text, co_json_number(&text, &whole) == rows[i].good);
    if (rows[i].good) CHECK_ROW(rows[i].text, whole == rows[i].whole);
  }
}


static void test_escapes(void) {
  static const struct { const char *text; uint32_t wanted; } rows[] = {
    {"n", '\n'}, {"/", '/'}, {"u0041", 'A'}, {"ud83d\\ude00", 0x1F600}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    co_json text = reader(rows[i].text);
    uint32_t character = 0;
    CHECK_ROW(rows[i].text, co_json_escape(&text, &character));
    CHECK_ROW(rows[i].text, character == rows[i].wanted);
    CHECK_ROW(rows[i].text, text.at == text.end);
  }
}


/* At every length around the eight bytes that are looked at together. */
static void test_plain_end(void) {
  static const char ends[] = {'"', '\\', '\n', '\x1f', '\0'};
  for (size_t at = 0; at < 20; at++)
    for (size_t i = 0; i < sizeof ends; i++) {
      char text[32];
      memset(text, (int)(at % 2 ? 0xC3 : 'x'), sizeof text);
      text[at] = ends[i];
      text[24] = '\0';
      CHECK(co_json_plain_end(text, text + 24) == text + at);
    }
}


static void test_lenient(void) {
  static const struct { const char *text, *odd; bool good; } lenient[] = {
    {"\"a\xC3\xA9\"", NULL, true},
    {"\"a\xFF\"", "not valid UTF-8", true},
    {"{\"\xC3\":1}", "not valid UTF-8", true},
    {"\"\\ud800\"", "half a surrogate pair", true},
    {"\"\\udc00\\ud800x\"", "half a surrogate pair", true},
    {"\"\\ud83d\\ude00\"", NULL, true},
    {"\"\\ud8\"", NULL, false},
  };
  char deep[300] = "";
  for (size_t i = 0; i < ROWS(lenient); i++) {
    const char *text = lenient[i].text;
    co_json json = {.at = text, .end = text + strlen(text), .lenient = true,
                    .utf8 = true};
    CHECK_ROW(text, co_json_skip(&json) == lenient[i].good);
    CHECK_ROW_TEXT(text, json.odd, lenient[i].odd);
  }
  memset(deep, '[', 100);
  memcpy(deep + 100, "\"]\"", 4);
  memset(deep + 103, ']', 100);
  co_json json = {.at = deep, .end = deep + strlen(deep), .lenient = true};
  CHECK(co_json_skip(&json) && json.at == json.end && json.depth == 0);
  CHECK_TEXT(json.odd, "nested more than 64 deep");
  deep[150] = '\0';
  json = (co_json){.at = deep, .end = deep + 150, .lenient = true};
  CHECK(!co_json_skip(&json));
  json = (co_json){.at = "\"\xFF\"", .end = "", .utf8 = true};
  CHECK(!co_json_skip(&json));
  CHECK_TEXT(json.why, "not valid UTF-8");
}


int main(void) {
  test_skip();
  test_depth();
  test_numbers();
  test_escapes();
  test_plain_end();
  test_lenient();
  return check_report();
}
