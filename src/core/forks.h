/*
** Whether this process is a child of one that used the core: the engine tests
** it in each call, so the test costs no system call.
*/
#ifndef CO_FORKS_H
#define CO_FORKS_H

/* How many forks led to this process since the first call. The number never
** changes within a process. A child that was made without the handlers of
** pthread_atfork (vfork, a bare clone) is not noticed. */
int co_forks(void);

#endif
