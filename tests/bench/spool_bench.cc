// SPDX-License-Identifier: Apache-2.0
//
// What an accepted event costs: on the disk of $PLIVO_DIAL_BENCH_DIR, or of /tmp. Compare Append
// with WriteAndSync, which does for each event what Append does for all that wait; the ratio is
// what says something, the figures are those of a disk. p50 and p99 are means over the threads.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "lib/base/crc32c.h"
#include "lib/spool/segment_file.h"
#include "lib/spool/segment_format.h"
#include "lib/spool/segment_reader.h"
#include "lib/spool/spool_writer.h"

namespace {

using plivo_dial::SegmentFile;
using plivo_dial::SegmentReader;
using plivo_dial::SpoolWriter;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kEventSize = 1200;  // of an ordinary event

const std::string& event() {
  static const std::string text(kEventSize, 'x');
  return text;
}

// A directory that goes when the benchmark does.
class Directory {
 public:
  Directory() {
    const char* wanted = std::getenv("PLIVO_DIAL_BENCH_DIR");
    path_ = std::string(wanted == nullptr ? "/tmp" : wanted) + "/plivo-bench-XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) std::abort();
    std::filesystem::create_directory(path_ + "/in");
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// How long each of a thread's calls took.
class Latencies {
 public:
  template <class Call>
  bool measure(const Call& call) {
    const auto begun = Clock::now();
    const bool worked = call();
    all_.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begun).count());
    return worked;
  }

  void report(benchmark::State& state) {
    std::sort(all_.begin(), all_.end());
    for (const int percent : {50, 99}) {
      const std::size_t at = all_.size() * static_cast<std::size_t>(percent) / 100;
      state.counters["p" + std::to_string(percent) + "_us"] = benchmark::Counter(
          all_.empty() ? 0 : all_[std::min(at, all_.size() - 1)], benchmark::Counter::kAvgThreads);
    }
    state.SetItemsProcessed(state.iterations());
  }

 private:
  std::vector<double> all_;
};

// Shared by the threads of one run.
std::unique_ptr<Directory> g_directory;
std::unique_ptr<SpoolWriter> g_writer;
std::unique_ptr<SegmentFile> g_segment;
std::mutex g_segment_mutex;
int g_segments = 0;

void open_writer(const benchmark::State&) {
  g_directory = std::make_unique<Directory>();
  g_writer = SpoolWriter::open(g_directory->path(), {.min_free = 0}).value();
}

void open_directory(const benchmark::State&) {
  g_directory = std::make_unique<Directory>();
}

void close_all(const benchmark::State&) {
  g_writer.reset();
  g_segment.reset();
  g_directory.reset();
}

void Append(benchmark::State& state) {
  Latencies latencies;
  for (auto _ : state) {
    if (!latencies.measure([] { return g_writer->append(event()).ok(); })) {
      state.SkipWithError("an append failed");
      break;
    }
  }
  latencies.report(state);
}

bool write_and_sync() {
  const std::lock_guard<std::mutex> guard(g_segment_mutex);
  const std::string frame = plivo_dial::encode_frame(1, 1, event());
  if (g_segment == nullptr || !g_segment->has_room(frame.size())) {
    const std::string path =
        g_directory->path() + "/in/0123abcd-1-2-" + std::to_string(g_segments++) + ".seg";
    g_segment = SegmentFile::make(path, plivo_dial::SegmentSpace::kReserved).value();
  }
  return g_segment->append(frame).ok();
}

void WriteAndSync(benchmark::State& state) {
  Latencies latencies;
  for (auto _ : state) {
    if (!latencies.measure(write_and_sync)) {
      state.SkipWithError("a write failed");
      break;
    }
  }
  latencies.report(state);
}

void EncodeFrame(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(plivo_dial::encode_frame(1, 1, event()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kEventSize));
}

void CheckValue(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(plivo_dial::crc32c(event()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kEventSize));
}

void ScanFullSegment(benchmark::State& state) {
  const Directory directory;
  std::unique_ptr<SpoolWriter> writer =
      SpoolWriter::open(directory.path(), {.min_free = 0}).value();
  for (int i = 0; i < 9; ++i) (void)writer->append(std::string(100'000, 'x'));
  const std::string path =
      directory.path() + "/in/" + plivo_dial::list_segments(directory.path())->front();
  const std::unique_ptr<SegmentReader> reader = SegmentReader::open(path).value();
  for (auto _ : state) benchmark::DoNotOptimize(reader->scan(0));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(plivo_dial::kSegmentSize));
}

BENCHMARK(Append)
    ->Threads(1)
    ->Threads(4)
    ->Threads(25)
    ->UseRealTime()
    ->Setup(open_writer)
    ->Teardown(close_all);
BENCHMARK(WriteAndSync)
    ->Threads(1)
    ->Threads(4)
    ->Threads(25)
    ->UseRealTime()
    ->Setup(open_directory)
    ->Teardown(close_all);
BENCHMARK(EncodeFrame);
BENCHMARK(CheckValue);
BENCHMARK(ScanFullSegment);

}  // namespace

BENCHMARK_MAIN();
