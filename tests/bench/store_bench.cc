// How long a new event takes through the dispatcher's store to a sound sink (taken in, found, and
// recorded as delivered), while the housekeeping runs without a pause, in a store that is empty and
// in stores that months have left behind; and the longest transaction that changed it.
//
// usage: store_bench [THOUSANDS [EVENTS]]   a store of so many thousand events (1000), and so many
// new ones (2000)
// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "lib/books/event_store.h"
#include "lib/event/json.h"
#include "lib/operators/operator_store.h"
#include "lib/store/dead_letter.h"

namespace plivo_dial {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::int64_t kStartUs = 1'795'000'000'000'000;
constexpr int kOfASegment = 1500;  // as many events as 1 MiB has
constexpr std::int64_t kMuchLaterUs = kStartUs + 864'000'000'000;

class Silence : public Log {
 public:
  void write(LogLevel, std::string_view, std::string_view) override {}
};

void check(bool good, const std::string& what) {
  if (good) return;
  std::fprintf(stderr, "store_bench: %s\n", what.c_str());
  std::exit(1);
}

bool go_on(const Result<bool>& more) {
  check(more.ok(), more ? "" : more.error().message);
  return *more;
}

// How long transactions that change the store lasted, of all connections.
class Transactions {
 public:
  static void watch() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(&on_open)); }
  static double take_longest() {
    const std::lock_guard<std::mutex> guard(mutex_);
    return std::exchange(longest_, 0);
  }

 private:
  static int on_open(sqlite3* database, const char**, const sqlite3_api_routines*) {
    return sqlite3_trace_v2(database, SQLITE_TRACE_PROFILE, &on_end, database);
  }
  static int on_end(unsigned, void* database, void* statement, void*) {
    const std::string_view text = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
    const std::lock_guard<std::mutex> guard(mutex_);
    if (text.starts_with("BEGIN IMMEDIATE")) begun_[database] = Clock::now();
    const auto begun = begun_.find(database);
    if (!text.starts_with("COMMIT") || begun == begun_.end()) return 0;
    longest_ = std::max(longest_, Milliseconds(Clock::now() - begun->second).count());
    begun_.erase(begun);
    return 0;
  }

  static inline std::mutex mutex_;
  static inline std::map<void*, Clock::time_point> begun_;
  static inline double longest_ = 0;
};

SinkConfig file_sink(const std::string& name) {
  SinkConfig sink;
  sink.name = name;
  sink.kind = SinkKind::kFile;
  sink.path = "/none";
  return sink;
}

// A store in a directory of its own, with the sinks `sound` and `broken`.
class Store {
 public:
  explicit Store(const std::string& spool) {
    std::filesystem::create_directories(spool);
    auto opened = EventStore::open(spool, log_, std::make_shared<LockPatience>());
    check(opened.ok(), opened ? "" : opened.error().message);
    store_ = std::move(*opened);
    check(store_->intake()
              .set_sinks({file_sink("sound"), file_sink("broken")}, {kStartUs, kStartUs})
              .ok(),
          "sinks");
    sound_ = store_->intake().id_of("sound");
    broken_ = store_->intake().id_of("broken");
  }

  EventStore& store() { return *store_; }

  // `count` events in one segment, with `broken`'s rows in the state `at_broken`.
  void fill(int count, DeliveryState at_broken) {
    const std::string segment = "0123abcd-1-2-" + std::to_string(next_) + ".seg";
    std::vector<TestFrame> frames;
    for (int i = 0; i < count; ++i) frames.push_back(frame());
    take_in(std::move(frames), segment, true);
    record_all(sound_, DeliveryState::kDelivered, count);
    if (at_broken != DeliveryState::kWaiting) record_all(broken_, at_broken, count);
  }

  // Milliseconds of each of `count` new events, one after the other.
  std::vector<double> go_through(int count) {
    std::vector<double> all;
    for (int i = 0; i < count; ++i) {
      std::vector<TestFrame> frames = {frame()};
      const auto begin = Clock::now();
      has_news_ = true;
      take_in(std::move(frames), "0123abcd-1-3-1.seg", false);
      has_news_ = false;
      record_all(sound_, DeliveryState::kDelivered, 1);
      all.push_back(Milliseconds(Clock::now() - begin).count());
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  // As the dispatcher does it, in pieces between the imports. How many segments were forgotten.
  int keep_house() {
    const auto finished =
        store_->upkeep().finished_segments(kMuchLaterUs, std::chrono::microseconds(0));
    check(finished.ok(), "finished_segments");
    for (const std::string& name : *finished) {
      while (go_on(store_->upkeep().forget_some_of(name))) wait_for_news();
    }
    while (go_on(store_->upkeep().forget_loose_events())) wait_for_news();
    go_on(store_->upkeep().forget_old_keys());
    check(store_->delivery().gone_sinks().ok(), "gone_sinks");
    return static_cast<int>(finished->size());
  }

 private:
  void wait_for_news() const {
    while (has_news_) std::this_thread::sleep_for(std::chrono::microseconds(50));
  }

  ImportFrame frame() {
    Event event;
    char id[27];
    std::snprintf(id, sizeof id, "01%024d", ++next_);
    event.id = id;
    event.event = "other";  // of no order: it waits for no other
    event.call = "call-" + std::to_string(next_);
    event.received_us = kStartUs + next_;
    event.params = {{"CallUUID", *event.call}, {"Text", std::string(400, 'x')}};
    ImportFrame frame;
    frame.accepted_us = event.received_us;
    frame.head = EventHead{event.id, event.event, event.call, step_of(event)};
    frame.json = to_json(event);
    return frame;
  }

  void take_in(std::vector<TestFrame> frames, const std::string& segment, bool ended) {
    std::size_t& offset = offsets_.try_emplace(segment, 16).first->second;
    for (ImportFrame& frame : frames) {
      frame.offset = offset;
      offset += 700;
    }
    ImportBatch batch;
    batch.segments = {{segment, offset, ended}};
    batch.frames = std::move(frames);
    batch.now = Clock::now();
    check(store_->intake().import(batch).ok(), "import");
  }

  void record_all(SinkId sink, DeliveryState state, int count) {
    std::uint64_t& after = after_[sink];
    const auto events = store_->delivery().waiting(sink, after, static_cast<std::size_t>(count));
    check(events.ok() && !events->empty(), "waiting");
    std::vector<DeliveryChange> changes;
    for (const WaitingEvent& event : *events) {
      DeliveryChange change;
      change.seq = after = event.seq;
      change.state = state;
      change.attempts = 1;
      changes.push_back(std::move(change));
    }
    check(store_->delivery().record(sink, std::move(changes)).ok(), "record");
  }

  Silence log_;
  std::unique_ptr<EventStore> store_;
  SinkId sound_ = 0;
  SinkId broken_ = 0;
  std::atomic<bool> has_news_{false};
  int next_ = 0;
  std::map<std::string, std::size_t> offsets_;
  std::map<SinkId, std::uint64_t> after_;
};

struct Past {
  const char* name;
  int events;
  DeliveryState at_broken;
};

void measure(const std::string& directory, const Past& past, int events) {
  Store store(directory);
  for (int left = past.events; left > 0; left -= kOfASegment) {
    store.fill(std::min(left, kOfASegment), past.at_broken);
  }
  Transactions::take_longest();
  std::atomic<bool> enough{false};
  std::atomic<int> forgotten{0};
  std::thread house([&] {
    while (!enough) forgotten += store.keep_house();
  });
  const std::vector<double> took = store.go_through(events);
  enough = true;
  house.join();
  const auto quantile = [&](double part) {
    return took[static_cast<std::size_t>(part * static_cast<double>(took.size() - 1))];
  };
  std::printf("%-44s p50 %6.2f ms  p99 %6.2f ms  longest transaction %6.1f ms  forgotten %d\n",
              past.name, quantile(0.5), quantile(0.99), Transactions::take_longest(),
              forgotten.load());
  std::fflush(stdout);
}

int run(int thousands, int events) {
  Transactions::watch();
  const char* const temporary = std::getenv("TMPDIR");
  std::string place = std::string(temporary == nullptr ? "/var/tmp" : temporary) + "/storeXXXXXX";
  check(mkdtemp(place.data()) != nullptr, place);
  const int many = thousands * 1000;
  const Past pasts[] = {
      {"empty", 0, DeliveryState::kDelivered},
      {"all delivered, being forgotten", many, DeliveryState::kDelivered},
      {"15 % of that waits at the broken sink", many * 15 / 100, DeliveryState::kWaiting},
      {"2 % of that are dead letters", many / 50, DeliveryState::kDead},
      {"empty, again", 0, DeliveryState::kDelivered},
  };
  int number = 0;
  for (const Past& past : pasts) {
    const std::string directory = place + "/" + std::to_string(++number);
    measure(directory, past, events);
    std::filesystem::remove_all(directory);
  }
  std::filesystem::remove_all(place);
  return 0;
}

}  // namespace
}  // namespace plivo_dial

int main(int argc, char** argv) {
  return plivo_dial::run(argc > 1 ? std::atoi(argv[1]) : 1000,
                         argc > 2 ? std::atoi(argv[2]) : 2000);
}
