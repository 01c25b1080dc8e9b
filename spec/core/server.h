/*
** A server on loopback for the C tests, in the test's own thread. Each call of
** server_serve accepts, reads and answers what has arrived, and never waits.
** Only requests without a body.
*/
#ifndef SERVER_H
#define SERVER_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SERVER_CONNECTIONS = 32 };

typedef struct server {
  int listener, port;
  const char *answer;  /* to every request; NULL: none yet */
  int requests, connections;
  char seen[4096];     /* the last request */
  size_t length;
  int open[SERVER_CONNECTIONS];
} server;


static inline server server_open(const char *answer) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t size = sizeof address;
  server s = {.answer = answer};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  s.listener = socket(AF_INET, SOCK_STREAM, 0);
  bind(s.listener, (struct sockaddr *)&address, size);
  listen(s.listener, SERVER_CONNECTIONS);
  fcntl(s.listener, F_SETFL, O_NONBLOCK);
  getsockname(s.listener, (struct sockaddr *)&address, &size);
  s.port = ntohs(address.sin_port);
  return s;
}


static inline void server_accept(server *s) {
  int fd;
  while ((fd = accept(s->listener, NULL, NULL)) >= 0)
    s->open[s->connections++ % SERVER_CONNECTIONS] = fd;
}


static inline void server_serve(server *s) {
  server_accept(s);
  for (int i = 0; i < SERVER_CONNECTIONS && s->answer != NULL; i++) {
    if (s->open[i] == 0) continue;
    ssize_t n = recv(s->open[i], s->seen, sizeof s->seen - 1, MSG_DONTWAIT);
    if (n <= 0) continue;
    s->seen[n] = '\0';
    s->requests++;
    send(s->open[i], s->answer, strlen(s->answer), MSG_NOSIGNAL);
    if (strstr(s->answer, "Connection: close") == NULL) continue;
    close(s->open[i]);
    s->open[i] = 0;
  }
}


static inline void server_close(server *s) {
  for (int i = 0; i < SERVER_CONNECTIONS; i++)
    if (s->open[i] != 0) close(s->open[i]);
  close(s->listener);
}

#endif
