// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/detached_sink.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <future>

#include "lib/base/system_file.h"
#include "lib/base/thread_sanitizer.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

using Outcome = Attempt::Outcome;

// What a sink is asked to do, and whether it still exists.
struct Orders {
  std::promise<void> release;
  std::shared_future<void> released{release.get_future()};
  std::atomic<bool> hangs{false};
  std::atomic<bool> looks_for_end{false};
  std::atomic<bool> is_destroyed{false};
  std::atomic<int> asked{0};
  std::string standard_input;
  std::size_t descriptors = 0;
};

class OrderedSink : public Sink {
 public:
  OrderedSink(Orders& orders, Log& log) : orders_(orders), log_(log) {}
  ~OrderedSink() override { orders_.is_destroyed = true; }

  Attempt attempt(const SinkEvent& event, const Stop& stop) override {
    look();
    wait();
    if (orders_.looks_for_end) eventually([&] { return stop.due(); });
    Attempt attempt;
    attempt.outcome = stop.due() ? Outcome::kInterrupted : Outcome::kFailed;
    attempt.reason = "no place for " + event.id();
    return attempt;
  }
  Result<void> settle(const Stop& /*stop*/) override {
    log_.write(LogLevel::kInfo, log_id::kHookOutput, "settles");
    wait();
    return Error{"not settled"};
  }
  void look_after(const Stop& /*stop*/) override { wait(); }
  bool records_each() const override { return true; }

 private:
  void wait() {
    ++orders_.asked;
    if (orders_.hangs) orders_.released.wait();
  }
  void look() {
    std::error_code error;
    for (std::filesystem::directory_iterator one("/proc/thread-self/fd", error), end; one != end;
         ++one) {
      ++orders_.descriptors;
    }
    orders_.standard_input = std::filesystem::read_symlink("/proc/thread-self/fd/0", error);
  }

  Orders& orders_;
  Log& log_;
};

class DetachedSinkTest : public DeliveryTest {
 protected:
  void make(milliseconds notice = milliseconds(60000)) {
    sink_ = detach_sink([this](Log& log) { return std::make_unique<OrderedSink>(orders_, log); },
                        {"crm", "'/mnt/hook'", notice}, log_);
  }
  void let_it_come_back() {
    orders_.release.set_value();
    EXPECT_TRUE(eventually([&] { return orders_.is_destroyed && !any_sink_was_given_up(); }));
  }

  Orders orders_;
  Stop stop_;
  std::unique_ptr<Sink> sink_;
};

TEST_F(DetachedSinkTest, PassesOnWhatItIsAskedAndAnswered) {
  make();
  const Attempt attempt = sink_->attempt(event_of(7), stop_);
  EXPECT_EQ(attempt.outcome, Outcome::kFailed);
  EXPECT_EQ(attempt.reason, "no place for " + id_of(7));
  EXPECT_EQ(sink_->settle(stop_).error().message, "not settled");
  sink_->look_after(stop_);
  EXPECT_EQ(orders_.asked, 3);
  EXPECT_TRUE(sink_->records_each());
  EXPECT_FALSE(orders_.is_destroyed);
  sink_.reset();
  EXPECT_TRUE(orders_.is_destroyed);
  EXPECT_EQ(log_.lines(), "PD0634 settles\n");
}

TEST_F(DetachedSinkTest, HasNothingOpenThatOthersHave) {
  const Descriptor file(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
  ASSERT_TRUE(file.valid());
  make();
  sink_->attempt(event_of(1), stop_);
  if (kThreadSanitizer) GTEST_SKIP() << "it knows one table of descriptors for a process";
  EXPECT_EQ(orders_.standard_input, "/dev/null");
  EXPECT_EQ(orders_.descriptors, 4u) << "the standard three, and the one that counts them";
  EXPECT_GE(fcntl(file.get(), F_GETFD), 0) << "the others' is as it was";
}

TEST_F(DetachedSinkTest, OneThatHangsIsToldOfOnceAndWaitedFor) {
  make(milliseconds(50));
  orders_.hangs = true;
  std::future<Attempt> attempt =
      std::async(std::launch::async, [&] { return sink_->attempt(event_of(1), stop_); });
  EXPECT_TRUE(eventually([&] { return count_of(log_.lines(), "PD0656") == 1; }));
  EXPECT_EQ(attempt.wait_for(milliseconds(300)), std::future_status::timeout);
  orders_.release.set_value();
  EXPECT_EQ(attempt.get().outcome, Outcome::kFailed);
  EXPECT_THAT(log_.lines(), HasSubstr("sink crm: '/mnt/hook' has not come back for 0 s"));
  EXPECT_EQ(count_of(log_.lines(), "PD0656"), 1u);
  EXPECT_EQ(count_of(log_.lines(), "PD0657"), 1u);
}

TEST_F(DetachedSinkTest, OneThatHangsBehindTheEndIsGivenUp) {
  make();
  orders_.hangs = true;
  stop_.request(Stop::Clock::now());
  const auto begin = Stop::Clock::now();
  const Attempt attempt = sink_->attempt(event_of(1), stop_);
  EXPECT_GE(Stop::Clock::now() - begin, kGiveUp);
  EXPECT_EQ(attempt.outcome, Outcome::kInterrupted);
  EXPECT_TRUE(any_sink_was_given_up());
  // Nobody asks it any more.
  EXPECT_FALSE(sink_->settle(stop_).ok());
  EXPECT_EQ(count_of(log_.lines(), "settles"), 0u);
  sink_->look_after(stop_);
  EXPECT_EQ(orders_.asked, 1);
  sink_.reset();
  EXPECT_FALSE(orders_.is_destroyed);
  let_it_come_back();
}

// Such as one that waits for the end of a program that hangs.
TEST_F(DetachedSinkTest, SinkSeesTheEnd) {
  make();
  stop_.request(Stop::Clock::now());
  orders_.looks_for_end = true;
  const Attempt attempt = sink_->attempt(event_of(1), stop_);
  EXPECT_EQ(attempt.outcome, Outcome::kInterrupted);
  EXPECT_EQ(attempt.reason, "no place for " + id_of(1)) << "which it said itself";
}

}  // namespace
}  // namespace plivo_dial
