/*
** Additive growth and multiplicative decrease of the window; the pace from
** what got through between two push-backs; pauses; the repeat budget.
*/
#include "core/limiter.h"

#include <math.h>

/* The window at the start: low enough not to strain an unknown server, high
** enough that growth to a usual `jobs` costs about one round trip. */
static const double first_window = 8;

/* Successes before the window tries again to go above a refused level. */
static const double level_patience = 64;

/* The budget of repeats: five successes earn one repeat. A full budget lasts
** through a burst of failures; it is empty when most requests fail. */
static const double budget_full = 100;
static const double budget_earned = 0.2;

/* Seconds: the longest pause that a server's Retry-After can cause. */
static const double longest_hold = 3600;

/* Seconds: the first pause while no limit is known, and the longest pause
** without a Retry-After. */
static const double first_pause = 0.1, longest_pause = 20;

/* Requests a second: the slowest pace. */
static const double slowest = 0.05;

/* The pace starts at below_limit times a measured limit. Two limits are the
** same if they differ by less than the factor same_limit. A limit is forgotten
** when the pace gets to limit_gone times it. The others say how the pace grows
** near a limit and far from it. */
static const double below_limit = 0.95, same_limit = 2, limit_gone = 4;
static const double growth_slowest = 0.003, growth_fastest = 0.15;
static const double far_above = 1.5, far_below = 0.92;

/* Sizes of samples: successes between two push-backs. */
static const double tiny_sample = 5, small_sample = 20, large_sample = 50;

/* Factors of the pace after a push-back: soon after the last; with no success
** between; little above the limit; at the same level again. */
static const double refused_soon = 0.85, nothing_through = 0.7;
static const double crowd = 1.2, again_crowded = 1.5;

/* Seconds without a request under way after which a new sample begins. */
static const double idle_longest = 1;


void co_limiter_init(co_limiter *l, int jobs, double rate) {
  *l = (co_limiter){
    .jobs = jobs, .window = fmin(first_window, jobs), .calm = jobs,
    .patience = 1, .full_at = -INFINITY, .cut_at = -INFINITY,
    .rate = rate, .pace = INFINITY, .growth = growth_fastest,
    .next_start = -INFINITY,
    .pushed_at = -INFINITY, .sample_from = -INFINITY, .ended_at = -INFINITY,
    .held_from = -INFINITY, .held_until = -INFINITY,
    .budget = budget_full
  };
}


/* Starting --------------------------------------------------------------- */

/* Requests a second; INFINITY: no limit. */
static double allowed_rate(const co_limiter *l) {
  return fmin(l->rate > 0 ? l->rate : INFINITY, l->pace);
}


double co_limiter_delay(const co_limiter *l, double now) {
  if (l->in_flight >= (int)l->window) return -1;
  double from = fmax(l->held_until, l->next_start);
  return fmax(from - now, 0);
}


/* The window ------------------------------------------------------------- */

/* Grows the window for a success that was under way while the whole window
** was in use: only such a success shows that the window may be wider. */
static void grow_window(co_limiter *l, double started) {
  if (started > l->full_at) return;
  double step = l->window < l->calm ? 1 : 1 / fmax(l->patience, l->window);
  l->window = fmin(l->window + step, l->jobs);
}


/* Cuts the window once for all requests that were in flight at the last cut:
** they report the same strain. */
static void cut_window(co_limiter *l, double window, double patience,
                       double started, double now) {
  if (started < l->cut_at) return;
  l->window = l->calm = fmax(window, 1);
  l->patience = patience;
  l->cut_at = now;
}


/* The pace --------------------------------------------------------------- */

/* How much a success grows the pace: little near the limit, more farther away
** on either side. */
static double growth_now(const co_limiter *l) {
  double above = l->pace / (far_above * l->limit);
  double below = far_below * l->limit / l->pace;
  double distance = fmax(fmax(above, below), 1);
  return fmin(l->growth * pow(distance, 4), growth_fastest);
}


static void grow_pace(co_limiter *l) {
  if (isinf(l->pace)) return;
  l->pace *= 1 + growth_now(l);
  bool gone = l->pace > limit_gone * l->limit && l->through >= large_sample;
  if (gone) l->pace = INFINITY;
}


/* Sets the measured limit. If it is like the last one, the pace will grow more
** slowly. A small sample may be wrong: it moves the limit half way only. */
static void set_limit(co_limiter *l, double limit) {
  bool small = l->through < small_sample && l->limit > 0;
  bool known = limit < same_limit * l->limit && l->limit < same_limit * limit;
  l->growth = known ? fmax(l->growth / 2, growth_slowest)
                    : fmin(l->growth * 2, growth_fastest);
  l->pace = fmax(limit * below_limit, slowest);
  l->limit = fmax(small ? sqrt(limit * l->limit) : limit, slowest);
}


/* The limit that a push-back shows. `measured` requests a second got through
** since the last one, `active` if the pause is not counted. If there was no
** pace, or after a long pause (in which the server saved up a burst), the limit
** is the measured rate. Else it is near the pace that was refused; or, if the
** pace has just grown far, between that and the measured rate. */
static double limit_of(const co_limiter *l, double measured, double active) {
  bool paused = active > 2 * measured;
  if (isinf(l->pace) || (paused && l->through >= tiny_sample)) return measured;
  if (l->pace > far_above * l->limit)
    return fmax(measured, sqrt(active * l->pace));
  if (paused) return sqrt(measured * l->pace);
  double near = l->through < small_sample ? refused_soon * l->pace : l->pace;
  return fmax(measured, near);
}


static void cut_pace(co_limiter *l, double now) {
  double seconds = fmax(now - l->sample_from, 1e-6);
  double moving = fmax(now - fmax(l->sample_from, l->held_until), 1e-6);
  double limit = limit_of(l, l->through / seconds, l->through / moving);
  if (l->through == 0) l->pace = fmax(l->pace * nothing_through, slowest);
  else set_limit(l, fmin(limit, l->pace));
}


/* Begins a new sample after idle time, which says nothing about the limit. */
static void start_sample(co_limiter *l, double now) {
  l->sample_from = now;
  l->through = 0;
}


int co_limiter_start(co_limiter *l, double now) {
  double interval = 1 / allowed_rate(l);
  double idle = now - fmax(fmax(l->ended_at, l->next_start), l->held_until);
  if (l->in_flight == 0 && idle > idle_longest) start_sample(l, now);
  l->in_flight++;
  if (l->in_flight >= (int)l->window) l->full_at = now;
  if (interval > 0) l->next_start = fmax(l->next_start, now) + interval;
  return l->in_flight;
}


/* Pauses ----------------------------------------------------------------- */

void co_limiter_hold(co_limiter *l, double seconds, double now) {
  double until = now + fmin(seconds, longest_hold);
  if (now >= l->held_until) {
    l->held_before = co_limiter_held(l, now);
    l->held_from = l->held_until = now;
  }
  l->held_until = fmax(l->held_until, until);
}


double co_limiter_held(const co_limiter *l, double now) {
  if (isinf(l->held_from)) return 0;
  return l->held_before + fmin(now, l->held_until) - l->held_from;
}


/* The pause after a push-back without Retry-After: half an interval of the
** pace, doubled for each push-back since the last success, plus a random part
** of up to half of that. */
static double own_pause(const co_limiter *l, double random) {
  double base = fmin(0.5 / l->pace, first_pause);
  if (isinf(l->pace)) base = first_pause;
  double pause = fmin(ldexp(base, l->pushes), longest_pause);
  return pause * (1 + random / 2);
}


/* The pause after a push-back; never shorter than the server's `seconds`. */
static double pause_of(const co_limiter *l, double seconds, double random) {
  if (seconds <= 0) return own_pause(l, random);
  return seconds * (1 + random / 4);
}


/* Ends ------------------------------------------------------------------- */

static void count_success(co_limiter *l, double started, int level) {
  l->through++;
  l->total++;
  if (started >= l->pushed_at) l->pushes = 0;
  if (level > l->level) l->level = level;
  l->budget = fmin(l->budget + budget_earned, budget_full);
}


void co_limiter_end(co_limiter *l, co_strain strain, double started,
                    int level, double now) {
  l->in_flight--;
  l->ended_at = now;
  if (strain == CO_STRAINED)
    cut_window(l, l->window / 2, 1, started, now);
  if (strain != CO_CALM) return;
  count_success(l, started, level);
  grow_window(l, started);
  grow_pace(l);
}


/* Whether the server limits requests at once, not their rate: it refused one
** at a level that did not get through recently, although the pace is hardly
** above the limit. */
static bool is_crowded(const co_limiter *l, int level) {
  return level > 1 && level > l->level && level > l->level_before &&
         l->pace <= crowd * l->limit;
}


/* Cuts the window below a refused level. If the same level is refused twice,
** a limit of the rate is unlikely, so the pace may grow. */
static void leave_level(co_limiter *l, int level, double started, double now) {
  if (level - 1 == (int)l->calm) l->pace *= again_crowded;
  cut_window(l, level - 1, level_patience, started, now);
}


/* Counts one push-back for all requests that were in flight at the last. */
void co_limiter_push_back(co_limiter *l, double started, int level,
                          double seconds, double random, double now) {
  l->in_flight--;
  l->ended_at = now;
  bool same = started < l->pushed_at;
  if (same && seconds > 0) co_limiter_hold(l, seconds, now);
  if (same) return;
  if (is_crowded(l, level)) leave_level(l, level, started, now);
  else cut_pace(l, now);
  co_limiter_hold(l, pause_of(l, seconds, random), now);
  if (l->pushes == 0) l->pushed_since = now;
  if (l->through == 0) l->pushes++;
  l->pushed_at = now;
  l->level_before = l->level;
  l->level = 0;
  start_sample(l, now);
}


bool co_limiter_take_repeat(co_limiter *l) {
  if (l->budget < 1) return false;
  l->budget -= 1;
  return true;
}
