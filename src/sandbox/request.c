/*
** One request, from its first line to the last byte of its answer. All of it
** runs in the server's thread.
*/
#include "sandbox/server_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/route.h"

typedef struct request {
  sb_server *server;
  sb_entry *entry;
  const sb_route *route;
  char id[SB_ID_SIZE];
  sb_answer answer;
  bool begun, counted, delayed;
} request;


static void count_in(sb_server *server) {
  uint64_t now = atomic_fetch_add(&server->in_flight, 1) + 1;
  if (now > atomic_load(&server->max_in_flight))
    atomic_store(&server->max_in_flight, now);
  atomic_fetch_add(&server->requests, 1);
}


static void count_out(request *asked) {
  if (!asked->counted) return;
  asked->counted = false;
  atomic_fetch_sub(&asked->server->in_flight, 1);
}


void *sb_request_begin(void *closure, const char *uri,
                       struct MHD_Connection *connection) {
  sb_server *server = closure;
  request *asked = calloc(1, sizeof *asked);
  if (!asked) return NULL;
  asked->server = server;
  asked->entry = sb_entry_new(uri, (size_t)server->config.max_body);
  sb_answer_init(&asked->answer, server->waiters, connection);
  count_in(server);
  asked->counted = true;
  return asked;
}


void sb_request_end(void *closure, struct MHD_Connection *connection,
                    void **context, enum MHD_RequestTerminationCode code) {
  request *asked = *context;
  (void)closure, (void)connection;
  if (!asked) return;
  if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
    sb_answer_finish(&asked->answer);
  count_out(asked);
  sb_entry_drop(asked->entry);
  sb_answer_free(&asked->answer);
  free(asked);
  *context = NULL;
}


static enum MHD_Result note_header(void *closure, enum MHD_ValueKind kind,
                                   const char *name, const char *value) {
  (void)kind;
  sb_entry_add_header(closure, name, value ? value : "");
  return MHD_YES;
}


static void read_head(request *asked, const char *method) {
  sb_entry *entry = asked->entry;
  struct MHD_Connection *connection = asked->answer.connection;
  asked->begun = true;
  strncpy(entry->method, method, sizeof entry->method - 1);
  MHD_get_connection_values(connection, MHD_HEADER_KIND, note_header, entry);
  const uint64_t *number = MHD_get_connection_info(connection,
                             MHD_CONNECTION_INFO_SOCKET_CONTEXT)
                               ->socket_context;
  entry->connection = number ? *number : 0;
  asked->route = sb_route_find(asked->server->config.dialect, method,
                               entry->path, asked->id);
  if (asked->route) entry->operation = asked->route->operation;
}


/* The scheme's case does not matter; the token's does. The password is empty:
** what is compared is "token:" whole. */
static sb_caller who_asks(const request *asked) {
  const char *sent = sb_entry_header(asked->entry, "authorization");
  if (!sent || strncasecmp(sent, "Basic ", 6) != 0) return SB_NOBODY;
  if (strcmp(sent + 6, asked->server->owner) == 0) return SB_OWNER;
  const char *reader = asked->server->reader;
  return reader && strcmp(sent + 6, reader) == 0 ? SB_READER : SB_NOBODY;
}


static void add_headers(request *asked) {
  sb_answer *answer = &asked->answer;
  if (answer->body.length)
    sb_answer_header(answer, "Content-Type", "application/json");
  if (answer->status == 401)
    sb_answer_header(answer, "WWW-Authenticate", "Basic realm=\"sandbox\"");
  if (answer->status == 405) {
    char methods[100];
    sb_route_allowed(asked->server->config.dialect, asked->entry->path,
                     methods, sizeof methods);
    sb_answer_header(answer, "Allow", methods);
  }
}


static bool too_many(const sb_server *server) {
  int64_t most = server->config.max_in_flight;
  return most > 0 && atomic_load(&server->in_flight) > (uint64_t)most;
}


static void run(request *asked, unsigned tweaks) {
  sb_server *server = asked->server;
  sb_entry *entry = asked->entry;
  sb_op op = {
    .config = &server->config, .store = server->store,
    .snapshots = server->snapshots, .id = asked->id, .query = entry->query,
    .body = entry->body.bytes,
    .length = entry->body.length + entry->body.broken,
    .tweaks = tweaks, .out = &asked->answer.body,
  };
  if (too_many(server))
    sb_op_fail(&op, 429, "more than %d requests at once",
                 (int)server->config.max_in_flight);
  else
    sb_route_run(asked->route, &op, who_asks(asked), entry->path,
                 sb_entry_header(entry, "content-type"));
  if (op.status == 0 || op.out->broken)
    sb_op_fail(&op, 500, "the sandbox is out of memory");
  asked->answer.status = op.status;
  add_headers(asked);
}


/* The whole request is there: does what it asks, and lets the fault that
** falls on it have its way with that. */
static void process(request *asked) {
  sb_server *server = asked->server;
  sb_entry *entry = asked->entry;
  const char *const facts[] = {entry->operation, entry->method, entry->path,
                               asked->id};
  sb_fault *fault = sb_faults_match(server->faults, facts);
  if (fault) entry->fault = sb_fault_name(fault);
  entry->at = sb_monotonic();
  sb_log_add(server->log, entry);
  if (!fault || sb_fault_applies(fault))
    run(asked, fault ? sb_fault_tweaks(fault) : 0);
  if (fault) sb_fault_shape(fault, &asked->answer);
  asked->answer.delay += server->config.latency;
  sb_fault_drop(fault);
}


/* Sets the request aside; it comes back here later. */
static enum MHD_Result wait_until(request *asked, double until) {
  sb_answer *answer = &asked->answer;
  bool open = sb_waiters_add(answer->waiters, &answer->waiter,
                             answer->connection, until);
  return open ? MHD_YES : MHD_NO;
}


static enum MHD_Result respond(request *asked) {
  sb_answer *answer = &asked->answer;
  if (answer->waiter.over) return MHD_NO;
  if (answer->delay > 0 && !asked->delayed) {
    asked->delayed = true;
    return wait_until(asked, asked->entry->at + answer->delay);
  }
  if (answer->manner == SB_STALL) return wait_until(asked, INFINITY);
  if (answer->manner == SB_RESET) {
    sb_answer_reset(answer);
    return MHD_NO;
  }
  atomic_store(&asked->entry->status, answer->status);
  /* Before the first byte can leave, so that who has read an answer does not
  ** find its request still counted. */
  if (answer->manner == SB_WHOLE) count_out(asked);
  return sb_answer_send(answer);
}


/* A body too large is read on to its end, for a server that hangs up in the
** middle gets its answer lost, and is filled up to the brim: that, and that it
** is broken, says that it was too large. */
static void take_upload(sb_text *body, const char *upload, size_t size) {
  size_t room = body->maximum - body->length;
  sb_text_add(body, upload, size < room ? size : room);
  if (size > room) sb_text_add(body, upload, room + 1);
}


enum MHD_Result sb_request_handle(void *closure,
                                  struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *upload,
                                  size_t *upload_size, void **context) {
  request *asked = *context;
  (void)closure, (void)connection, (void)url, (void)version;
  if (!asked || !asked->entry) return MHD_NO;
  if (!asked->begun) {
    read_head(asked, method);
    return MHD_YES;
  }
  if (*upload_size > 0) {
    take_upload(&asked->entry->body, upload, *upload_size);
    *upload_size = 0;
    return MHD_YES;
  }
  if (asked->entry->at <= 0) process(asked);
  return respond(asked);
}


/* A connection's context is its number. */
void sb_connection_change(void *closure, struct MHD_Connection *connection,
                          void **context,
                          enum MHD_ConnectionNotificationCode code) {
  sb_server *server = closure;
  (void)connection;
  if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
    atomic_fetch_sub(&server->open_connections, 1);
    free(*context);
    *context = NULL;
    return;
  }
  atomic_fetch_add(&server->connections, 1);
  atomic_fetch_add(&server->open_connections, 1);
  uint64_t *number = malloc(sizeof *number);
  if (number) *number = ++server->last_connection;
  *context = number;
}
