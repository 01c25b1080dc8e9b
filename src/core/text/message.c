/*
** Masks messages. Reads the token from the environment for each message: the
** environment may change.
*/
#include "core/text/message.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/buffer.h"
#include "core/text/secret.h"

/* Room for the variable's two values, each as long as the system allows. */
enum { SECRETS_MAX = 512 * 1024 };

static const char variable[] = "CODEOCEAN_TOKEN";
static char *kept;


void co_message_keep_token(void) {
  const char *token = getenv(variable);
  if (token != NULL && kept == NULL) kept = strdup(token);
}


static bool add(co_buffer *secrets, const char *token) {
  return token == NULL || co_secret_add_token(secrets, token);
}


static void mask_tokens(char *text, size_t length) {
  co_buffer secrets;
  co_buffer_init(&secrets, SECRETS_MAX);
  if (add(&secrets, kept) && add(&secrets, getenv(variable)))
    co_secret_mask(text, length, &secrets);
  else
    memset(text, '*', length);
  co_buffer_free(&secrets);
}


void co_message_mask(char *text, size_t length) {
  mask_tokens(text, length);
  co_secret_mask_users(text, length);
  co_secret_mask_tokens(text, length);
}
