/*
** One request, from its first line to the last byte of its answer. All of it
** runs in the server's thread.
*/
#include "sandbox/http/server_state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/http/access.h"
#include "sandbox/api/handlers.h"
#include "sandbox/http/route.h"

typedef struct sb_request {
  sb_server *server;
  sb_entry *entry;
  const sb_route *route;
  char id[SB_ID_SIZE];
  sb_answer answer;
  const char *refusal;   /* static; NULL: none */
  bool begun, counted, delayed, limited, crowded;
} sb_request;


static void count_in(sb_server *server) {
  uint64_t now = atomic_fetch_add(&server->in_flight, 1) + 1;
  if (now > atomic_load(&server->max_in_flight))
    atomic_store(&server->max_in_flight, now);
  atomic_fetch_add(&server->requests, 1);
}


static void count_out(sb_request *request) {
  if (!request->counted) return;
  request->counted = false;
  atomic_fetch_sub(&request->server->in_flight, 1);
}


void *sb_request_begin(void *closure, const char *uri,
                       struct MHD_Connection *connection) {
  sb_server *server = closure;
  sb_request *request = calloc(1, sizeof *request);
  if (!request) return NULL;
  request->server = server;
  request->entry = sb_entry_new(uri, (size_t)server->config.max_body);
  sb_answer_init(&request->answer, server->waiters, connection);
  count_in(server);
  request->counted = true;
  return request;
}


void sb_request_end(void *closure, struct MHD_Connection *connection,
                    void **context, enum MHD_RequestTerminationCode code) {
  sb_request *request = *context;
  (void)closure, (void)connection;
  if (!request) return;
  if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
    sb_answer_finish(&request->answer);
  count_out(request);
  sb_entry_drop(request->entry);
  sb_answer_free(&request->answer);
  free(request);
  *context = NULL;
}


static enum MHD_Result add_entry_header(void *closure, enum MHD_ValueKind kind,
                                   const char *name, const char *value) {
  (void)kind;
  sb_entry_add_header(closure, name, value ? value : "");
  return MHD_YES;
}


static void read_head(sb_request *request, const char *method) {
  sb_entry *entry = request->entry;
  struct MHD_Connection *connection = request->answer.connection;
  request->begun = true;
  strncpy(entry->method, method, sizeof entry->method - 1);
  MHD_get_connection_values(connection, MHD_HEADER_KIND, add_entry_header,
                            entry);
  const sb_link *link = MHD_get_connection_info(connection,
                          MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
  entry->connection = link ? link->number : 0;
  request->crowded = link && link->refused;
  request->route = sb_route_find(request->server->config.dialect, method,
                               entry->path, request->id);
  if (request->route) entry->operation = request->route->operation;
}


static void add_headers(sb_request *request, const sb_op *op) {
  sb_answer *answer = &request->answer;
  const sb_config *config = &request->server->config;
  char text[100];
  if (answer->body.length)
    sb_answer_header(answer, "Content-Type",
                     op->type ? op->type : "application/json");
  sb_answer_header(answer, "Sandbox-Estate",
                   sb_store_estate(request->server->store));
  if (answer->status == 401)
    sb_answer_header(answer, "WWW-Authenticate", "Basic realm=\"sandbox\"");
  if (answer->status == 405) {
    sb_route_allowed(config->dialect, request->entry->path, text, sizeof text);
    sb_answer_header(answer, "Allow", text);
  }
  if (*op->etag) {
    sb_answer_header(answer, "Accept-Ranges", "bytes");
    sb_answer_header(answer, "ETag", op->etag);
    sb_answer_header(answer, "Last-Modified", op->modified);
  }
  if (*op->content_range)
    sb_answer_header(answer, "Content-Range", op->content_range);
  if (request->limited && config->retry_after >= 0) {
    snprintf(text, sizeof text, "%.0f", ceil(config->retry_after));
    sb_answer_header(answer, "Retry-After", text);
  }
  if (request->crowded) sb_answer_header(answer, "Connection", "close");
}


static bool too_many(const sb_server *server) {
  int64_t most = server->config.max_in_flight;
  return most > 0 && atomic_load(&server->in_flight) > (uint64_t)most;
}


static bool too_fast(sb_server *server) {
  double rate = server->config.rate_limit;
  return rate > 0 && !sb_callers_admit(&server->callers, rate);
}


/* Refuses a request above a limit of the options. */
static bool check_limits(sb_request *request, sb_op *op) {
  const sb_config *config = &request->server->config;
  if (too_many(request->server)) {
    sb_op_fail(op, 429, "more than %d requests at once",
               (int)config->max_in_flight);
  } else if (too_fast(request->server)) {
    request->limited = true;
    sb_op_fail(op, 429, "more than %g requests a second", config->rate_limit);
  } else if (request->crowded) {
    sb_op_fail(op, 503, "more than %d connections",
               (int)config->max_connections);
  } else {
    return true;
  }
  return false;
}


/* Whether the request is for the content of a file, which needs no token. */
static bool is_file(const sb_entry *entry) {
  return strncmp(entry->path, SB_FILES "/", sizeof SB_FILES) == 0;
}


static void read_file(const sb_entry *entry, sb_op *op) {
  const sb_file_headers sent = {
    entry->method, sb_entry_header(entry, "range"),
    sb_entry_header(entry, "if-range"), sb_entry_header(entry, "if-none-match"),
  };
  sb_file_read(op, entry->path + sizeof SB_FILES, &sent);
}


/* Whether the caller speaks the current dialect: it sends Min-Server-Version,
** as only clients of that release do, or it used that dialect last. */
static bool speaks_current(const sb_request *request) {
  const sb_server *server = request->server;
  const sb_entry *entry = request->entry;
  if (server->config.dialect != SB_BOTH)
    return server->config.dialect == SB_CURRENT;
  return sb_entry_header(entry, "min-server-version")
         || sb_callers_is_current(&server->callers,
                                  sb_entry_header(entry, "user-agent"));
}


static void carry_out(sb_request *request, sb_op *op) {
  sb_server *server = request->server;
  sb_entry *entry = request->entry;
  if (request->refusal) {
    sb_op_fail(op, 403, "%s", request->refusal);
  } else if (!check_limits(request, op)) {
    return;
  } else if (is_file(entry)) {
    read_file(entry, op);
  } else {
    sb_route_run(request->route, op,
                 sb_access_caller(entry, server->owner, server->reader),
                 entry);
    /* A caller that sends the header tells its dialect in each request. */
    if (!sb_entry_header(entry, "min-server-version"))
      sb_callers_set(&server->callers, sb_entry_header(entry, "user-agent"),
                     op->current);
  }
}


static void run(sb_request *request, unsigned tweaks) {
  sb_server *server = request->server;
  sb_entry *entry = request->entry;
  sb_op op = {
    .config = &server->config, .store = server->store,
    .snapshots = server->snapshots, .id = request->id, .query = entry->query,
    .body = entry->body.bytes,
    .length = entry->body.length + entry->body.broken,
    .tweaks = tweaks, .out = &request->answer.body, .port = server->port,
    .current = speaks_current(request),
  };
  carry_out(request, &op);
  if (op.status == 0 || op.out->broken)
    sb_op_fail(&op, 500, "the sandbox is out of memory");
  request->answer.status = op.status;
  add_headers(request, &op);
}


/* Runs the operation of a complete request, and applies the fault that affects
** it. */
static void process(sb_request *request) {
  sb_server *server = request->server;
  sb_entry *entry = request->entry;
  const char *const facts[] = {entry->operation, entry->method, entry->path,
                               request->id};
  request->refusal = sb_access_refusal(entry);
  sb_fault *fault = request->refusal ? NULL
                                     : sb_faults_match(server->faults, facts);
  if (fault) entry->fault = sb_fault_name(fault);
  entry->at = sb_monotonic();
  sb_log_add(server->log, entry);
  if (!fault || sb_fault_applies(fault))
    run(request, fault ? sb_fault_tweaks(fault) : 0);
  if (fault) sb_fault_shape(fault, &request->answer);
  request->answer.delay += server->config.latency;
  sb_fault_drop(fault);
}


/* Suspends the request until then; libmicrohttpd then calls sb_request_handle
** again. MHD_NO if the server is stopping. */
static enum MHD_Result wait_until(sb_request *request, double until) {
  sb_answer *answer = &request->answer;
  bool open = sb_waiters_add(answer->waiters, &answer->waiter,
                             answer->connection, until);
  return open ? MHD_YES : MHD_NO;
}


static enum MHD_Result respond(sb_request *request) {
  sb_answer *answer = &request->answer;
  if (answer->waiter.over) return MHD_NO;
  if (answer->delay > 0 && !request->delayed) {
    request->delayed = true;
    return wait_until(request, request->entry->at + answer->delay);
  }
  if (answer->manner == SB_STALL) return wait_until(request, INFINITY);
  if (answer->manner == SB_RESET) {
    sb_answer_reset(answer);
    return MHD_NO;
  }
  atomic_store(&request->entry->status, answer->status);
  /* Count the request out before its first byte is sent: a client that has read
  ** the answer must not find its request still counted. */
  if (answer->manner == SB_WHOLE) count_out(request);
  return sb_answer_send(answer);
}


/* Adds a part of the body. A body that is too large is read to its end, and is
** then full and marked as broken. If the server hung up in the middle, its
** answer would be lost. */
static void add_upload(sb_text *body, const char *upload, size_t size) {
  size_t room = body->maximum - body->length;
  sb_text_add(body, upload, size < room ? size : room);
  if (size > room) sb_text_add(body, upload, room + 1);
}


enum MHD_Result sb_request_handle(void *closure,
                                  struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *upload,
                                  size_t *upload_size, void **context) {
  sb_request *request = *context;
  (void)closure, (void)connection, (void)url, (void)version;
  if (!request || !request->entry) return MHD_NO;
  if (!request->begun) {
    read_head(request, method);
    return MHD_YES;
  }
  if (*upload_size > 0) {
    add_upload(&request->entry->body, upload, *upload_size);
    *upload_size = 0;
    return MHD_YES;
  }
  if (request->entry->at <= 0) process(request);
  return respond(request);
}


static void close_link(sb_server *server, sb_link *link) {
  atomic_fetch_sub(&server->open_connections, 1);
  if (link && !link->refused) server->admitted--;
  free(link);
}


/* Counts a new connection, and marks it as refused if there are max_connections
** already. */
static sb_link *open_link(sb_server *server) {
  uint64_t most = (uint64_t)server->config.max_connections;
  atomic_fetch_add(&server->connections, 1);
  atomic_fetch_add(&server->open_connections, 1);
  sb_link *link = malloc(sizeof *link);
  if (!link) return NULL;
  link->number = ++server->last_connection;
  link->refused = most > 0 && server->admitted >= most;
  if (!link->refused) server->admitted++;
  return link;
}


/* Counts connections. The context of a connection is its link. */
void sb_connection_change(void *closure, struct MHD_Connection *connection,
                          void **context,
                          enum MHD_ConnectionNotificationCode code) {
  (void)connection;
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    *context = open_link(closure);
  } else {
    close_link(closure, *context);
    *context = NULL;
  }
}
