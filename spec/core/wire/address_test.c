/*
** src/core/wire/address.c: the spellings of a deployment, and of an asset's id.
*/
#include "core/wire/address.h"

#include "check.h"

/* A string with its length, which may hold NUL. */
#define BYTES(text) text, sizeof text - 1


/* Deployments that are taken ---------------------------------------------- */

static const struct good_row {
  const char *text, *base;
  bool loopback;
} good_rows[] = {
  {"acmecorp.codeocean.com", "https://acmecorp.codeocean.com/api/v1", false},
  {"acmecorp.codeocean.com/", "https://acmecorp.codeocean.com/api/v1", false},
  {"acmecorp.codeocean.com/api/v1", "https://acmecorp.codeocean.com/api/v1",
   false},
  {"acmecorp.codeocean.com/api/v1/", "https://acmecorp.codeocean.com/api/v1",
   false},
  {"https://acmecorp.codeocean.com", "https://acmecorp.codeocean.com/api/v1",
   false},
  {"https://acmecorp.codeocean.com/", "https://acmecorp.codeocean.com/api/v1",
   false},
  {"https://acmecorp.codeocean.com/api/v1",
   "https://acmecorp.codeocean.com/api/v1", false},
  {"https://acmecorp.codeocean.com/api/v1/",
   "https://acmecorp.codeocean.com/api/v1", false},
  {"HTTPS://acmecorp.codeocean.com", "https://acmecorp.codeocean.com/api/v1",
   false},
  {"acmecorp-edge.codeocean.com",
   "https://acmecorp-edge.codeocean.com/api/v1", false},
  {"AcmeCorp.CodeOcean.com", "https://AcmeCorp.CodeOcean.com/api/v1", false},
  {"acme.codeocean.com:8443", "https://acme.codeocean.com:8443/api/v1",
   false},
  {"https://acme.codeocean.com:443/api/v1/",
   "https://acme.codeocean.com:443/api/v1", false},
  {"a.example:1", "https://a.example:1/api/v1", false},
  {"a.example:65535", "https://a.example:65535/api/v1", false},
  {"codeocean", "https://codeocean/api/v1", false},
  {"10.0.0.7", "https://10.0.0.7/api/v1", false},
  {"127.example.com", "https://127.example.com/api/v1", false},
  {"localhost.example.com", "https://localhost.example.com/api/v1", false},
  {"https://localhost:8443", "https://localhost:8443/api/v1", true},
  {"http://127.0.0.1:80", "http://127.0.0.1:80/api/v1", true},
  {"http://127.0.0.1:80/api/v1/", "http://127.0.0.1:80/api/v1", true},
  {"http://127.1.2.3", "http://127.1.2.3/api/v1", true},
  {"http://localhost", "http://localhost/api/v1", true},
  {"http://LocalHost:8080", "http://LocalHost:8080/api/v1", true},
  {"HTTP://localhost:8080", "http://localhost:8080/api/v1", true},
  {"http://[::1]:8080", "http://[::1]:8080/api/v1", true},
  {"[::1]", "https://[::1]/api/v1", true},
  {"http://[0:0:0:0:0:0:0:1]:80", "http://[0:0:0:0:0:0:0:1]:80/api/v1", true},
  {"[fd99::1]", "https://[fd99::1]/api/v1", false},
  {"https://[fd99::1]:8443/", "https://[fd99::1]:8443/api/v1", false},
  {"acme.example.", "https://acme.example/api/v1", false},
  {"acme.example.:8443/api/v1", "https://acme.example:8443/api/v1", false},
  {"https://acme.example/data-assets", "https://acme.example/api/v1", false},
  {"https://acme.example/data-assets/27b4d7ec-a2f8?tab=files#x",
   "https://acme.example/api/v1", false},
  {"https://acme.example:8443/capsule/1234567/tree",
   "https://acme.example:8443/api/v1", false},
  {"https://acme.example/dashboard?a", "https://acme.example/api/v1", false}
};


static void test_good(void) {
  for (size_t i = 0; i < ROWS(good_rows); i++) {
    const struct good_row *row = &good_rows[i];
    co_address address = {0};
    CHECK_ROW_TEXT(row->text, co_address_parse(&address, row->text,
                                               strlen(row->text), false),
                   NULL);
    CHECK_ROW_TEXT(row->text, address.base, row->base);
    CHECK_ROW(row->text, address.loopback == row->loopback);
    CHECK_ROW(row->text, address.plain == (row->base[4] == ':'));
    CHECK_ROW(row->text, strstr(address.base, address.host) != NULL);
    CHECK_ROW(row->text, strpbrk(address.host, "/") == NULL);
  }
}


/* Only the given length is read, not the bytes behind it in memory. */
static void test_length(void) {
  co_address address;
  CHECK_TEXT(co_address_parse(&address, "acme.example/evil", 12, false),
             NULL);
  CHECK_TEXT(address.host, "acme.example");
  CHECK_TEXT(co_address_parse(&address, "http://127.0.0.1.example", 16, false),
             NULL);
  CHECK_TEXT(address.host, "127.0.0.1");
}


/* Deployments that are refused -------------------------------------------- */

static const struct bad_row {
  const char *text;
  size_t length;
} bad_rows[] = {
  {BYTES("")}, {BYTES("/")}, {BYTES("//")}, {BYTES("/api/v1")},
  {BYTES("https://")}, {BYTES("https:///")}, {BYTES("https:///api/v1")},
  {BYTES("https:")}, {BYTES("://acme.example")}, {BYTES(".")}, {BYTES("..")},
  /* Spaces and what else may come with a paste */
  {BYTES(" ")}, {BYTES(" acme.example")}, {BYTES("acme.example ")},
  {BYTES("acme .example")}, {BYTES("acme.example\n")},
  {BYTES("acme.example\r\n")}, {BYTES("\tacme.example")},
  {BYTES("acme.example\r\nHost: evil.example")}, {BYTES("acme\x1B[31m")},
  {BYTES("acme.example\0")}, {BYTES("acme.example\0.evil.example")},
  {BYTES("\0")}, {BYTES("acme\x7F.example")}, {BYTES("acm\xC3\xA9.example")},
  {BYTES("acme.example\xFF")}, {BYTES("\"acme.example\"")},
  {BYTES("<acme.example>")},
  /* What would send the token elsewhere */
  {BYTES("acme.example@evil.example")},
  {BYTES("https://acme.example@evil.example")},
  {BYTES("https://user:secret@acme.example")},
  {BYTES("https://acme.example:443@evil.example")},
  {BYTES("acme.example\\evil.example")}, {BYTES("acme.example%2Fevil")},
  {BYTES("acme.example,evil.example")}, {BYTES("acme.example;x")},
  {BYTES("{acme,evil}.example")}, {BYTES("acme[1-9].example")},
  /* Anything behind the host but the API's own path */
  {BYTES("acme.example/evil")}, {BYTES("acme.example/api")},
  {BYTES("acme.example/api/v2")}, {BYTES("acme.example/api/v1/data_assets")},
  {BYTES("acme.example/../api/v1")}, {BYTES("acme.example?a=b")},
  {BYTES("acme.example/?a=b")}, {BYTES("acme.example#x")},
  {BYTES("acme.example/#")}, {BYTES("acme.example/api/v1?x")},
  /* Ports */
  {BYTES("acme.example:")}, {BYTES("acme.example:0")},
  {BYTES("acme.example:00000")}, {BYTES("acme.example:65536")},
  {BYTES("acme.example:99999")}, {BYTES("acme.example:100000")},
  {BYTES("acme.example:4294967297")}, {BYTES("acme.example:abc")},
  {BYTES("acme.example:80a")}, {BYTES("acme.example:-1")},
  {BYTES("acme.example:+80")}, {BYTES("acme.example: 80")},
  {BYTES("acme.example:80:80")}, {BYTES(":80")},
  /* Names that are none */
  {BYTES(".example")}, {BYTES("acme..example")}, {BYTES("acme.example..")},
  {BYTES("acme_corp.example")}, {BYTES("*.example")},
  /* Schemes */
  {BYTES("ftp://acme.example")}, {BYTES("file:///etc/passwd")},
  {BYTES("https//acme.example")}, {BYTES("https:/acme.example")},
  {BYTES("https://https://acme.example")},
  {BYTES("https://http://localhost")},
  /* Pages, but not of the web application, or without a scheme */
  {BYTES("https://acme.example/data-assets2")},
  {BYTES("https://acme.example/code-ocean")},
  {BYTES("https://acme.example@evil.example/data-assets")},
  {BYTES("acme.example/data-assets")}, {BYTES("https:///data-assets")},
  /* IPv6 */
  {BYTES("[::g]")}, {BYTES("http://[fd99::1]")}, {BYTES("[fd99::1%eth0]")},
  {BYTES("[fd99::1].")}, {BYTES("[::1")}, {BYTES("::1")}, {BYTES("[]")},
  {BYTES("[::1]x")}, {BYTES("[::1].example")}, {BYTES("[::1]:0")},
  {BYTES("[::1%25eth0]")},
  /* Addresses that only look like the loopback's */
  {BYTES("127.")}, {BYTES("127..1")}, {BYTES("127...")},
  {BYTES("http://127....")},
  /* Plain http elsewhere */
  {BYTES("http://acme.codeocean.com")}, {BYTES("HTTP://acme.codeocean.com")},
  {BYTES("http://acme.codeocean.com:8080/api/v1")},
  {BYTES("http://127.example.com")}, {BYTES("http://127.0.0.1.example.com")},
  {BYTES("http://localhost.example.com")}, {BYTES("http://10.0.0.1")},
  {BYTES("http://192.168.0.1")}, {BYTES("http://0.0.0.0")},
  {BYTES("http://128.0.0.1")}, {BYTES("http://1127.0.0.1")},
  {BYTES("http://127.0.0.1.5")}, {BYTES("http://127.0.0.256")},
  {BYTES("http://mylocalhost")}, {BYTES("http://localhost1")}
};


static void test_bad(void) {
  for (size_t i = 0; i < ROWS(bad_rows); i++) {
    co_address address;
    const char *problem = co_address_parse(&address, bad_rows[i].text,
                                           bad_rows[i].length, false);
    CHECK_ROW(bad_rows[i].text, problem != NULL && strlen(problem) > 10);
  }
}


/* Whatever plain http is refused for, it is refused for that alone. */
static void test_plain_allowed(void) {
  static const char *const texts[] = {
    "http://acme.codeocean.com", "http://127.example.com",
    "http://10.0.0.1:8080", "http://127.0.0.1.5"
  };
  for (size_t i = 0; i < ROWS(texts); i++) {
    co_address address;
    size_t length = strlen(texts[i]);
    const char *why = co_address_parse(&address, texts[i], length, false);
    CHECK_ROW(texts[i], why != NULL && strstr(why, "insecure_http") != NULL);
    CHECK_ROW_TEXT(texts[i], co_address_parse(&address, texts[i], length,
                                              true), NULL);
    CHECK_ROW(texts[i], address.plain && !address.loopback);
  }
}


/* A host of that many letters, with `rest` behind it. */
static const char *parse_long(size_t letters, const char *rest,
                              co_address *address) {
  char text[2000];
  memset(text, 'a', letters);
  memcpy(text + letters, rest, strlen(rest) + 1);
  return co_address_parse(address, text, strlen(text), true);
}


static void test_long(void) {
  co_address address;
  CHECK(parse_long(CO_HOST_MAX - 1, "", &address) == NULL);
  CHECK(strlen(address.host) == CO_HOST_MAX - 1);
  CHECK(strlen(address.base) == CO_HOST_MAX - 1 + strlen("https:///api/v1"));
  CHECK(parse_long(CO_HOST_MAX - 1, "/api/v1/", &address) == NULL);
  CHECK(parse_long(CO_HOST_MAX, "", &address) != NULL);
  CHECK(parse_long(CO_HOST_MAX - 4, ":80", &address) == NULL);
  CHECK(parse_long(CO_HOST_MAX - 3, ":80", &address) != NULL);
  CHECK(parse_long(1900, "", &address) != NULL);
}


/* Ids --------------------------------------------------------------------- */

static const struct id_row {
  const char *text;
  size_t length;
  bool valid;
} id_rows[] = {
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc3880fb"), true},
  {BYTES("FEA84EBF-B58B-4AD2-994D-7169DC3880FB"), true},
  {BYTES("00000000-0000-0000-0000-000000000000"), true},
  {BYTES("fea84ebfb58b4ad2994d7169dc3880fb"), true},
  {BYTES("FEA84EBFB58B4AD2994D7169DC3880FB"), true},
  {BYTES(""), false},
  {BYTES("."), false},
  {BYTES(".."), false},
  {BYTES("/"), false},
  {BYTES("\0"), false},
  {BYTES("search"), false},
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc3880f"), false},
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc3880fbb"), false},
  {BYTES("fea84ebfb58b4ad2994d7169dc3880f"), false},
  {BYTES("fea84ebfb58b4ad2994d7169dc3880fbb"), false},
  {BYTES("fea84ebf-b58b4ad2994d7169dc3880fb"), false},
  {BYTES("fea84ebfb-58b-4ad2-994d-7169dc3880fb"), false},
  {BYTES("-fea84ebfb58b-4ad2-994d-7169dc3880fb"), false},
  {BYTES("fea84ebf-b58b-4ad2-994d7-169dc3880fb"), false},
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc3880f-"), false},
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc3880fg"), false},
  {BYTES("fea84ebf_b58b_4ad2_994d_7169dc3880fb"), false},
  {BYTES("fea84ebfb58b4ad2994d7169dc3880f/"), false},
  {BYTES("------------------------------------"), false},
  {BYTES("--------------------------------"), false},
  {BYTES("                                    "), false},
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc3880fb\n"), false},
  {BYTES(" fea84ebf-b58b-4ad2-994d-7169dc3880fb"), false},
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc3880fb/"), false},
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc3880fb/archive"), false},
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc3880fb?x"), false},
  {BYTES("../../b58b-4ad2-994d-7169dc3880fbaa"), false},
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc3880\0b"), false},
  {BYTES("fea84ebfb58b4ad2994d7169dc3880\0b"), false},
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc3880fb\0"), false},
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc3880 b"), false},
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc38\xC3\xA9" "fb"), false},
  {BYTES("fea84ebf-b58b-4ad2-994d-7169dc3880\x1B""b"), false},
  {BYTES("fea84ebf%2db58b-4ad2-994d-7169dc3880"), false}
};


static void test_ids(void) {
  for (size_t i = 0; i < ROWS(id_rows); i++)
    CHECK_ROW(id_rows[i].text, co_id_valid(id_rows[i].text,
                                           id_rows[i].length) ==
                               id_rows[i].valid);
}


/* In each place of each form, only digits or only the hyphen. */
static void test_id_bytes(void) {
  const char *const forms[] = {"fea84ebf-b58b-4ad2-994d-7169dc3880fb",
                               "fea84ebfb58b4ad2994d7169dc3880fb"};
  int good = 0;
  for (size_t form = 0; form < ROWS(forms); form++)
    for (size_t at = 0; forms[form][at] != '\0'; at++)
      for (int byte = 0; byte < 256; byte++) {
        char id[40];
        memcpy(id, forms[form], strlen(forms[form]));
        id[at] = (char)byte;
        good += co_id_valid(id, strlen(forms[form]));
      }
  CHECK(good == 64 * 22 + 4);
}


static void test_id_spelling(void) {
  static const char *const same[] = {"fea84ebf-b58b-4ad2-994d-7169dc3880fb",
    "FEA84EBF-B58B-4AD2-994D-7169DC3880FB", "fea84ebfb58b4ad2994d7169dc3880fb",
    "FEA84EBFB58B4AD2994D7169DC3880FB"};
  for (size_t i = 0; i < ROWS(same); i++) {
    char spelled[CO_ID_LENGTH + 1];
    co_id_spell(spelled, same[i]);
    CHECK_ROW(same[i], strcmp(spelled, same[0]) == 0);
  }
}


/* Signed addresses -------------------------------------------------------- */

static const struct signed_row {
  const char *text;
  size_t length;
  bool loopback, good, plain;
} signed_rows[] = {
  {BYTES("https://b.s3.example/k?X-Sig=a%2Fb"), false, true, false},
  {BYTES("https://b.s3.example:8443/k"), false, true, false},
  {BYTES("HTTPS://b.s3.example/"), true, true, false},
  {BYTES("https://127.0.0.1/k"), false, true, false},
  {BYTES("http://127.0.0.1:80/files/k"), true, true, true},
  {BYTES("http://[::1]:80/files/k"), true, true, true},
  {BYTES("http://127.0.0.1:80/files/k"), false, false, false},
  {BYTES("http://b.s3.example/k"), true, false, false},
  {BYTES("http://127.example.com/k"), true, false, false},
  {BYTES("ftp://b.s3.example/k"), true, false, false},
  {BYTES("file:///etc/passwd"), true, false, false},
  {BYTES("//b.s3.example/k"), true, false, false},
  {BYTES(""), true, false, false},
  {BYTES("https://"), true, false, false},
  {BYTES("https:///k"), true, false, false},
  {BYTES("https://b.s3.example"), true, false, false},
  {BYTES("https://b.s3.example?k"), true, false, false},
  {BYTES("https://u@b.s3.example/k"), true, false, false},
  {BYTES("https://u:p@b.s3.example/k"), true, false, false},
  {BYTES("https://b.s3.example:0/k"), true, false, false},
  {BYTES("https://b.s3.example:x/k"), true, false, false},
  {BYTES("https://b.s3.example\\@c/k"), true, false, false},
  {BYTES("https://b.s3.example/k#f"), true, false, false},
  {BYTES("https://b.s3.example/a b"), true, false, false},
  {BYTES("https://b.s3.example/a\r\nX: y"), true, false, false},
  {BYTES("https://b.s3.example/k\0"), true, false, false},
  {BYTES("https://b.s3.example/\xC3\xA9"), true, false, false}
};


static void test_signed(void) {
  for (size_t i = 0; i < ROWS(signed_rows); i++) {
    const struct signed_row *row = &signed_rows[i];
    bool plain = false;
    const char *why = co_address_check_signed(row->text, row->length,
                                              row->loopback, &plain);
    CHECK_ROW(row->text, (why == NULL) == row->good);
    CHECK_ROW(row->text, why != NULL || plain == row->plain);
  }
}


int main(void) {
  test_signed();
  test_good();
  test_length();
  test_bad();
  test_plain_allowed();
  test_long();
  test_ids();
  test_id_bytes();
  test_id_spelling();
  return check_report();
}
