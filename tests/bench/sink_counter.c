// SPDX-License-Identifier: Apache-2.0
//
// A sink that counts what comes and does nothing else, for tests/bench/run. Its count is in a file
// that others map, so that nobody has to ask it.
//
//   sink_counter stream COUNTER [TIMES]   a program for a stream sink; TIMES gets a line "ID NS"
//   for
//                                         each event, of CLOCK_MONOTONIC
//   sink_counter syslog COUNTER SOCKET    a daemon that binds SOCKET, for datagrams
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static volatile uint64_t* map_counter(const char* path) {
  const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0 || ftruncate(file, sizeof(uint64_t)) != 0) return NULL;
  void* const place = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return place == MAP_FAILED ? NULL : place;
}

static int note_time(FILE* times, const char* line) {
  static const char kId[] = "\"id\":\"";
  const char* const id = strstr(line, kId);
  struct timespec now;
  if (id == NULL || clock_gettime(CLOCK_MONOTONIC, &now) != 0) return -1;
  const char* const text = id + strlen(kId);
  fprintf(times, "%.*s %lld\n", (int)strcspn(text, "\""), text,
          (long long)now.tv_sec * 1000000000 + now.tv_nsec);
  return fflush(times);
}

static int serve_stream(volatile uint64_t* counter, const char* times_path) {
  FILE* const times = times_path == NULL ? NULL : fopen(times_path, "ae");
  if (times_path != NULL && times == NULL) return 73;
  char* line = NULL;
  size_t size = 0;
  puts("OK");
  fflush(stdout);
  while (getline(&line, &size, stdin) > 0) {
    if (times != NULL && note_time(times, line) != 0) return 65;
    *counter = *counter + 1;
    puts("OK");
    fflush(stdout);
  }
  free(line);
  return 0;
}

static int serve_syslog(volatile uint64_t* counter, const char* path) {
  static char datagram[1 << 16];
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return 64;
  strcpy(address.sun_path, path);
  const int end = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (end < 0 || bind(end, (const struct sockaddr*)&address, sizeof address) != 0) return 73;
  for (;;) {
    if (recv(end, datagram, sizeof datagram, 0) < 0) return 74;
    *counter = *counter + 1;
  }
}

int main(int count, char** arguments) {
  if (count < 3) return 64;
  volatile uint64_t* const counter = map_counter(arguments[2]);
  if (counter == NULL) return 73;
  if (strcmp(arguments[1], "syslog") == 0) {
    return count == 4 ? serve_syslog(counter, arguments[3]) : 64;
  }
  return serve_stream(counter, count > 3 ? arguments[3] : NULL);
}
