/*
** Sends the answer to one request. An answer that a fault spoils is given to
** libmicrohttpd as a whole one, and a reader callback stops early or waits.
*/
#include "sandbox/http/answer.h"

#include <math.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_BODY 268435456
#define MAX_HEADERS 65536
#define BLOCK 16384


void sb_answer_init(sb_answer *answer, sb_waiters *waiters,
                    struct MHD_Connection *connection) {
  *answer = (sb_answer){.waiters = waiters, .connection = connection};
  sb_text_init(&answer->body, MAX_BODY);
  sb_text_init(&answer->headers, MAX_HEADERS);
}


void sb_answer_free(sb_answer *answer) {
  sb_text_free(&answer->body);
  sb_text_free(&answer->headers);
}


void sb_answer_header(sb_answer *answer, const char *name, const char *value) {
  sb_text_add(&answer->headers, name, strlen(name) + 1);
  sb_text_add(&answer->headers, value, strlen(value) + 1);
}


static int socket_of(const sb_answer *answer) {
  return MHD_get_connection_info(answer->connection,
           MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}


/* connect() to AF_UNSPEC dissolves the association, which sends the RST.
** SO_LINGER would send it on close, but libmicrohttpd shuts the socket down
** before that, and the client would see an orderly end. */
void sb_answer_reset(sb_answer *answer) {
  struct sockaddr nobody = {.sa_family = AF_UNSPEC};
  (void)connect(socket_of(answer), &nobody, sizeof nobody);
}


/* Suspends the connection until then. If the wait was ended, or the list of
** waiters is closed, ends the answer. */
static ssize_t wait_until(sb_answer *answer, double until) {
  if (!answer->waiter.over
      && sb_waiters_add(answer->waiters, &answer->waiter, answer->connection,
                        until))
    return 0;
  return MHD_CONTENT_READER_END_WITH_ERROR;
}


static ssize_t copy_from(const sb_answer *answer, uint64_t position, char *to,
                         size_t most) {
  size_t left = answer->body.length - (size_t)position;
  size_t length = left < most ? left : most;
  memcpy(to, answer->body.bytes + position, length);
  return (ssize_t)length;
}


static ssize_t read_truncated(void *closure, uint64_t position, char *to,
                              size_t most) {
  sb_answer *answer = closure;
  if (position >= answer->bytes) return MHD_CONTENT_READER_END_WITH_ERROR;
  size_t left = answer->bytes - (size_t)position;
  return copy_from(answer, position, to, left < most ? left : most);
}


static ssize_t read_slowly(void *closure, uint64_t position, char *to,
                           size_t most) {
  sb_answer *answer = closure;
  double now = sb_monotonic();
  if (now < answer->next) return wait_until(answer, answer->next);
  answer->next = now + answer->interval;
  return copy_from(answer, position, to,
                   answer->bytes < most ? answer->bytes : most);
}


static ssize_t read_never(void *closure, uint64_t position, char *to,
                          size_t most) {
  (void)position, (void)to, (void)most;
  return wait_until(closure, INFINITY);
}


static ssize_t (*const readers[])(void *, uint64_t, char *, size_t) = {
  [SB_TRUNCATED] = read_truncated,
  [SB_SLOW] = read_slowly,
  [SB_STALL_BODY] = read_never,
};


/* For a body that is longer than its Content-Length, libmicrohttpd sends the
** part of that length and sb_answer_finish the rest. */
static struct MHD_Response *make_response(sb_answer *answer) {
  size_t length = answer->body.length;
  if (answer->manner == SB_LONGER)
    length = length > answer->bytes ? length - answer->bytes : 0;
  if (answer->manner == SB_WHOLE || answer->manner == SB_LONGER)
    return MHD_create_response_from_buffer(length, answer->body.bytes,
                                           MHD_RESPMEM_PERSISTENT);
  return MHD_create_response_from_callback(length, BLOCK,
                                           readers[answer->manner], answer,
                                           NULL);
}


static void add_headers(const sb_answer *answer,
                        struct MHD_Response *response) {
  const char *at = answer->headers.bytes;
  const char *end = at ? at + answer->headers.length : NULL;
  while (at < end) {
    const char *value = at + strlen(at) + 1;
    MHD_add_response_header(response, at, value);
    at = value + strlen(value) + 1;
  }
}


enum MHD_Result sb_answer_send(sb_answer *answer) {
  struct MHD_Response *response = make_response(answer);
  if (!response) return MHD_NO;
  add_headers(answer, response);
  enum MHD_Result result = MHD_queue_response(answer->connection,
                                              (unsigned)answer->status,
                                              response);
  MHD_destroy_response(response);
  return result;
}


void sb_answer_finish(const sb_answer *answer) {
  size_t length = answer->body.length;
  if (answer->manner != SB_LONGER || length == 0) return;
  size_t rest = length > answer->bytes ? answer->bytes : length;
  send(socket_of(answer), answer->body.bytes + length - rest, rest,
       MSG_NOSIGNAL | MSG_DONTWAIT);
}
