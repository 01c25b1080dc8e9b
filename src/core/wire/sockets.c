/*
** Keeps one byte of marks for each descriptor: how the poll set watches it. So
** only changes cost a system call.
*/
#include "core/wire/sockets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* IN, OUT: watched for reading, writing. RESTING: watched, but libcurl wants no
** report. OURS: opened by on_open, so that on_close will report its end; other
** sockets of libcurl never rest. */
enum { IN = 1, OUT = 2, RESTING = 4, OURS = 8 };

enum { FIRST_ROOM = 64, MOST = 64 * 1024 };


void co_sockets_init(co_sockets *sockets, const co_pollset *set) {
  *sockets = (co_sockets){.set = set};
}


void co_sockets_free(co_sockets *sockets) {
  free(sockets->marks);
  co_sockets_init(sockets, sockets->set);
}


static bool make_room(co_sockets *sockets, int fd) {
  int room = sockets->room == 0 ? FIRST_ROOM : sockets->room;
  while (room <= fd) room *= 2;
  uint8_t *marks = realloc(sockets->marks, (size_t)room);
  if (marks == NULL) return false;
  memset(marks + sockets->room, 0, (size_t)(room - sockets->room));
  sockets->marks = marks;
  sockets->room = room;
  return true;
}


/* The marks of a descriptor; NULL if memory is out or the number too high. The
** poll set is then called each time. */
static uint8_t *mark_of(co_sockets *sockets, int fd) {
  if (fd < 0 || fd >= MOST) return NULL;
  if (fd >= sockets->room && !make_room(sockets, fd)) return NULL;
  return &sockets->marks[fd];
}


static void watch(co_sockets *sockets, int fd, bool in, bool out) {
  uint8_t *mark = mark_of(sockets, fd);
  int has = mark == NULL ? -1 : *mark & (IN | OUT);
  int wanted = (in ? IN : 0) | (out ? OUT : 0);
  if (has != wanted) co_pollset_watch(sockets->set, fd, in, out, has != 0);
  if (mark != NULL) *mark = (uint8_t)((*mark & OURS) | wanted);
}


static void set_resting(co_sockets *sockets, int fd) {
  uint8_t *mark = mark_of(sockets, fd);
  if (mark != NULL && (*mark & OURS)) *mark |= RESTING;
  else watch(sockets, fd, false, false);
}


bool co_sockets_at_rest(co_sockets *sockets, int fd) {
  const uint8_t *mark = mark_of(sockets, fd);
  if (mark == NULL || !(*mark & RESTING)) return false;
  watch(sockets, fd, false, false);
  return true;
}


void co_sockets_silence(co_sockets *sockets) {
  for (int fd = 0; fd < sockets->room; fd++)
    if (sockets->marks[fd] & RESTING) watch(sockets, fd, false, false);
}


/* Called by libcurl ------------------------------------------------------ */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data,
                     void *known) {
  co_sockets *sockets = data;
  (void)easy;
  (void)known;
  if (what == CURL_POLL_REMOVE) set_resting(sockets, fd);
  else watch(sockets, fd, (what & CURL_POLL_IN) != 0,
            (what & CURL_POLL_OUT) != 0);
  return 0;
}


static curl_socket_t on_open(void *data, curlsocktype purpose,
                             struct curl_sockaddr *address) {
  co_sockets *sockets = data;
  (void)purpose;
  int fd = socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
  uint8_t *mark = mark_of(sockets, fd);
  if (mark != NULL) *mark = OURS;
  return fd;
}


/* Removes the socket from the poll set before closing it: a child of fork() may
** still have it open, and the kernel would keep it in the set. */
static int on_close(void *data, curl_socket_t fd) {
  co_sockets *sockets = data;
  uint8_t *mark = mark_of(sockets, fd);
  if (mark == NULL || (*mark & (IN | OUT))) watch(sockets, fd, false, false);
  if (mark != NULL) *mark = 0;
  return close(fd);
}


void co_sockets_follow_multi(co_sockets *sockets, CURLM *multi) {
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, sockets);
}


void co_sockets_follow_easy(co_sockets *sockets, CURL *easy) {
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, sockets);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, sockets);
}
