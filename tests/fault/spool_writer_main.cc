// SPDX-License-Identifier: Apache-2.0
//
// spool_writer SPOOL ACK_LOG THREADS SIZE PATIENCE_MS MIN_FREE FIRST_ID: a process with a spool, as
// httpd's children are. Each thread appends events of SIZE bytes, whose text begins with their id,
// waits for each at most PATIENCE_MS, and notes in ACK_LOG what came of it. Ends in good order when
// its standard input does.
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "lib/spool/spool_writer.h"
#include "tests/fault/ack_log.h"

namespace {

using plivo_dial::SpoolResult;
using plivo_dial::SpoolWriter;
using plivo_dial::test::Ack;
using plivo_dial::test::AckLog;
using plivo_dial::test::monotonic_ns;

struct Work {
  SpoolWriter& writer;
  AckLog& log;
  std::size_t size;
  std::chrono::milliseconds patience;
  std::atomic<std::uint64_t> next_id;
  std::atomic<bool> ends = false;
};

void append_for_ever(Work& work) {
  while (!work.ends) {
    Ack ack;
    ack.id = work.next_id++;
    std::string event = std::to_string(ack.id) + " ";
    event.resize(std::max(event.size(), work.size), '.');
    ack.begun_ns = monotonic_ns();
    const SpoolResult<void> stored =
        work.writer.append(event, std::chrono::steady_clock::now() + work.patience);
    ack.ended_ns = monotonic_ns();
    ack.accepted = stored.ok();
    if (!stored) ack.failure = stored.error().failure;
    work.log.add(ack);
    // As a client that comes back a little later.
    if (!stored) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    std::fprintf(stderr, "usage: %s SPOOL ACK_LOG THREADS SIZE PATIENCE_MS MIN_FREE FIRST_ID\n",
                 argv[0]);
    return 2;
  }
  const std::chrono::milliseconds patience(std::stoll(argv[5]));
  AckLog log(argv[2]);
  plivo_dial::Result<std::unique_ptr<SpoolWriter>> writer =
      SpoolWriter::open(argv[1], {.min_free = std::stoull(argv[6]), .sync_timeout = patience});
  if (!writer) {
    std::fprintf(stderr, "%s\n", writer.error().message.c_str());
    return 1;
  }
  Work work{**writer, log, std::stoul(argv[4]), patience, std::stoull(argv[7])};
  std::vector<std::thread> threads;
  for (int t = 0; t < std::stoi(argv[3]); ++t) {
    threads.emplace_back([&work] { append_for_ever(work); });
  }
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
  work.ends = true;
  for (std::thread& thread : threads) thread.join();
  (*writer).reset();
  return 0;
}
