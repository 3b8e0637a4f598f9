/* A server that does of S3 only what costs the client time, so that a race shows the clients and not the server.
 *
 *   cc -O2 -pthread s3-sink.c -o sink [-DTLS -lssl -lcrypto]
 *   sink PORT [-n KEYS] [-l LATENCY_MS] [-c CERT.pem -k KEY.pem]
 *
 * Uploads are read and forgotten. An object `…big-SIZE` has that size, any other 4096 bytes; its content is a block of
 * one MiB over and over. `?list-type=2` lists KEYS objects f00000000 … below any prefix, a thousand a page. Every answer
 * waits LATENCY_MS first. One thread a connection. It prints its address when it listens. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef TLS
#include <openssl/ssl.h>
static SSL_CTX *tls;
#endif

enum { BLOCK = 1 << 20, HEAD_MOST = 1 << 16, SMALL = 4096, PAGE = 1000 };

static long keys = 5000, latency_ms = 0;
static char *block;
static int content; /* a file in memory of many blocks, for sendfile */
static const long content_size = 64L << 20;

typedef struct {
  int fd;
#ifdef TLS
  SSL *ssl;
#endif
  char *in;
  size_t have;
} Connection;

static ssize_t receive(Connection *c, char *to, size_t most) {
#ifdef TLS
  if (c->ssl) return SSL_read(c->ssl, to, (int)(most > BLOCK ? BLOCK : most));
#endif
  ssize_t got;
  do got = recv(c->fd, to, most, 0);
  while (got < 0 && errno == EINTR);
  return got;
}

static int transmit(Connection *c, const char *from, size_t left) {
  while (left > 0) {
    ssize_t sent;
#ifdef TLS
    if (c->ssl) sent = SSL_write(c->ssl, from, (int)(left > BLOCK ? BLOCK : left));
    else
#endif
      sent = send(c->fd, from, left, MSG_NOSIGNAL);
    if (sent <= 0) {
      if (errno == EINTR) continue;
      return 0;
    }
    from += sent;
    left -= (size_t)sent;
  }
  return 1;
}

/* The value of a header, or 0. */
static const char *header(const char *head, const char *name) {
  size_t length = strlen(name);
  for (const char *line = strstr(head, "\r\n"); line; line = strstr(line + 2, "\r\n"))
    if (!strncasecmp(line + 2, name, length) && line[2 + length] == ':') {
      line += 3 + length;
      while (*line == ' ') line++;
      return line;
    }
  return 0;
}

static int asks(const char *query, const char *name) {
  size_t length = strlen(name);
  for (const char *at = query; at && *at; at = strchr(at, '&') ? strchr(at, '&') + 1 : 0)
    if (!strncmp(at, name, length) && (at[length] == '=' || at[length] == '&' || !at[length])) return 1;
  return 0;
}

static void parameter(const char *query, const char *name, char *value, size_t most) {
  size_t length = strlen(name), filled = 0;
  *value = 0;
  for (const char *at = query; at && *at; at = strchr(at, '&') ? strchr(at, '&') + 1 : 0) {
    if (strncmp(at, name, length) || at[length] != '=') continue;
    for (at += length + 1; *at && *at != '&' && filled + 1 < most; at++) {
      unsigned code;
      if (*at == '%' && sscanf(at + 1, "%2x", &code) == 1) value[filled++] = (char)code, at += 2;
      else value[filled++] = *at;
    }
    value[filled] = 0;
    return;
  }
}

/* Reads and forgets a body: so many bytes, or in chunks where `length` is negative. */
static int swallow(Connection *c, long length) {
  static __thread char *rest;
  if (!rest) rest = malloc(BLOCK);
  while (length > 0) {
    size_t taken = c->have < (size_t)length ? c->have : (size_t)length;
    if (taken > 0) {
      memmove(c->in, c->in + taken, c->have - taken);
      c->have -= taken;
      length -= (long)taken;
      continue;
    }
    ssize_t got;
#ifdef TLS
    if (c->ssl) got = receive(c, rest, length < BLOCK ? (size_t)length : BLOCK);
    else
#endif
      got = recv(c->fd, rest, length < BLOCK ? (size_t)length : BLOCK, MSG_TRUNC);
    if (got <= 0) return 0;
    length -= got;
  }
  if (length == 0) return 1;
  for (;;) { /* chunked: a length in hex, the bytes, an empty line; the last has none, and trailers may follow it */
    char *end;
    while (!(c->in[c->have] = 0, end = memmem(c->in, c->have, "\r\n", 2))) {
      ssize_t got = receive(c, c->in + c->have, HEAD_MOST - c->have);
      if (got <= 0) return 0;
      c->have += (size_t)got;
    }
    long size = strtol(c->in, 0, 16);
    size_t line = (size_t)(end - c->in) + 2;
    memmove(c->in, c->in + line, c->have - line);
    c->have -= line;
    if (size > 0) {
      if (!swallow(c, size + 2)) return 0;
      continue;
    }
    while (!(c->in[c->have] = 0, memmem(c->in, c->have, "\r\n", 2))) {
      ssize_t got = receive(c, c->in + c->have, HEAD_MOST - c->have);
      if (got <= 0) return 0;
      c->have += (size_t)got;
    }
    c->have = 0;
    return 1;
  }
}

/* CRC-64/NVME of so many bytes of content, eight at a time; remembered for the last size. */
static uint64_t checksum_of(long size) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static uint64_t table[8][256], known;
  static long known_size = -1;
  pthread_mutex_lock(&lock);
  if (!table[0][1]) {
    for (int i = 0; i < 256; i++) {
      uint64_t crc = (uint64_t)i;
      for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x9a6c9329ac4bc9b5ULL : 0);
      table[0][i] = crc;
    }
    for (int t = 1; t < 8; t++)
      for (int i = 0; i < 256; i++) table[t][i] = table[0][table[t - 1][i] & 255] ^ table[t - 1][i] >> 8;
  }
  if (known_size != size) {
    uint64_t crc = ~0ULL;
    for (long at = 0; at < size;) {
      const unsigned char *p = (const unsigned char *)block + at % BLOCK;
      if (size - at >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        word ^= crc;
        crc = 0;
        for (int t = 0; t < 8; t++) crc ^= table[7 - t][word >> 8 * t & 255];
        at += 8;
      } else crc = table[0][(crc ^ *p) & 255] ^ crc >> 8, at++;
    }
    known = ~crc;
    known_size = size;
  }
  pthread_mutex_unlock(&lock);
  return known;
}

static void base64(uint64_t number, char *text) {
  const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  unsigned char bytes[9] = {0};
  for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(number >> (56 - 8 * i));
  for (int i = 0; i < 3; i++) {
    unsigned long three = (unsigned long)bytes[3 * i] << 16 | bytes[3 * i + 1] << 8 | bytes[3 * i + 2];
    for (int j = 0; j < 4; j++) text[4 * i + j] = letters[three >> (18 - 6 * j) & 63];
  }
  text[11] = '=';
  text[12] = 0;
}

static long size_of(const char *key) {
  const char *big = strstr(key, "big-");
  return big ? atol(big + 4) : SMALL;
}

static int answer(Connection *c, const char *status, const char *more, const char *body) {
  char head[2048];
  int length = snprintf(head, sizeof head, "HTTP/1.1 %s\r\nServer: sink\r\nx-amz-request-id: 1\r\n%sContent-Length: %zu\r\n\r\n%s",
                        status, more, strlen(body), body);
  return transmit(c, head, (size_t)length);
}

static int object(Connection *c, const char *key, const char *range, int with_body, int tells_checksum) {
  long size = size_of(key), from = 0, to = size - 1;
  int part = range && sscanf(range, "bytes=%ld-%ld", &from, &to) >= 1;
  if (to >= size) to = size - 1;
  char more[512], checksum[16];
  int length = snprintf(more, sizeof more, "HTTP/1.1 %s\r\nETag: \"%032lx-1\"\r\nLast-Modified: Wed, 01 Jan 2020 00:00:00 GMT\r\nAccept-Ranges: bytes\r\n"
                        "Content-Type: binary/octet-stream\r\nContent-Length: %ld\r\n", part ? "206 Partial Content" : "200 OK", size, to - from + 1);
  if (part) length += snprintf(more + length, sizeof more - (size_t)length, "Content-Range: bytes %ld-%ld/%ld\r\n", from, to, size);
  else if (tells_checksum) {
    base64(checksum_of(size), checksum);
    length += snprintf(more + length, sizeof more - (size_t)length, "x-amz-checksum-crc64nvme: %s\r\nx-amz-checksum-type: FULL_OBJECT\r\n", checksum);
  }
  length += snprintf(more + length, sizeof more - (size_t)length, "\r\n");
  long left = to - from + 1;
  if (with_body && left <= SMALL && from % BLOCK + left <= BLOCK) {
    char whole[512 + SMALL];
    memcpy(whole, more, (size_t)length);
    memcpy(whole + length, block + from % BLOCK, (size_t)left);
    return transmit(c, whole, (size_t)(length + left));
  }
  if (!transmit(c, more, (size_t)length)) return 0;
  while (with_body && left > 0) {
    long at = from % BLOCK;
    long some = BLOCK - at < left ? BLOCK - at : left;
#ifdef TLS
    if (c->ssl) {
      if (!transmit(c, block + at, (size_t)some)) return 0;
    } else
#endif
    {
      off_t offset = from % content_size;
      long run = content_size - offset < left ? content_size - offset : left;
      ssize_t sent = sendfile(c->fd, content, &offset, (size_t)run);
      if (sent <= 0) return 0;
      some = sent;
    }
    from += some;
    left -= some;
  }
  return 1;
}

static int listing(Connection *c, const char *query) {
  char prefix[1024], token[64], most[16], *body = malloc(PAGE * 320 + 4096);
  parameter(query, "prefix", prefix, sizeof prefix);
  parameter(query, "continuation-token", token, sizeof token);
  parameter(query, "max-keys", most, sizeof most);
  long first = atol(token), count = *most ? atol(most) : PAGE;
  if (count > PAGE) count = PAGE;
  if (count > keys - first) count = keys - first;
  long at = sprintf(body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name>"
                    "<Prefix>%s</Prefix><MaxKeys>%d</MaxKeys><EncodingType>url</EncodingType><KeyCount>%ld</KeyCount>", prefix, PAGE, count);
  if (first + count < keys) at += sprintf(body + at, "<IsTruncated>true</IsTruncated><NextContinuationToken>%ld</NextContinuationToken>", first + count);
  else at += sprintf(body + at, "<IsTruncated>false</IsTruncated>");
  for (long i = first; i < first + count; i++)
    at += sprintf(body + at, "<Contents><Key>%sf%08ld</Key><LastModified>2049-01-01T00:00:00.000Z</LastModified><ETag>&quot;%032lx-1&quot;</ETag>"
                  "<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><Size>%d</Size><StorageClass>STANDARD</StorageClass></Contents>", prefix, i, i, SMALL);
  at += sprintf(body + at, "</ListBucketResult>");
  char head[256];
  int length = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: %ld\r\n\r\n", at);
  int sent = transmit(c, head, (size_t)length) && transmit(c, body, (size_t)at);
  free(body);
  return sent;
}

static int respond(Connection *c, char *head) {
  char method[16], target[8192];
  if (sscanf(head, "%15s %8191s", method, target) != 2) return 0;
  char *query = strchr(target, '?');
  if (query) *query++ = 0;
  else query = "";
  const char *length = header(head, "content-length"), *coding = header(head, "transfer-encoding"), *expect = header(head, "expect");
  const char *range = header(head, "range");
  int tells = header(head, "x-amz-checksum-mode") != 0;
  if (expect && !strncasecmp(expect, "100-continue", 12) && !transmit(c, "HTTP/1.1 100 Continue\r\n\r\n", 25)) return 0;
  int chunked = coding && !strncasecmp(coding, "chunked", 7);
  if ((length || chunked) && !swallow(c, chunked ? -1 : atol(length))) return 0;
  if (latency_ms > 0) nanosleep(&(struct timespec){latency_ms / 1000, latency_ms % 1000 * 1000000}, 0);

  if (!strcmp(method, "POST") && asks(query, "uploads"))
    return answer(c, "200 OK", "Content-Type: application/xml\r\n",
                  "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>U</UploadId></InitiateMultipartUploadResult>");
  if (!strcmp(method, "POST"))
    return answer(c, "200 OK", "Content-Type: application/xml\r\n",
                  "<CompleteMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><ETag>\"e-1\"</ETag></CompleteMultipartUploadResult>");
  if (!strcmp(method, "PUT")) return answer(c, "200 OK", "ETag: \"9e107d9d372bb6826bd81d3542a419d6-1\"\r\n", "");
  if (!strcmp(method, "DELETE")) return transmit(c, "HTTP/1.1 204 No Content\r\nx-amz-request-id: 1\r\n\r\n", 48);
  if (asks(query, "list-type")) return listing(c, query);
  return object(c, target, range, !strcmp(method, "GET"), tells);
}

static void *serve(void *given) {
  Connection c = {.fd = (int)(intptr_t)given, .in = malloc(HEAD_MOST + 1)};
  setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
#ifdef TLS
  if (tls) {
    c.ssl = SSL_new(tls);
    SSL_set_fd(c.ssl, c.fd);
    if (SSL_accept(c.ssl) != 1) goto end;
  }
#endif
  for (;;) {
    char *end;
    while (!(c.in[c.have] = 0, end = memmem(c.in, c.have, "\r\n\r\n", 4))) {
      if (c.have == HEAD_MOST) goto end;
      ssize_t got = receive(&c, c.in + c.have, HEAD_MOST - c.have);
      if (got <= 0) goto end;
      c.have += (size_t)got;
    }
    size_t length = (size_t)(end - c.in) + 4;
    char *head = strndup(c.in, length - 2);
    memmove(c.in, c.in + length, c.have - length);
    c.have -= length;
    int goes_on = respond(&c, head);
    free(head);
    if (!goes_on) break;
  }
end:
#ifdef TLS
  if (c.ssl) SSL_free(c.ssl);
#endif
  free(c.in);
  close(c.fd);
  return 0;
}

int main(int count, char **words) {
  const char *certificate = 0, *key = 0;
  for (int i = 2; i + 1 < count; i += 2) {
    if (!strcmp(words[i], "-n")) keys = atol(words[i + 1]);
    else if (!strcmp(words[i], "-l")) latency_ms = atol(words[i + 1]);
    else if (!strcmp(words[i], "-c")) certificate = words[i + 1];
    else if (!strcmp(words[i], "-k")) key = words[i + 1];
  }
  signal(SIGPIPE, SIG_IGN);
  block = malloc(BLOCK);
  uint32_t seed = 2463534242u;
  for (int i = 0; i < BLOCK; i++) seed ^= seed << 13, seed ^= seed >> 17, seed ^= seed << 5, block[i] = (char)seed;
  content = memfd_create("content", 0);
  for (long at = 0; at < content_size; at += BLOCK)
    if (write(content, block, BLOCK) != BLOCK) return 1;
#ifdef TLS
  if (certificate && key) {
    tls = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(tls, certificate) != 1 || SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1) return 1;
  }
#else
  if (certificate || key) return fprintf(stderr, "built without TLS\n"), 1;
#endif
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)(count > 1 ? atoi(words[1]) : 0)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096) || getsockname(listener, (struct sockaddr *)&address, &size))
    return perror("listen"), 1;
  printf("%s://127.0.0.1:%d\n", certificate ? "https" : "http", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    int fd = accept(listener, 0, 0);
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 256 << 10);
    if (fd >= 0 && pthread_create(&thread, &attributes, serve, (void *)(intptr_t)fd)) close(fd);
  }
}
