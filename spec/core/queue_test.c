/*
** src/core/queue.c: order, and removal at either end and in the middle.
*/
#include "core/queue.h"

#include "check.h"

static co_transfer a, b, c;


/* The queue from first to last and back, as numbers: 1 is a, 2 is b, … */
static int digit(const co_transfer *t) {
  return t == &a ? 1 : t == &b ? 2 : t == &c ? 3 : 9;
}


static int forwards(const co_queue *queue) {
  int number = 0;
  for (const co_transfer *t = queue->first; t != NULL; t = t->next)
    number = number * 10 + digit(t);
  return number;
}


static int backwards(const co_queue *queue) {
  int number = 0;
  for (const co_transfer *t = queue->last; t != NULL; t = t->previous)
    number = number * 10 + digit(t);
  return number;
}


static co_queue filled(void) {
  co_queue queue = {0};
  co_queue_add(&queue, &a);
  co_queue_add(&queue, &b);
  co_queue_add(&queue, &c);
  return queue;
}


static void test_order(void) {
  co_queue queue = filled();
  CHECK(forwards(&queue) == 123);
  CHECK(backwards(&queue) == 321);
}


static void test_remove(void) {
  static const struct { co_transfer *gone; int left, right; } rows[] = {
    {&a, 23, 32}, {&b, 13, 31}, {&c, 12, 21}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    co_queue queue = filled();
    co_queue_remove(&queue, rows[i].gone);
    CHECK(forwards(&queue) == rows[i].left);
    CHECK(backwards(&queue) == rows[i].right);
    CHECK(rows[i].gone->next == NULL && rows[i].gone->previous == NULL);
  }
}


static void test_empty(void) {
  co_queue queue = {0};
  co_queue_add(&queue, &a);
  co_queue_remove(&queue, &a);
  CHECK(queue.first == NULL && queue.last == NULL);
  co_queue_add(&queue, &b);
  CHECK(forwards(&queue) == 2 && backwards(&queue) == 2);
}


int main(void) {
  test_order();
  test_remove();
  test_empty();
  return check_report();
}
