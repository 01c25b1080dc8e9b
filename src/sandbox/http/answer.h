/*
** The answer to one request: status, headers, body, and the manner in which it
** is sent, which a fault may have spoiled. request.c fills it, passes it to
** libmicrohttpd and frees it with the request, in the server's thread.
*/
#ifndef SB_ANSWER_H
#define SB_ANSWER_H

#include <microhttpd.h>

#include "sandbox/http/waiters.h"
#include "sandbox/text.h"

typedef enum sb_manner {
  SB_WHOLE,
  SB_RESET,        /* no answer: the connection is reset */
  SB_TRUNCATED,    /* `bytes` of the body, then the connection ends */
  SB_LONGER,       /* `bytes` more are sent than Content-Length says */
  SB_SLOW,         /* `bytes` at a time, `interval` seconds apart */
  SB_STALL,        /* nothing, until released */
  SB_STALL_BODY,   /* the headers, then nothing */
} sb_manner;

typedef struct sb_answer {
  int status;
  sb_text body;
  sb_text headers;     /* name NUL value NUL … */
  sb_manner manner;
  size_t bytes;
  double interval;
  double delay;        /* seconds before anything is sent */

  /* For an answer that waits between its parts: */
  sb_waiters *waiters;
  sb_waiter waiter;
  struct MHD_Connection *connection;
  double next;
} sb_answer;

void sb_answer_init(sb_answer *answer, sb_waiters *waiters,
                    struct MHD_Connection *connection);
void sb_answer_free(sb_answer *answer);
void sb_answer_header(sb_answer *answer, const char *name, const char *value);

/* Passes the answer to libmicrohttpd. An answer must live as long as its
** request. */
enum MHD_Result sb_answer_send(sb_answer *answer);

/* Must be called when libmicrohttpd has sent its part. */
void sb_answer_finish(const sb_answer *answer);

/* Resets the connection (RST); the caller must still close it. */
void sb_answer_reset(sb_answer *answer);

#endif
