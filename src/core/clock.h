/*
** The monotonic clock of this library: seconds as a double. All times that
** core files exchange are times of this clock. The pure files (limiter, retry,
** schedule) get the time as an argument and never read the clock.
*/
#ifndef CO_CLOCK_H
#define CO_CLOCK_H

double co_clock_now(void);

#endif
