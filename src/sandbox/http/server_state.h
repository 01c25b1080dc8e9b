/*
** The state shared by server.c, which starts and stops the server, and
** request.c, which answers.
*/
#ifndef SB_SERVER_STATE_H
#define SB_SERVER_STATE_H

#include "sandbox/http/callers.h"
#include "sandbox/http/server.h"

/* What the server keeps of a connection; libmicrohttpd holds the pointer. */
typedef struct sb_link {
  uint64_t number;
  bool refused;    /* max_connections were open when it came */
} sb_link;

/* Any thread may read the atomics. The rest does not change between start and
** stop, or is used by the server's thread only. */
struct sb_server {
  sb_config config;
  sb_store *store;
  sb_snapshots *snapshots;
  sb_log *log;
  sb_faults *faults;
  sb_waiters *waiters;
  struct MHD_Daemon *daemon;
  sb_callers callers;   /* used by the server's thread only */
  unsigned port;
  uint64_t last_connection;   /* the number of the latest */
  uint64_t admitted;          /* open connections that were not refused */
  char *owner, *reader;   /* for Authorization; reader may be NULL */
  atomic_uint_fast64_t requests, connections, open_connections;
  atomic_uint_fast64_t in_flight, max_in_flight;
};

/* The callbacks of libmicrohttpd; the closure is the server. */
void *sb_request_begin(void *closure, const char *uri,
                       struct MHD_Connection *connection);
enum MHD_Result sb_request_handle(void *closure,
                                  struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *upload,
                                  size_t *upload_size, void **context);
void sb_request_end(void *closure, struct MHD_Connection *connection,
                    void **context, enum MHD_RequestTerminationCode code);
void sb_connection_change(void *closure, struct MHD_Connection *connection,
                          void **context,
                          enum MHD_ConnectionNotificationCode code);

#endif
