/*
** Masks secrets in text from servers. A secret is found in each form below,
** with its bytes spelled by any row of spelling.c, up to three levels deep;
** spec/core/text/secret_test.c lists the spellings.
*/
#include "core/text/secret.h"

#include <string.h>

#include "core/text/spelling.h"

/* Bytes of the shortest secret kept: shorter texts occur by chance. */
enum { SHORTEST = 4 };


static bool is_secret(const char *text, size_t length) {
  return length >= SHORTEST && memchr(text, '\0', length) == NULL;
}


void co_secret_add(co_buffer *secrets, const char *text, size_t length) {
  if (!is_secret(text, length)) return;
  co_buffer_add(secrets, text, length);
  co_buffer_add_byte(secrets, '\0');
}


bool co_secret_add_token(co_buffer *secrets, const char *token) {
  co_secret_add(secrets, token, strlen(token));
  return !secrets->broken;
}


static bool contains(const co_buffer *secrets, const char *text) {
  for (size_t at = 0; at < secrets->length;
       at += strlen(secrets->bytes + at) + 1)
    if (strcmp(secrets->bytes + at, text) == 0) return true;
  return false;
}


void co_secret_merge(co_buffer *secrets, const co_buffer *others) {
  for (size_t at = 0; at < others->length;) {
    const char *text = others->bytes + at;
    size_t length = strlen(text) + 1;
    if (!contains(secrets, text)) co_buffer_add(secrets, text, length);
    at += length;
  }
}


/* Forms ------------------------------------------------------------------ */

/* How a secret may be encoded: as it is, in base64 (the number is how many
** bytes of a longer text stand before it in its group of three), or in
** hexadecimal. */
typedef enum form { AS_IT_IS, BASE64_0, BASE64_1, BASE64_2, HEX, FORMS } form;

static const char base64_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "abcdefghijklmnopqrstuvwxyz0123456789+/";


/* The base64 letter at `place` of the text `before` bytes + secret. */
static char base64_at(const char *secret, size_t before, size_t place) {
  size_t bit = place * 6;
  unsigned two = 0;
  for (size_t i = bit / 8; i < bit / 8 + 2; i++)
    two = two << 8 | (i < before ? 0 : (unsigned char)secret[i - before]);
  return base64_letters[two >> (10 - bit % 8) & 63];
}


/* The byte of the form at `place`; NUL behind its end. Base64 letters that
** also depend on bytes before or behind the secret are left out. */
static char form_at(form how, const char *secret, size_t length,
                    size_t place) {
  static const char digits[] = "0123456789abcdef";
  if (how == AS_IT_IS) return secret[place];
  if (how == HEX) {
    if (place >= 2 * length) return '\0';
    unsigned byte = (unsigned char)secret[place / 2];
    return digits[place % 2 == 0 ? byte >> 4 : byte & 15];
  }
  size_t before = (size_t)(how - BASE64_0);
  size_t first = before == 0 ? 0 : before + 1;
  bool within = (first + place + 1) * 6 <= (before + length) * 8;
  return within ? base64_at(secret, before, first + place) : '\0';
}


/* The byte as form_at gives it: hexadecimal in lower case, base64 in its usual
** alphabet. */
static char normalized(form how, char byte) {
  if (how == HEX && byte >= 'A' && byte <= 'F') return (char)(byte | 0x20);
  if (how == AS_IT_IS || how == HEX) return byte;
  return byte == '-' ? '+' : byte == '_' ? '/' : byte;
}


/* Masking ---------------------------------------------------------------- */

typedef struct cursor {
  const char *text;
  size_t length, at;
  int level;
} cursor;


static bool peek(const cursor *c, char *byte, size_t *size) {
  *size = co_spelling_read(c->text + c->at, c->length - c->at, c->level, byte);
  return *size > 0;
}


/* Skips line ends with the indentation behind them, since long texts are
** folded; between bytes of hexadecimal also a colon, hyphen or blank. */
static void skip_fold(cursor *c, form how, size_t place) {
  enum { MOST = 16 };
  char byte;
  size_t size;
  bool folded = false, between = how == HEX && place % 2 == 0;
  for (int i = 0; i < MOST && peek(c, &byte, &size); i++) {
    bool blank = byte == ' ' || byte == '\t';
    bool end = byte == '\r' || byte == '\n';
    if (!end && !(blank && folded) &&
        !(between && (blank || byte == ':' || byte == '-')))
      return;
    folded = folded || end;
    c->at += size;
  }
}


/* Skips the end of a base64 text: up to three letters that also depend on the
** secret, or on a colon behind it, and the padding. */
static void skip_tail(cursor *c) {
  char byte;
  size_t size;
  for (int i = 0; i < 3 && peek(c, &byte, &size); i++) {
    byte = normalized(BASE64_0, byte);
    if (byte == '\0' || strchr(base64_letters, byte) == NULL) break;
    c->at += size;
  }
  for (int i = 0; i < 2 && peek(c, &byte, &size) && byte == '='; i++)
    c->at += size;
}


/* How many bytes of the text spell the secret in that form, with `level` levels
** of spellings undone; or 0. */
static size_t matched(const char *text, size_t length, const char *secret,
                      form how, int level) {
  cursor c = {text, length, 0, level};
  size_t n = strlen(secret), place = 0, size;
  char wanted, byte;
  for (; (wanted = form_at(how, secret, n, place)) != '\0'; place++) {
    bool more = peek(&c, &byte, &size);
    if (more && normalized(how, byte) != wanted && place > 0) {
      skip_fold(&c, how, place);
      more = peek(&c, &byte, &size);
    }
    if (!more || normalized(how, byte) != wanted) return 0;
    c.at += size;
  }
  if (how != AS_IT_IS && how != HEX) skip_tail(&c);
  return c.at;
}


/* Length of the longest form of a secret at the start of the text, or 0. The
** last text of `secrets` may be cut if the buffer was full. */
static size_t secret_at(const char *text, size_t length,
                        const co_buffer *secrets, int level) {
  size_t longest = 0;
  for (size_t at = 0; at < secrets->length;) {
    const char *secret = secrets->bytes + at;
    size_t n = strlen(secret);
    for (form how = AS_IT_IS; n >= SHORTEST && how < FORMS; how++) {
      size_t found = matched(text, length, secret, how, level);
      if (found > longest) longest = found;
    }
    at += n + 1;
  }
  return longest;
}


/* Sets heads[b] for each byte b that a form begins with. All other bytes of an
** answer can be skipped quickly. */
static void find_heads(const co_buffer *secrets, bool heads[256]) {
  for (size_t at = 0; at < secrets->length;) {
    const char *secret = secrets->bytes + at;
    size_t n = strlen(secret);
    for (form how = AS_IT_IS; n >= SHORTEST && how < FORMS; how++) {
      char head = form_at(how, secret, n, 0);
      heads[(unsigned char)head] = true;
      if (head == '+') heads['-'] = true;
      if (head == '/') heads['_'] = true;
      if (how == HEX && head >= 'a') heads[(unsigned char)head & ~0x20u] = true;
    }
    at += n + 1;
  }
}


/* Length of the longest secret at `at`, over all levels: a secret may itself
** look like a spelling. */
static size_t longest_at(const char *text, size_t length,
                         const co_buffer *secrets, const bool heads[256]) {
  size_t longest = 0;
  for (int level = 0; level <= CO_SPELLING_LEVELS; level++) {
    char byte;
    if (co_spelling_read(text, length, level, &byte) == 0) break;
    size_t n = heads[(unsigned char)byte]
                 ? secret_at(text, length, secrets, level) : 0;
    if (n > longest) longest = n;
  }
  return longest;
}


/* Masks all secrets in one pass: a masked secret must not hide the rest of an
** overlapping one. */
void co_secret_mask(char *bytes, size_t length, const co_buffer *secrets) {
  bool heads[256] = {false};
  size_t end = 0;
  find_heads(secrets, heads);
  for (size_t i = 0; i < length; i++) {
    if (heads[(unsigned char)bytes[i]] || co_spelling_starts(bytes[i])) {
      size_t n = longest_at(bytes + i, length - i, secrets, heads);
      if (i + n > end) end = i + n;
    }
    if (i < end) bytes[i] = '*';
  }
}


/* Users and tokens that are in no list ----------------------------------- */

static bool ends_word(char c) {
  return (unsigned char)c <= ' ' || c == '"' || c == '\'' || c == '<' ||
         c == '>' || c == '`';
}


/* The start of the user information that ends before the '@' at text[at]:
** behind "://", else the start of the word. */
static size_t users_start(const char *text, size_t at) {
  size_t start = at;
  while (start > 0 && !ends_word(text[start - 1])) {
    bool scheme = start >= 3 && memcmp(text + start - 3, "://", 3) == 0;
    if (scheme) return start;
    start--;
  }
  return start;
}


/* A word with '@' but without a colon is a mail address, and stays. */
void co_secret_mask_users(char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (text[i] != '@') continue;
    size_t start = users_start(text, i);
    bool url = start >= 3 && memcmp(text + start - 3, "://", 3) == 0;
    if (url || memchr(text + start, ':', i - start) != NULL)
      memset(text + start, '*', i - start);
  }
}


static bool is_token_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}


void co_secret_mask_tokens(char *text, size_t length) {
  static const char prefix[] = "cop_";
  size_t n = sizeof prefix - 1;
  for (size_t i = 0; i + n < length; i++) {
    if (memcmp(text + i, prefix, n) != 0) continue;
    for (i += n; i < length && is_token_byte(text[i]); i++) text[i] = '*';
  }
}
