/*
** A server that answers each request after a given time, with fixed bytes: one
** thread, any number of connections.
**
**   slow MILLISECONDS GET_ANSWER PUT_ANSWER
**
** The answers are files; where they have an id of zeros, the id of the
** request's path takes its place. Prints the port it listens on.
*/
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, REQUEST_MAX = 8192, ANSWER_MAX = 4096, ID = 36 };

static const char zeros[] = "00000000-0000-0000-0000-000000000000";

typedef struct answer {
  char bytes[ANSWER_MAX];
  size_t length, id_at;
} answer;

/* The latency is the same for all, so the oldest request is due first. */
typedef struct connection {
  struct connection *next;
  double due;
  int fd;
  bool waiting, gone;
  size_t length;
  char request[REQUEST_MAX];
} connection;

static struct {
  connection *first, *last;
} queue;

static answer get_answer, put_answer;
static double latency;
static int poller;


static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}


static void die(const char *what) {
  perror(what);
  exit(1);
}


static void load(answer *to, const char *path) {
  char body[ANSWER_MAX / 2];
  FILE *file = fopen(path, "rb");
  if (file == NULL) die(path);
  size_t length = fread(body, 1, sizeof body - 1, file);
  fclose(file);
  body[length] = '\0';
  int total = snprintf(to->bytes, sizeof to->bytes,
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    "Content-Length: %zu\r\n\r\n%s", length, body);
  to->length = (size_t)total;
  const char *id = strstr(to->bytes, zeros);
  if (id == NULL) die("no id in the answer");
  to->id_at = (size_t)(id - to->bytes);
}


/* Bytes of the whole request, 0 while its head is not all there. */
static size_t request_length(const connection *c) {
  const char *end = strstr(c->request, "\r\n\r\n");
  if (end == NULL) return 0;
  const char *field = strcasestr(c->request, "\r\ncontent-length:");
  size_t head = (size_t)(end - c->request) + 4;
  if (field == NULL || field > end) return head;
  return head + strtoul(field + strlen("\r\ncontent-length:"), NULL, 10);
}


static void enqueue(connection *c) {
  c->due = now() + latency;
  c->waiting = true;
  c->next = NULL;
  if (queue.last != NULL) queue.last->next = c;
  else queue.first = c;
  queue.last = c;
}


static void drop(connection *c) {
  close(c->fd);
  free(c);
}


/* One that is still in the queue is dropped when its turn comes. */
static void leave(connection *c) {
  epoll_ctl(poller, EPOLL_CTL_DEL, c->fd, NULL);
  c->gone = true;
  if (!c->waiting) drop(c);
}


static void on_readable(connection *c) {
  size_t room = REQUEST_MAX - 1 - c->length;
  ssize_t n = recv(c->fd, c->request + c->length, room, MSG_DONTWAIT);
  if (n <= 0) {
    leave(c);
    return;
  }
  c->length += (size_t)n;
  c->request[c->length] = '\0';
  size_t whole = request_length(c);
  if (whole > 0 && c->length >= whole && !c->waiting) enqueue(c);
}


static void reply(connection *c) {
  answer *what = c->request[0] == 'P' ? &put_answer : &get_answer;
  const char *line_end = strstr(c->request, " HTTP/");
  if (line_end != NULL && line_end - c->request > ID)
    memcpy(what->bytes + what->id_at, line_end - ID, ID);
  c->length = 0;
  send(c->fd, what->bytes, what->length, MSG_NOSIGNAL);
}


static void reply_due(void) {
  while (queue.first != NULL && queue.first->due <= now()) {
    connection *c = queue.first;
    queue.first = c->next;
    if (queue.first == NULL) queue.last = NULL;
    c->waiting = false;
    if (c->gone) drop(c);
    else reply(c);
  }
}


static void on_arrival(int listener) {
  int one = 1;
  connection *c = calloc(1, sizeof *c);
  if (c == NULL) die("calloc");
  c->fd = accept(listener, NULL, NULL);
  if (c->fd < 0) die("accept");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
}


static int listen_somewhere(void) {
  struct sockaddr_in address = {
    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
  };
  socklen_t size = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr *)&address, size) != 0 ||
      listen(fd, SOMAXCONN) != 0 ||
      getsockname(fd, (struct sockaddr *)&address, &size) != 0)
    die("listen");
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  struct epoll_event event = {.events = EPOLLIN};
  epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
  return fd;
}


static int wait_for_events(struct epoll_event *events) {
  if (queue.first == NULL)
    return epoll_wait(poller, events, EVENTS, -1);
  double left = queue.first->due - now();
  if (left < 0) left = 0;
  struct timespec t = {
    .tv_sec = (time_t)left, .tv_nsec = (long)((left - (long)left) * 1e9)
  };
  return epoll_pwait2(poller, events, EVENTS, &t, NULL);
}


int main(int argc, char **argv) {
  if (argc != 4) return 2;
  latency = atof(argv[1]) / 1000;
  load(&get_answer, argv[2]);
  load(&put_answer, argv[3]);
  poller = epoll_create1(0);
  int listener = listen_somewhere();
  for (;;) {
    struct epoll_event events[EVENTS];
    int n = wait_for_events(events);
    for (int i = 0; i < n; i++) {
      if (events[i].data.ptr == NULL) on_arrival(listener);
      else on_readable(events[i].data.ptr);
    }
    reply_due();
  }
}
