/*
** What pollset_kqueue.c uses of <sys/event.h>, as kqueue(2) of FreeBSD and
** macOS has it: enough for a compiler to check the file on Linux.
*/
#ifndef STUB_SYS_EVENT_H
#define STUB_SYS_EVENT_H

#include <stdint.h>
#include <time.h>

struct kevent {
  uintptr_t ident;
  short filter;
  unsigned short flags;
  unsigned int fflags;
  int64_t data;
  void *udata;
};

#define EVFILT_READ (-1)
#define EVFILT_WRITE (-2)
#define EVFILT_TIMER (-7)
#define EV_ADD 0x0001
#define EV_DELETE 0x0002
#define EV_EOF 0x8000
#define EV_ERROR 0x4000

#define EV_SET(event, a, b, c, d, e, f) \
  (*(event) = (struct kevent){(a), (b), (c), (d), (e), (f)})

int kqueue(void);
int kevent(int kq, const struct kevent *changes, int count,
           struct kevent *events, int room, const struct timespec *limit);

#endif
