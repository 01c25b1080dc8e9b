/*
** Starts and stops a sandbox.
*/
#include "sandbox/http/server.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sandbox/estate/lag.h"
#include "sandbox/estate/search_index.h"
#include "sandbox/estate/seed.h"
#include "sandbox/http/server_state.h"

#define MAX_CONNECTIONS 8000
#define CONNECTION_MEMORY 65536


static char *copy(const char *text) {
  return text ? strdup(text) : NULL;
}


/* Makes a random token if none was given. */
static bool make_token(sb_config *config) {
  unsigned char random[16];
  char token[40] = "cop_";
  if (getentropy(random, sizeof random) != 0) return false;
  for (size_t i = 0; i < sizeof random; i++)
    snprintf(token + 4 + 2 * i, 3, "%02x", random[i]);
  config->token = strdup(token);
  return config->token != NULL;
}


static bool copy_config(sb_config *to, const sb_config *from) {
  *to = *from;
  to->database = copy(from->database);
  to->token = copy(from->token);
  to->read_only_token = copy(from->read_only_token);
  to->buckets = copy(from->buckets);
  return to->database && (to->token || make_token(to))
         && !to->read_only_token == !from->read_only_token
         && !to->buckets == !from->buckets;
}


static void free_config(sb_config *config) {
  free((char *)config->database);
  free((char *)config->token);
  free((char *)config->read_only_token);
  free((char *)config->buckets);
}


static char *credentials(const char *token) {
  sb_text text;
  if (!token) return NULL;
  sb_text_init(&text, 2 * strlen(token) + 16);
  sb_text_credentials(&text, token);
  return text.bytes;
}


/* Returns a listening socket; or -1 and a message. libmicrohttpd does not open
** it, so that the system's error reaches the user. */
static int listen_on(int64_t port, sb_text *error) {
  struct sockaddr_in address = {
    .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
  };
  int on = 1;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0
      && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0
      && bind(fd, (struct sockaddr *)&address, sizeof address) == 0
      && listen(fd, SOMAXCONN) == 0)
    return fd;
  sb_text_printf(error, "port %d: %s", (int)port, strerror(errno));
  if (fd >= 0) close(fd);
  return -1;
}


static unsigned port_of(int fd) {
  struct sockaddr_in address = {0};
  socklen_t size = sizeof address;
  if (getsockname(fd, (struct sockaddr *)&address, &size) != 0) return 0;
  return ntohs(address.sin_port);
}


/* Starts libmicrohttpd, which then closes the socket in any case. It uses poll
** and not epoll. With epoll, version 0.9.75 reads 128 events at a time; if it
** gets exactly 128, it waits for the next one before it handles any. With 128
** clients that all wait for their answers, it waits for ever. */
static struct MHD_Daemon *start_daemon(sb_server *server, int fd) {
  return MHD_start_daemon(
    MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
    sb_request_handle, server,
    MHD_OPTION_LISTEN_SOCKET, fd,
    MHD_OPTION_URI_LOG_CALLBACK, sb_request_begin, server,
    MHD_OPTION_NOTIFY_COMPLETED, sb_request_end, server,
    MHD_OPTION_NOTIFY_CONNECTION, sb_connection_change, server,
    MHD_OPTION_CONNECTION_LIMIT, (unsigned)MAX_CONNECTIONS,
    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
    MHD_OPTION_END);
}


static bool open_store(sb_server *server, sb_text *error) {
  const sb_config *config = &server->config;
  server->store = sb_store_open(config->database, error);
  if (!server->store) return false;
  /* The update indexes rows that were imported, or that a lag still hid. */
  if (sb_seed(server->store, config->seed) == 0
      && sb_search_index_update(server->store) == 0
      && sb_lag_begin(server->store, config->lag) == 0)
    return true;
  sqlite3 *db = sb_store_db(server->store);
  sb_text_printf(error, "%s: %s", config->database,
                 sqlite3_errcode(db) != SQLITE_OK ? sqlite3_errmsg(db)
                   : "its index cannot be written: the file is damaged, or the"
                     " disk is full");
  return false;
}


static bool start_threads(sb_server *server, sb_text *error) {
  int fd = listen_on(server->config.port, error);
  if (fd < 0) return false;
  server->port = port_of(fd);
  server->waiters = sb_waiters_new();
  if (server->waiters) server->daemon = start_daemon(server, fd);
  else close(fd);
  if (server->daemon) return true;
  sb_text_puts(error, "the server could not be started");
  return false;
}


/* Writes the address beside a database file, for processes that join. */
static bool publish(sb_server *server, sb_text *error) {
  sb_claim *claim = sb_store_claim(server->store);
  sb_address address;
  if (!claim) return true;
  snprintf(address.url, sizeof address.url, "http://127.0.0.1:%u",
           server->port);
  snprintf(address.token, sizeof address.token, "%s", server->config.token);
  snprintf(address.estate, sizeof address.estate, "%s",
           sb_store_estate(server->store));
  if (sb_claim_publish(claim, &address) == 0) return true;
  sb_text_printf(error, "%s.server: %s", server->config.database,
                 strerror(errno));
  return false;
}


static bool start(sb_server *server, const sb_config *config, sb_text *error) {
  if (!copy_config(&server->config, config)) return false;
  server->owner = credentials(server->config.token);
  server->reader = credentials(server->config.read_only_token);
  server->snapshots = sb_snapshots_new();
  server->log = sb_log_new((size_t)config->keep_requests);
  server->faults = sb_faults_new();
  if (!server->owner || !server->reader != !config->read_only_token
      || !server->snapshots || !server->log || !server->faults)
    return false;
  return open_store(server, error) && start_threads(server, error)
         && publish(server, error);
}


/* Blocks signals while it makes the threads, which inherit the mask: only the
** program's own threads shall get signals. */
sb_server *sb_server_start(const sb_config *config, sb_text *error) {
  sb_server *server = calloc(1, sizeof *server);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = server && start(server, config, error);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (started) return server;
  if (error->length == 0) sb_text_puts(error, "out of memory");
  sb_server_stop(server);
  return NULL;
}


/* Releases waiting connections first: libmicrohttpd must not stop while it has
** a suspended connection. */
void sb_server_stop(sb_server *server) {
  if (!server) return;
  if (server->store) sb_claim_withdraw(sb_store_claim(server->store));
  if (server->waiters) sb_waiters_close(server->waiters);
  if (server->daemon) MHD_stop_daemon(server->daemon);
  sb_waiters_free(server->waiters);
  sb_snapshots_free(server->snapshots);
  sb_store_close(server->store);
  sb_log_free(server->log);
  sb_faults_free(server->faults);
  free(server->owner);
  free(server->reader);
  free_config(&server->config);
  free(server);
}


const char *sb_server_token(const sb_server *server) {
  return server->config.token;
}


const char *sb_server_estate(const sb_server *server) {
  return sb_store_estate(server->store);
}


bool sb_server_wait_alone(sb_server *server) {
  sb_claim *claim = sb_store_claim(server->store);
  return !claim || sb_claim_wait_alone(claim);
}


unsigned sb_server_port(const sb_server *server) {
  return server->port;
}


sb_faults *sb_server_faults(sb_server *server) {
  return server->faults;
}


sb_log *sb_server_log(sb_server *server) {
  return server->log;
}


sb_stats sb_server_stats(const sb_server *server) {
  return (sb_stats){
    atomic_load(&server->requests), atomic_load(&server->connections),
    atomic_load(&server->open_connections), atomic_load(&server->in_flight),
    atomic_load(&server->max_in_flight),
  };
}


void sb_server_clear(sb_server *server) {
  sb_faults_clear(server->faults);
  sb_waiters_release(server->waiters);
  sb_log_clear(server->log);
  atomic_store(&server->requests, 0);
  atomic_store(&server->connections, 0);
  atomic_store(&server->max_in_flight, atomic_load(&server->in_flight));
}
