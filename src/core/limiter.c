/*
** Additive growth, multiplicative decrease; pacing; the repeat budget.
*/
#include "core/limiter.h"

#include <math.h>

/* Low enough to be polite at first contact, high enough that growth to a
** usual `jobs` costs little more than one round trip. */
static const double first_window = 8;

/* One repeat is earned by five successes; a full budget rides out a burst,
** an empty one means that most of what is sent fails. */
static const double budget_full = 100;
static const double budget_earned = 0.2;

/* A server's slip of the pen must not close a client for years. */
static const double longest_hold = 3600;


void co_limiter_init(co_limiter *limiter, int jobs, double rate) {
  *limiter = (co_limiter){
    .jobs = jobs, .window = fmin(first_window, jobs), .calm = jobs,
    .full_at = -INFINITY, .cut_at = -INFINITY, .held_until = -INFINITY,
    .rate = rate,
    .next_start = -INFINITY, .budget = budget_full
  };
}


double co_limiter_delay(const co_limiter *limiter, double now) {
  if (limiter->in_flight >= (int)limiter->window) return -1;
  double from = fmax(limiter->held_until, limiter->next_start);
  return fmax(from - now, 0);
}


void co_limiter_start(co_limiter *limiter, double now) {
  limiter->in_flight++;
  if (limiter->in_flight >= (int)limiter->window) limiter->full_at = now;
  if (limiter->rate > 0)
    limiter->next_start = fmax(limiter->next_start, now) + 1 / limiter->rate;
}


/* Only those that were under way while all of the window was in use have
** proven that it may be wider. */
static void grow(co_limiter *limiter, double started) {
  if (started > limiter->full_at) return;
  double step = limiter->window < limiter->calm ? 1 : 1 / limiter->window;
  limiter->window = fmin(limiter->window + step, limiter->jobs);
}


/* All that were in flight at a halving report the same strain. */
static void cut(co_limiter *limiter, double started, double now) {
  if (started < limiter->cut_at) return;
  limiter->window = fmax(limiter->window / 2, 1);
  limiter->calm = limiter->window;
  limiter->cut_at = now;
}


void co_limiter_end(co_limiter *limiter, co_strain strain, double started,
                    double now) {
  limiter->in_flight--;
  if (strain == CO_STRAINED) cut(limiter, started, now);
  if (strain != CO_CALM) return;
  grow(limiter, started);
  limiter->budget = fmin(limiter->budget + budget_earned, budget_full);
}


void co_limiter_hold(co_limiter *limiter, double seconds, double now) {
  double until = now + fmin(seconds, longest_hold);
  limiter->held_until = fmax(limiter->held_until, until);
}


bool co_limiter_take_repeat(co_limiter *limiter) {
  if (limiter->budget < 1) return false;
  limiter->budget -= 1;
  return true;
}
