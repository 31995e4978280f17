// SPDX-License-Identifier: Apache-2.0
// A long life in half an hour, by tests/fault/soak: see there. The clocks of httpd, its dispatcher
// and their programs are moved an hour at a time; what is counted in seconds stays as it is.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <thread>

#include "lib/event/json.h"
#include "lib/operators/operator_store.h"
#include "lib/spool/segment_reader.h"
#include "lib/store/dead_letter.h"
#include "tests/fault/set_clock.h"
#include "tests/fault/soak_account.h"
#include "tests/fault/soak_world.h"
#include "tests/httpd/examples.h"
#include "tests/httpd/httpd_server.h"
#include "tests/httpd/plivo_server.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr int kHoursOfADay = 24;
constexpr std::size_t kClients = 8;
constexpr std::size_t kRequestsOfAConnection = 100;
constexpr std::size_t kCourseEach = 100;  // requests; so one in a hundred is a dial.result
constexpr std::size_t kRepeatEach = 997;  // of a client's requests, as Plivo would
constexpr int kUpgradeDay = 2;            // of the days of each MPM

std::size_t number_of_environment(const char* name, std::size_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

struct Scale {
  std::size_t events = number_of_environment("PLIVO_SOAK_EVENTS", 2'000'000);
  std::size_t minutes = number_of_environment("PLIVO_SOAK_MINUTES", 30);
  int days = static_cast<int>(number_of_environment("PLIVO_SOAK_DAYS", 30));
  int hours() const { return days * kHoursOfADay; }
};

// Callers that send as many requests as they are allowed to, each its calls one after the other.
class Traffic {
 public:
  Traffic(int port, SoakAccount& account) : port_(port), account_(account) {
    for (std::size_t i = 0; i < kClients; ++i) clients_.emplace_back([this] { run(); });
  }
  ~Traffic() { stop(); }
  Traffic(const Traffic&) = delete;
  Traffic& operator=(const Traffic&) = delete;

  void allow(std::size_t more) { left_ += static_cast<std::int64_t>(more); }
  bool is_done() const { return left_ <= 0; }
  void stop() {
    stopping_ = true;
    for (std::thread& client : clients_) {
      if (client.joinable()) client.join();
    }
  }

 private:
  struct Request {
    const char* path;
    const char* example;
    const char* event;
  };
  static constexpr Request kCourse[] = {{"/dialstatus", "A1", "call.answer"},
                                        {"/dialstatus/callback", "E1", "dial.answered"},
                                        {"/dialstatus/callback", "E2", "dial.connected"},
                                        {"/dialstatus/callback", "E5", "dial.ended"},
                                        {"/dialstatus/action", "D1", "dial.result"}};
  static constexpr Request kRing = {"/dialstatus/ring", "R1", "call.ring"};

  void run() {
    std::unique_ptr<HttpSession> session;
    std::string call;
    std::string leg;
    for (std::size_t sent = 0; !stopping_; ++sent) {
      if (left_.fetch_sub(1) <= 0) {
        ++left_;
        --sent;
        std::this_thread::sleep_for(milliseconds(5));
        continue;
      }
      if (sent % kRequestsOfAConnection == 0) session = std::make_unique<HttpSession>(port_);
      const std::size_t step = sent % kCourseEach;
      const bool in_course = step < std::size(kCourse);
      if (step == 0 || !in_course) {
        call = new_uuid();
        leg = new_uuid();
      }
      const Request& request = in_course ? kCourse[step] : kRing;
      const HttpRequest http = http_of(request, call, leg);
      if (session->send(http).status != 200) continue;
      account_.accepted(call, request.event);
      const bool repeats = sent % kRepeatEach == kRepeatEach - 1 && step != 0;
      if (repeats && session->send(http).status == 200) account_.repeated();
    }
  }

  static HttpRequest http_of(const Request& request, const std::string& call,
                             const std::string& leg) {
    Example example_of = example(request.example);
    for (const char* name : {"CallUUID", "DialALegUUID"}) {
      example_of.form = with_form_value(example_of.form, name, call);
    }
    if (request.example != kRing.example) {
      example_of.form = with_form_value(example_of.form, "DialBLegUUID", leg);
    }
    return {.method = "POST",
            .path = request.path,
            .body = example_of.form,
            .headers = {"Content-Type: " + std::string(kFormType)}};
  }

  const int port_;
  SoakAccount& account_;
  std::atomic<std::int64_t> left_ = 0;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> clients_;
};

// What is appended to a file from now on.
class Tail {
 public:
  explicit Tail(std::string path) : path_(std::move(path)) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path_, missing);
    if (!missing) at_ = size;
  }
  // "" while there is none.
  std::string line_with(const std::string& text) {
    std::ifstream file(path_, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at_));
    const std::string more((std::istreambuf_iterator<char>(file)), {});
    at_ += more.size();
    seen_ += more;
    const std::size_t found = seen_.find(text);
    const std::size_t end = seen_.find('\n', found == std::string::npos ? 0 : found);
    if (found == std::string::npos || end == std::string::npos) return "";
    const std::size_t begin = seen_.rfind('\n', found) + 1;  // 0 when there is none
    return seen_.substr(begin, end - begin);
  }

 private:
  const std::string path_;
  std::size_t at_ = 0;
  std::string seen_;
};

class Soak : public testing::Test {
 protected:
  // Ten days under one MPM.
  void live(Mpm mpm, int first_hour, int hours) {
    ServerOptions options{.mpm = mpm,
                          .environment = {"PLIVO_FAULT_CLOCK=" + world_.path("/clock")},
                          .preload = world_.path("/bin/clock_shim.so")};
    server_ = std::make_unique<HttpdServer>(options);
    for (const char* line :
         {"PD0104", "PD0528", "PD0631", "PD0651", "PD0653", "MaxRequestWorkers"}) {
      server_->allow_log(line);
    }
    world_.give_to(server_->files().user());
    ASSERT_TRUE(server_->start(world_.configuration(mpm)));
    {
      Traffic traffic(server_->port(), account_);
      for (int hour = first_hour; hour < first_hour + hours; ++hour) {
        live_an_hour(traffic, hour);
        if (HasFatalFailure()) return;
        if (hour % kHoursOfADay == kHoursOfADay - 1) end_day(hour / kHoursOfADay);
      }
    }
    wait_until_nothing_waits();
    read_files();
    if (HasFatalFailure()) return;
    server_->stop();
  }

  void live_an_hour(Traffic& traffic, int hour) {
    const auto end = steady_clock::now() + milliseconds(scale_.minutes * 60'000) / scale_.hours();
    begin_hour(hour);
    traffic.allow(scale_.events / static_cast<std::size_t>(scale_.hours()));
    ASSERT_TRUE(server_->restart_gracefully());
    probe();
    if (HasFatalFailure()) return;
    ASSERT_TRUE(wait_for([&] { return traffic.is_done(); }, seconds(120))) << "hour " << hour;
    std::this_thread::sleep_until(end);
  }

  void begin_hour(int hour) {
    const int day = hour / kHoursOfADay;
    world_.clock().pass(std::chrono::hours(1));
    if (hour % kHoursOfADay == 0) {
      if (day == scale_.days / 6) world_.break_hook();
      if (day == scale_.days / 6 + std::max(1, scale_.days / 10)) world_.mend_hook();
      if (day % 5 == 1) world_.write_hook();
      if (day % 10 == kUpgradeDay) world_.write_dispatcher();
      rotate();
    }
    // What a clock does that a time server keeps right, and one that it does not.
    if (hour % 12 == 5) world_.clock().set_wrong_by(milliseconds(day % 2 == 0 ? -400 : 700));
    if (hour % 12 == 9) world_.clock().set_wrong_by(seconds(day % 2 == 0 ? 5 : -5));
    if (hour % 12 == 11) world_.clock().set_wrong_by(seconds(0));
  }

  // As logrotate does, which is named in the manual.
  void rotate() {
    const std::string file = world_.path("/out/events");
    read_files();
    if (std::filesystem::exists(file)) std::filesystem::rename(file, file + ".1");
    file_offset_of_.rotated = std::exchange(file_offset_of_.current, 0);
  }

  // What has come since the last look, of both files.
  void read_files() {
    const std::string file = world_.path("/out/events");
    if (std::filesystem::exists(file + ".1")) {
      file_offset_of_.rotated = account_.read_file_sink(file + ".1", file_offset_of_.rotated);
    }
    file_offset_of_.current = account_.read_file_sink(file, file_offset_of_.current);
    file_offset_of_.stream =
        account_.read_stream_log(world_.path("/out/stream"), file_offset_of_.stream);
  }

  // How long an accepted event is on its way to the sinks that are sound, while all else goes on.
  void probe() {
    const std::string call = new_uuid();
    Example ring = example("R1");
    ring.form = with_form_value(ring.form, "CallUUID", call);
    Tail file(world_.path("/out/events"));
    Tail stream(world_.path("/out/stream"));
    ASSERT_EQ(send_example(HttpClient(server_->port()), "/dialstatus/ring", ring).status, 200);
    const auto begin = steady_clock::now();
    account_.accepted(call, "call.ring");
    ASSERT_TRUE(wait_for([&] { return !file.line_with(call).empty(); })) << "no line of a probe";
    const Result<Event> event = event_from_json(file.line_with(call));
    ASSERT_TRUE(event.ok());
    ASSERT_TRUE(wait_for([&] { return !stream.line_with(event->id).empty(); })) << event->id;
    const auto took = steady_clock::now() - begin;
    probes_.push_back(std::chrono::duration_cast<milliseconds>(took).count());
  }

  void end_day(int number) {
    Day day;
    day.day = number;
    day.dispatcher = dispatcher_pid();
    ASSERT_NE(day.dispatcher, 0);
    // What the last hour's work took has been given back by then.
    std::this_thread::sleep_for(seconds(7));
    day.dispatcher_kib = anonymous_memory_kib(day.dispatcher);
    day.parent_kib = anonymous_memory_kib(server_->pid());
    day.spool_kib = disk_of_spool() / 1024;
    days_.push_back(day);
    EXPECT_EQ(find_oversized_segment(), "") << "day " << number + 1;
    std::cout << "day " << number + 1 << ": " << account_.accepted_count()
              << " accepted, dispatcher " << day.dispatcher_kib << " KiB, httpd's parent "
              << day.parent_kib << " KiB, spool " << day.spool_kib << " KiB"
              << (std::filesystem::exists(world_.path("/out/broken")) ? ", the hook is broken" : "")
              << std::endl;
  }

  pid_t dispatcher_pid() const {
    for (const ProcessInfo& process : list_processes(server_->pid())) {
      const bool is_child = process.parent == server_->pid();
      if (is_child && process.command_line.find("plivo-diald") != std::string::npos) {
        return process.pid;
      }
    }
    return 0;
  }

  std::uint64_t disk_of_spool() const {
    std::uint64_t bytes = 0;
    std::error_code gone;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(world_.path("/spool"), gone)) {
      struct stat file {};
      if (stat(entry.path().c_str(), &file) == 0) {
        bytes += static_cast<std::uint64_t>(file.st_blocks) * 512;
      }
    }
    return bytes;
  }

  // Of ended children; and no more than two files of a living one, whose number is limited.
  std::string find_oversized_segment() const {
    std::size_t open = 0;
    for (const auto& entry : std::filesystem::directory_iterator(world_.path("/spool/in"))) {
      const auto reader = SegmentReader::open(entry.path());
      if (!reader) continue;  // it has just been removed
      const Result<SegmentScan> scan = (*reader)->scan(0);
      struct stat file {};
      if (!scan || stat(entry.path().c_str(), &file) != 0) continue;
      if (scan->state == SegmentState::kOpen) {
        ++open;
        continue;
      }
      const auto takes = static_cast<std::uint64_t>(file.st_blocks) * 512;
      if (takes > scan->used * 11 / 10 + 4096) {
        return entry.path().string() + " holds " + std::to_string(scan->used) + " and takes " +
               std::to_string(takes);
      }
    }
    return open <= kMostOpen ? "" : std::to_string(open) + " segments are open";
  }

  // But at the hook, if that is broken.
  void wait_until_nothing_waits() const {
    const bool broken = std::filesystem::exists(world_.path("/out/broken"));
    EXPECT_TRUE(wait_for(
        [&] {
          const auto store = OperatorStore::open(world_.path("/spool"), Database::Access::kRead);
          const Result<StoreBalance> sums = store ? (*store)->balance() : store.error();
          if (!sums) return false;
          return std::ranges::all_of(sums->sinks, [&](const StoreBalance::OfSink& sink) {
            return sink.waiting == 0 || (broken && sink.name == "crm");
          });
        },
        seconds(120)));
  }

  // Against the first day of the dispatcher that lived at the end.
  void expect_flat(std::size_t first, std::size_t count) const {
    const Day& begin = days_[first + kUpgradeDay];
    const Day& end = days_[first + count - 1];
    EXPECT_EQ(begin.dispatcher, end.dispatcher) << "another one, which nobody started";
    EXPECT_LE(end.dispatcher_kib, begin.dispatcher_kib * 11 / 10) << "day " << end.day + 1;
    EXPECT_LE(end.parent_kib, begin.parent_kib * 11 / 10) << "day " << end.day + 1;
    // What is remembered of requests grows for a week.
    if (begin.day >= 8) {
      EXPECT_LE(end.spool_kib, begin.spool_kib * 11 / 10) << "day " << end.day + 1;
    }
  }

  void expect_even_account() {
    account_.read_hook_log(world_.path("/out/attempts"));
    const Result<std::vector<std::string>> letters = list_dead_letters(world_.path("/spool"));
    ASSERT_TRUE(letters.ok());
    for (const std::string& path : *letters) {
      if (const Result<DeadLetter> letter = read_dead_letter(path)) {
        account_.dead_letter(letter->event_id);
      }
    }
    for (const std::string& difference : account_.differences()) ADD_FAILURE() << difference;
    const auto store = OperatorStore::open(world_.path("/spool"), Database::Access::kRead);
    ASSERT_TRUE(store.ok());
    const Result<StoreBalance> sums = (*store)->balance();
    ASSERT_TRUE(sums.ok());
    for (const std::string& difference : sums->differences()) ADD_FAILURE() << difference;
    EXPECT_EQ(sums->pending, 0u);
    EXPECT_GE(sums->duplicates, account_.repeats());
    // What was stored and not answered by 200 may be there as well.
    EXPECT_GE(sums->frames, account_.accepted_count() + account_.repeats());
    EXPECT_EQ(sums->dead, letters->size());
    EXPECT_EQ(sums->frames, sums->delivered + sums->duplicates + sums->dead + sums->refused);
    std::cout << sums->frames << " frames = " << sums->delivered << " delivered + "
              << sums->duplicates << " duplicates + " << sums->dead << " dead; "
              << account_.in_file() << " in the file, " << account_.in_stream()
              << " in the stream, " << account_.at_hook() << " at the hook, " << account_.late()
              << " late\n";
  }

  void expect_probes_in_time() {
    ASSERT_FALSE(probes_.empty());
    std::vector<std::int64_t> sorted = probes_;
    std::sort(sorted.begin(), sorted.end());
    const auto at = [&](double share) {
      return sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * share)];
    };
    std::cout << sorted.size() << " probes: p50 " << at(0.5) << " ms, p99 " << at(0.99)
              << " ms, longest " << sorted.back() << " ms\n";
    EXPECT_LE(sorted.back(), 1000);
  }

  struct Day {
    int day = 0;
    pid_t dispatcher = 0;
    long dispatcher_kib = 0;
    long parent_kib = 0;
    std::uint64_t spool_kib = 0;
  };
  struct Offsets {
    std::size_t current = 0;
    std::size_t rotated = 0;
    std::size_t stream = 0;
  };
  // Two of each child, of the present generation and those that end.
  static constexpr std::size_t kMostOpen = std::size_t{2} * 16 * kChildren;

  const Scale scale_;
  World world_;
  SoakAccount account_;
  std::unique_ptr<HttpdServer> server_;
  Offsets file_offset_of_;
  std::vector<std::int64_t> probes_;
  std::vector<Day> days_;
};

TEST_F(Soak, OfThirtyDays) {
  const int third = scale_.days / 3;
  int day = 0;
  for (const Mpm mpm : {Mpm::kEvent, Mpm::kWorker, Mpm::kPrefork}) {
    const int days = mpm == Mpm::kPrefork ? scale_.days - day : third;
    std::cout << "mpm " << to_string(mpm) << ", " << days << " days" << std::endl;
    live(mpm, day * kHoursOfADay, days * kHoursOfADay);
    if (HasFatalFailure()) return;
    expect_flat(static_cast<std::size_t>(day), static_cast<std::size_t>(days));
    day += days;
  }
  expect_even_account();
  expect_probes_in_time();
}

}  // namespace
}  // namespace plivo_dial::test
