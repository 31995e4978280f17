// SPDX-License-Identifier: Apache-2.0
//
// load_client PORT CONNECTIONS FILE: sends each request of FILE once, over so many connections to
// 127.0.0.1, and prints one line of JSON. FILE has before each request a line with its bytes. One
// connection after the other is made where the server or the request closes it, and its time
// counts.
//
// Unlike those that load for some seconds it knows at its end what the server has accepted.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { kMostResponse = 1 << 16, kMostConnections = 1024 };

struct request {
  const char* bytes;
  size_t size;
};

struct connection {
  int socket;
  bool reused;
  size_t request;  // which it sends
  size_t sent;
  size_t got;
  double begun;
  char response[kMostResponse];
};

static struct request* requests;
static size_t request_count;
static size_t next_request;
static size_t done;
static size_t refused;   // answers other than 200
static size_t broken;    // connections that ended too early
static size_t repeated;  // requests that met a server which closed the connection between two
static double* latencies;
static int poller;
static struct sockaddr_in server;

static void die(const char* what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void read_requests(const char* path) {
  FILE* const file = fopen(path, "rbe");
  struct stat state;
  if (file == NULL || fstat(fileno(file), &state) != 0) die(path);
  char* const bytes = malloc((size_t)state.st_size + 1);
  if (bytes == NULL || fread(bytes, 1, (size_t)state.st_size, file) != (size_t)state.st_size) {
    die(path);
  }
  fclose(file);
  bytes[state.st_size] = '\0';
  size_t room = 0;
  for (char* at = bytes; at < bytes + state.st_size;) {
    char* text = NULL;
    const size_t size = strtoul(at, &text, 10);
    if (request_count == room) {
      room = room == 0 ? 1024 : 2 * room;
      requests = realloc(requests, room * sizeof *requests);
      if (requests == NULL) die(path);
    }
    requests[request_count++] = (struct request){text + 1, size};
    at = text + 1 + size;
  }
  latencies = calloc(request_count + 1, sizeof *latencies);
  if (latencies == NULL) die(path);
}

static void watch(struct connection* one, int operation, unsigned events) {
  struct epoll_event event = {.events = events, .data.ptr = one};
  if (epoll_ctl(poller, operation, one->socket, &event) != 0) die("epoll_ctl");
}

static void disconnect(struct connection* one) {
  if (one->socket >= 0) close(one->socket);
  one->socket = -1;
}

static void send_rest(struct connection* one) {
  const struct request* const request = &requests[one->request];
  while (one->sent < request->size) {
    const ssize_t sent =
        send(one->socket, request->bytes + one->sent, request->size - one->sent, MSG_NOSIGNAL);
    if (sent < 0) {
      // What is wrong with the connection, reading tells.
      watch(one, EPOLL_CTL_MOD, errno == EAGAIN || errno == ENOTCONN ? EPOLLOUT : EPOLLIN);
      return;
    }
    one->sent += (size_t)sent;
  }
  watch(one, EPOLL_CTL_MOD, EPOLLIN);
}

static void begin(struct connection* one) {
  one->sent = 0;
  one->got = 0;
  one->reused = one->socket >= 0;
  if (one->socket < 0) {
    one->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int yes = 1;
    if (one->socket < 0) die("socket");
    setsockopt(one->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(one->socket, (struct sockaddr*)&server, sizeof server) != 0 &&
        errno != EINPROGRESS) {
      die("connect");
    }
    watch(one, EPOLL_CTL_ADD, EPOLLOUT);
    return;
  }
  send_rest(one);
}

static void begin_next(struct connection* one) {
  if (next_request == request_count) {
    disconnect(one);
    return;
  }
  one->request = next_request++;
  one->begun = now();
  begin(one);
}

static const char* header(const char* head, const char* name) {
  const size_t size = strlen(name);
  for (const char* line = strstr(head, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
    line += 2;
    if (strncasecmp(line, name, size) == 0 && line[size] == ':') {
      return line + size + 1 + strspn(line + size + 1, " ");
    }
  }
  return NULL;
}

// Whether the response is whole; `ended`: the server has closed the connection.
static bool is_whole(const struct connection* one, bool ended) {
  const char* const end = strstr(one->response, "\r\n\r\n");
  if (end == NULL) return false;
  const char* const length = header(one->response, "Content-Length");
  if (length == NULL) return ended;
  return one->got >= (size_t)(end + 4 - one->response) + strtoul(length, NULL, 10);
}

static void finish(struct connection* one, bool ended) {
  latencies[done++] = now() - one->begun;
  if (strncmp(one->response, "HTTP/1.1 200", 12) != 0) ++refused;
  const char* const what = header(one->response, "Connection");
  if (ended || (what != NULL && strncasecmp(what, "close", 5) == 0)) disconnect(one);
  begin_next(one);
}

static void receive(struct connection* one) {
  for (;;) {
    const size_t room = kMostResponse - 1 - one->got;
    const ssize_t got = recv(one->socket, one->response + one->got, room, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got > 0) {
      one->got += (size_t)got;
      one->response[one->got] = '\0';
      if (!is_whole(one, false)) continue;
      finish(one, false);
      return;
    }
    one->response[one->got] = '\0';
    if (got == 0 && is_whole(one, true)) {
      finish(one, true);
      return;
    }
    disconnect(one);
    if (one->reused && one->got == 0) {
      ++repeated;
      begin(one);
      return;
    }
    ++broken;
    ++done;
    begin_next(one);
    return;
  }
}

static int compare(const void* left, const void* right) {
  const double a = *(const double*)left;
  const double b = *(const double*)right;
  return a < b ? -1 : a > b;
}

int main(int count, char** arguments) {
  const int connections = count == 4 ? atoi(arguments[2]) : 0;
  if (connections < 1 || connections > kMostConnections) {
    fprintf(stderr, "usage: %s PORT CONNECTIONS FILE\n", arguments[0]);
    return 64;
  }
  read_requests(arguments[3]);
  server.sin_family = AF_INET;
  server.sin_port = htons((uint16_t)atoi(arguments[1]));
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  poller = epoll_create1(EPOLL_CLOEXEC);
  struct connection* const all = calloc((size_t)connections, sizeof *all);
  if (poller < 0 || all == NULL) die("epoll_create1");
  const double begun = now();
  for (int i = 0; i < connections; ++i) {
    all[i].socket = -1;
    begin_next(&all[i]);
  }
  while (done < request_count) {
    struct epoll_event events[64];
    const int ready = epoll_wait(poller, events, 64, 30000);
    if (ready == 0) {
      fprintf(stderr, "no answer for 30 s, %zu of %zu done\n", done, request_count);
      return 1;
    }
    for (int i = 0; i < ready; ++i) {
      struct connection* const one = events[i].data.ptr;
      if (events[i].events & EPOLLOUT) {
        send_rest(one);
      } else {
        receive(one);
      }
    }
  }
  const double seconds = now() - begun;
  qsort(latencies, done, sizeof *latencies, compare);
  printf(
      "{\"requests\":%zu,\"refused\":%zu,\"broken\":%zu,\"repeated\":%zu,\"seconds\":%.6f,"
      "\"p50_us\":%.1f,\"p99_us\":%.1f}\n",
      done, refused, broken, repeated, seconds, latencies[done / 2] * 1e6,
      latencies[done * 99 / 100] * 1e6);
  return 0;
}
