/*
** The kinds of faults as rows: whether the operation is done, how the answer is
** sent, how the operation is changed, and the content of the answer.
*/
#include "sandbox/fault.h"

#include <string.h>

#include "sandbox/api/asset_json.h"
#include "sandbox/http/gzip.h"

struct sb_fault_kind {
  const char *name;
  bool applies;
  sb_manner manner;
  unsigned tweaks;
  void (*shape)(const sb_fault *fault, sb_answer *answer);
  const char *takes;     /* its options, beside those that all kinds have */
};


static void set_answer(sb_answer *answer, int status, const char *type,
                const char *body) {
  answer->status = status;
  sb_text_reset(&answer->headers);
  sb_text_reset(&answer->body);
  if (type) sb_answer_header(answer, "Content-Type", type);
  sb_text_puts(&answer->body, body);
}


static void set_headers(const sb_fault *fault, sb_answer *answer) {
  sb_text_add(&answer->headers, fault->text[SB_HEADERS].bytes,
              fault->text[SB_HEADERS].length);
  if (fault->text[SB_RETRY_AFTER].bytes)
    sb_answer_header(answer, "Retry-After", fault->text[SB_RETRY_AFTER].bytes);
}


static void set_body(const sb_fault *fault, sb_answer *answer) {
  if (!fault->text[SB_BODY].bytes) return;
  sb_text_reset(&answer->body);
  sb_text_add(&answer->body, fault->text[SB_BODY].bytes,
              fault->text[SB_BODY].length);
}


static int status_or(const sb_fault *fault, int otherwise) {
  return fault->status < 0 ? otherwise : (int)fault->status;
}


static void shape_status(const sb_fault *fault, sb_answer *answer) {
  set_answer(answer, status_or(fault, 500), "application/json",
      "{\"message\":\"the sandbox was told to answer so\"}");
}


static void shape_html(const sb_fault *fault, sb_answer *answer) {
  set_answer(answer, status_or(fault, 200), "text/html; charset=utf-8",
      "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n"
      "<body><form action=\"/login\" method=\"post\">Sign in to continue"
      "</form></body></html>\n");
}


static void shape_garbage(const sb_fault *fault, sb_answer *answer) {
  set_answer(answer, status_or(fault, 200), "application/json",
      "{\"id\": \"0f3c\", \"tags\": [1, 2,, \x01\xff");
}


static void shape_redirect(const sb_fault *fault, sb_answer *answer) {
  const char *location = fault->text[SB_LOCATION].bytes;
  set_answer(answer, status_or(fault, 302), NULL, "");
  sb_answer_header(answer, "Location",
                   location ? location : "https://login.invalid/");
}


static void shape_nothing(const sb_fault *fault, sb_answer *answer) {
  set_answer(answer, status_or(fault, 204), NULL, "");
}


static void shape_bomb(const sb_fault *fault, sb_answer *answer) {
  set_answer(answer, 200, "application/json", "");
  sb_answer_header(answer, "Content-Encoding", "gzip");
  sb_gzip_bomb(&answer->body,
               fault->bytes < 0 ? 67108864 : (size_t)fault->bytes);
}


/* Nested arrays, `depth` levels deep. */
static void shape_deep(const sb_fault *fault, sb_answer *answer) {
  int depth = fault->depth < 0 ? 1000 : (int)fault->depth;
  set_answer(answer, status_or(fault, 200), "application/json", "");
  for (int i = 0; i < depth; i++) sb_text_puts(&answer->body, "[");
  for (int i = 0; i < depth; i++) sb_text_puts(&answer->body, "]");
}


/* A string of at least `bytes` bytes. */
static void shape_huge(const sb_fault *fault, sb_answer *answer) {
  static const char words[] = "all work and no play makes a server dull. ";
  size_t bytes = fault->bytes < 0 ? 100000000 : (size_t)fault->bytes;
  set_answer(answer, status_or(fault, 200), "application/json", "{\"id\":\"");
  while (answer->body.length + sizeof words < bytes && !answer->body.broken)
    sb_text_add(&answer->body, words, sizeof words - 1);
  sb_text_puts(&answer->body, "\"}");
}


/* Sends `bytes` of the body, by default half of it. Resets the connection if
** there is no body: libmicrohttpd would send the headers alone, or nothing. */
static void shape_truncated(const sb_fault *fault, sb_answer *answer) {
  if (fault->bytes < 0) answer->bytes = answer->body.length / 2;
  if (answer->body.length == 0) answer->manner = SB_RESET;
}


static void shape_slow(const sb_fault *fault, sb_answer *answer) {
  answer->interval = fault->interval < 0 ? 0.02 : fault->interval;
}


static void shape_stall(const sb_fault *fault, sb_answer *answer) {
  if (!fault->after_headers) return;
  answer->manner = SB_STALL_BODY;
  if (answer->body.length == 0)
    set_answer(answer, 200, "application/json", "{}");
}


#define ALSO "status body headers retry_after"

static const sb_fault_kind kinds[] = {
  {"status",        false, SB_WHOLE,     0, shape_status,    ALSO},
  {"delay",         true,  SB_WHOLE,     0, NULL,            "seconds"},
  {"reset_before",  false, SB_RESET,     0, NULL,            ""},
  {"reset_after",   true,  SB_RESET,     0, NULL,            ""},
  {"truncated",     true,  SB_TRUNCATED, 0, shape_truncated, "bytes"},
  {"wrong_length",  true,  SB_LONGER,    0, NULL,            "bytes"},
  {"html",          false, SB_WHOLE,     0, shape_html,      ALSO},
  {"garbage",       false, SB_WHOLE,     0, shape_garbage,   ALSO},
  {"redirect",      false, SB_WHOLE,     0, shape_redirect,  "location " ALSO},
  {"stall",         false, SB_STALL,     0, shape_stall,     "after_headers"},
  {"slow",          true,  SB_SLOW,      0, shape_slow,      "bytes interval"},
  {"no_content",    true,  SB_WHOLE,     0, shape_nothing,   "headers"},
  {"gzip_bomb",     false, SB_WHOLE,     0, shape_bomb,      "bytes"},
  {"deep_json",     false, SB_WHOLE,     0, shape_deep,      "depth status"},
  {"huge",          false, SB_WHOLE,     0, shape_huge,      "bytes status"},
  {"stuck_token",   true,  SB_WHOLE,     SB_STUCK_TOKEN,   NULL, ""},
  {"empty_more",    true,  SB_WHOLE,     SB_EMPTY_MORE,    NULL, ""},
  {"stuck_draft",   true,  SB_WHOLE,     SB_STUCK_DRAFT,   NULL, ""},
  {"drop_custom_metadata", true, SB_WHOLE, SB_DROP_METADATA, NULL, ""},
};

#define KINDS (sizeof kinds / sizeof *kinds)


const sb_fault_kind *sb_fault_kind_named(const char *name) {
  for (size_t i = 0; i < KINDS; i++)
    if (strcmp(kinds[i].name, name) == 0) return &kinds[i];
  return NULL;
}


const char *sb_fault_kind_at(size_t index) {
  return index < KINDS ? kinds[index].name : NULL;
}


bool sb_fault_kind_has_option(const sb_fault_kind *kind, const char *option) {
  size_t length = strlen(option);
  for (const char *at = kind->takes; *at; at += strspn(at, " ")) {
    size_t word = strcspn(at, " ");
    if (word == length && strncmp(at, option, length) == 0) return true;
    at += word;
  }
  return false;
}


bool sb_fault_applies(const sb_fault *fault) {
  return fault->apply < 0 ? fault->kind->applies : fault->apply > 0;
}


const char *sb_fault_name(const sb_fault *fault) {
  return fault->kind->name;
}


unsigned sb_fault_tweaks(const sb_fault *fault) {
  return fault->kind->tweaks;
}


void sb_fault_shape(const sb_fault *fault, sb_answer *answer) {
  answer->manner = fault->kind->manner;
  answer->bytes = fault->bytes < 0 ? 8 : (size_t)fault->bytes;
  answer->delay += fault->delay;
  if (fault->kind->shape) fault->kind->shape(fault, answer);
  set_headers(fault, answer);
  set_body(fault, answer);
}
