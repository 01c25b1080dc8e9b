/*
** A sandbox: an HTTP server on loopback with a thread of its own. Plain C;
** the module's Lua side is lsandbox.c.
*/
#ifndef SB_SERVER_H
#define SB_SERVER_H

#include "sandbox/api/operation.h"
#include "sandbox/fault.h"
#include "sandbox/http/request_log.h"

typedef struct sb_server sb_server;

typedef struct sb_stats {
  uint64_t requests, connections, open_connections, in_flight, max_in_flight;
} sb_stats;

/* Starts a server; NULL and a message in `error` if it cannot. Copies the
** config. */
sb_server *sb_server_start(const sb_config *config, sb_text *error);

/* Ends every connection and frees the server. */
void sb_server_stop(sb_server *server);

unsigned sb_server_port(const sb_server *server);
const char *sb_server_token(const sb_server *server);
const char *sb_server_estate(const sb_server *server);

/* Blocks until no other process has joined; after that none can. False if a
** signal came. */
bool sb_server_wait_alone(sb_server *server);

sb_faults *sb_server_faults(sb_server *server);
sb_log *sb_server_log(sb_server *server);
sb_stats sb_server_stats(const sb_server *server);

/* Drops the log of requests and the faults, releases stalled answers, and
** resets the counters. */
void sb_server_clear(sb_server *server);

#endif
