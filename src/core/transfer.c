/*
** Builds a transfer's request and masks its secrets in the answer. Every buffer
** has a maximum. A request with a broken buffer (too long, or out of memory)
** fails at submission.
*/
#include "core/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/secret.h"

enum {
  URL_MAX = 64 * 1024,
  BODY_MAX = 16 * 1024 * 1024,
  SECRETS_MAX = 64 * 1024,
  FAILURE_MAX = 256 * 1024,  /* bytes kept of a failure's answer */
  SECRET_MAX = 4 * 1024      /* masked too before the cut, which might else
                             ** split a secret */
};


co_transfer *co_transfer_new(const co_endpoint *endpoint, size_t answer_max) {
  co_transfer *transfer = calloc(1, sizeof *transfer);
  if (transfer == NULL) return NULL;
  transfer->endpoint = endpoint;
  transfer->result.retry_after = -1;
  co_buffer_init(&transfer->url, URL_MAX);
  co_buffer_init(&transfer->body, BODY_MAX);
  co_buffer_init(&transfer->answer, answer_max);
  co_buffer_init(&transfer->secrets, SECRETS_MAX);
  return transfer;
}


void co_transfer_free(co_transfer *transfer) {
  if (transfer == NULL) return;
  co_buffer_free(&transfer->url);
  co_buffer_free(&transfer->body);
  co_buffer_free(&transfer->answer);
  co_buffer_free(&transfer->secrets);
  free(transfer);
}


void co_transfer_address(co_transfer *transfer, const char *base,
                         const char *id) {
  const char *path = transfer->endpoint->path;
  const char *place = strstr(path, "{id}");
  size_t head = place == NULL ? strlen(path) : (size_t)(place - path);
  co_buffer_add_text(&transfer->url, base);
  co_buffer_add(&transfer->url, path, head);
  if (place == NULL || id == NULL) return;
  co_buffer_add_escaped(&transfer->url, id, strlen(id));
  co_buffer_add_text(&transfer->url, place + strlen("{id}"));
}


void co_transfer_query(co_transfer *transfer, const char *name,
                       const char *value, size_t length) {
  co_buffer *url = &transfer->url;
  bool first = url->bytes == NULL || strchr(url->bytes, '?') == NULL;
  co_buffer_add_byte(url, first ? '?' : '&');
  co_buffer_add_escaped(url, name, strlen(name));
  co_buffer_add_byte(url, '=');
  co_buffer_add_escaped(url, value, length);
}


static void mask(char *text, size_t length, const co_buffer *secrets) {
  co_secret_mask(text, length, secrets);
  co_secret_mask_users(text, length);
  co_secret_mask_tokens(text, length);
}


void co_transfer_mask(co_transfer *transfer) {
  co_buffer *answer = &transfer->answer;
  char *message = transfer->result.message;
  co_buffer_cut(answer, FAILURE_MAX + SECRET_MAX);
  mask(answer->bytes, answer->length, &transfer->secrets);
  co_buffer_cut(answer, FAILURE_MAX);
  mask(message, strlen(message), &transfer->secrets);
}


void co_transfer_fail(co_transfer *transfer, co_kind kind, co_outcome outcome,
                      const char *message) {
  co_result *result = &transfer->result;
  result->kind = kind;
  result->outcome = outcome;
  snprintf(result->message, sizeof result->message, "%s", message);
}
