/*
** The monotonic clock of this library: seconds as a double. All times that
** core files exchange are of this clock; the pure ones (limiter, retry,
** schedule) are given the time and never read it.
*/
#ifndef CO_CLOCK_H
#define CO_CLOCK_H

double co_clock_now(void);

#endif
