/*
** Writes a gzip stream that expands to many zero bytes, bit by bit (RFC 1951):
** one block of fixed codes, a zero byte, then many times "258 bytes from 1
** back".
*/
#include "sandbox/http/gzip.h"

typedef struct bits {
  sb_text *out;
  unsigned pending;
  int count;
} bits;


/* Writes a value, the lowest bit first. */
static void put_bits(bits *to, unsigned value, int count) {
  for (int i = 0; i < count; i++) {
    to->pending |= (value >> i & 1u) << to->count;
    if (++to->count < 8) continue;
    unsigned char byte = (unsigned char)to->pending;
    sb_text_add(to->out, &byte, 1);
    to->pending = 0;
    to->count = 0;
  }
}


/* Writes a Huffman code, the highest bit first. */
static void put_code(bits *to, unsigned code, int count) {
  for (int i = count - 1; i >= 0; i--) put_bits(to, code >> i & 1u, 1);
}


void sb_gzip_bomb(sb_text *out, size_t expanded) {
  static const unsigned char header[] = {31, 139, 8, 0, 0, 0, 0, 0, 0, 255};
  static const unsigned char trailer[8] = {0};
  bits to = {out, 0, 0};
  sb_text_add(out, header, sizeof header);
  put_bits(&to, 1, 1);              /* the last block */
  put_bits(&to, 1, 2);              /* of fixed codes */
  put_code(&to, 0x30, 8);      /* the literal 0 */
  for (size_t made = 1; made < expanded; made += 258) {
    put_code(&to, 0xC5, 8);    /* length 258 */
    put_code(&to, 0, 5);       /* distance 1 */
  }
  put_code(&to, 0, 7);         /* the end of the block */
  put_bits(&to, 0, 7);
  sb_text_add(out, trailer, sizeof trailer);
}
