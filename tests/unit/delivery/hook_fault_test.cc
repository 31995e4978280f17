// SPDX-License-Identifier: Apache-2.0
// What goes wrong with programs of the administrator's, and what becomes of the events: the whole
// engine, with real programs.
#include <gmock/gmock.h>
#include <sys/prctl.h>

#include "lib/delivery/dispatcher.h"
#include "lib/operators/operator_store.h"
#include "lib/settings/sink_arguments.h"
#include "lib/sink/hook_process.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class HookFaultTest : public DeliveryTest {
 protected:
  // As the dispatcher.
  static void SetUpTestSuite() { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }
  void TearDown() override {
    if (dispatcher_) dispatcher_->stop(milliseconds{0});
    dispatcher_.reset();
    DeliveryTest::TearDown();
  }

  // An exec sink with a script that knows $d, the directory, and takes events by `take`.
  void start(const std::string& body, const std::string& option) {
    const std::string hook = write_hook(
        "hook", "d=" + directory_ + "; take() { echo $PLIVO_EVENT_ID >> $d/out; }\n" + body);
    DispatcherConfig config;
    config.spool = spool_;
    config.keep = std::chrono::hours(1);
    config.sinks.push_back(
        *parse_sink(std::vector<std::string_view>{"crm", "exec:" + hook, option}));
    Result<std::unique_ptr<Dispatcher>> started = Dispatcher::start(config, log_);
    ASSERT_TRUE(started.ok()) << started.error().message;
    dispatcher_ = std::move(*started);
  }

  // Event `number` of the call `call`.
  void accept(int number, const std::string& call) {
    Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open(spool_);
    ASSERT_TRUE(writer.ok());
    Event event = event_of(number);
    event.call = call;
    ASSERT_TRUE((*writer)->append(to_json(event)).ok());
  }

  // The numbers of the events that the program took, in its order.
  std::vector<int> taken() const {
    std::vector<int> numbers;
    std::istringstream ids(read_text(directory_ + "/out"));
    for (std::string id; ids >> id;) numbers.push_back(std::stoi(id.substr(id.size() - 6)));
    return numbers;
  }
  bool log_has(const std::string& text) const {
    return log_.lines().find(text) != std::string::npos;
  }

  std::unique_ptr<Dispatcher> dispatcher_;
};

TEST_F(HookFaultTest, ProgramThatFailsIsTriedAgainAfterLongerAndLongerWaits) {
  start("echo $PLIVO_ATTEMPT >> $d/tries; exit 1", "retry=1,2,3600");
  accept(1, "a");
  ASSERT_TRUE(eventually([&] { return log_has(" h\n") || log_has(" min\n"); })) << log_.lines();
  EXPECT_EQ(read_text(directory_ + "/tries"), "1\n2\n3\n");
  EXPECT_EQ(count_of(log_.lines(), "PD0631 sink crm: event " + id_of(1) + ": '" + directory_ +
                                       "/hook' exited with 1; again in "),
            3u)
      << log_.lines();
}

TEST_F(HookFaultTest, ProgramThatHangsHoldsUpItsCallOnly) {
  start("[ $PLIVO_CALL = a ] && { echo $$ > $d/hangs; sleep 1000; }; take", "timeout=3600");
  accept(1, "a");
  accept(2, "a");
  ASSERT_TRUE(eventually([&] { return !read_text(directory_ + "/hangs").empty(); }));
  for (int i = 3; i <= 20; ++i) accept(i, "b" + std::to_string(i % 3));
  ASSERT_TRUE(eventually([&] { return taken().size() == 18; }))
      << testing::PrintToString(taken()) << log_.lines();
  EXPECT_THAT(taken(), testing::Each(testing::Ge(3)));
  std::string hanging = read_text(directory_ + "/hangs");
  hanging.pop_back();
  EXPECT_TRUE(std::filesystem::exists("/proc/" + hanging));
}

TEST_F(HookFaultTest, ProgramThatPrintsForEverIsEndedAndItsOutputCut) {
  Stop stop;
  const HookRun run = run_hook({"/usr/bin/yes"}, {}, "x", std::chrono::seconds(1), stop);
  EXPECT_EQ(run.end, HookRun::End::kTimedOut);
  EXPECT_EQ(run.output.size(), kMaxHookOutput);
}

TEST_F(HookFaultTest, ProgramThatIsHarmedOrGoneGetsItsEventsWhenItIsMended) {
  start("take", "retry=1");
  const std::string hook = directory_ + "/hook";
  const std::string content = read_text(hook);
  chmod(hook.c_str(), 0644);
  accept(1, "a");
  EXPECT_TRUE(eventually([&] { return log_has("could not be started: Permission denied"); }));
  std::filesystem::remove(hook);
  EXPECT_TRUE(eventually([&] { return log_has("could not be started: No such file"); }));
  std::ofstream(directory_ + "/next") << "\x7f"
                                         "ELF, cut";
  chmod((directory_ + "/next").c_str(), 0755);
  std::filesystem::rename(directory_ + "/next", hook);
  EXPECT_TRUE(eventually([&] { return log_has("could not be started: Exec format error"); }));
  EXPECT_TRUE(taken().empty());
  std::ofstream(directory_ + "/next") << content;
  chmod((directory_ + "/next").c_str(), 0755);
  std::filesystem::rename(directory_ + "/next", hook);
  EXPECT_TRUE(eventually([&] { return !taken().empty(); }));
  EXPECT_THAT(taken(), ElementsAre(1));
}

TEST_F(HookFaultTest, PoisonEventHoldsUpItsCallUntilItIsDeadAndCanBeSentAgain) {
  start("[ -e $d/cured ] || [ $PLIVO_EVENT_ID != " + id_of(1) + " ] || exit 1; take", "retry=1/3");
  for (int i = 1; i <= 3; ++i) accept(i, "poisoned");
  for (int i = 4; i <= 6; ++i) accept(i, "other" + std::to_string(i));
  const std::string letter = spool_ + "/dead/" + id_of(1) + ".crm.json";
  ASSERT_TRUE(eventually([&] { return taken().size() >= 3; }));
  EXPECT_THAT(taken(), UnorderedElementsAre(4, 5, 6));
  EXPECT_FALSE(std::filesystem::exists(letter));

  ASSERT_TRUE(eventually([&] { return taken().size() == 5; })) << log_.lines();
  EXPECT_TRUE(std::filesystem::exists(letter)) << "before those behind it went";
  EXPECT_EQ(taken()[3], 2);
  EXPECT_EQ(taken()[4], 3);
  EXPECT_EQ(count_of(log_.lines(), "PD0651"), 1u);

  std::ofstream(directory_ + "/cured") << "";
  Result<std::unique_ptr<OperatorStore>> store =
      OperatorStore::open(spool_, Database::Access::kChange);
  ASSERT_TRUE(store.ok()) << store.error().message;
  const std::int64_t now = std::chrono::duration_cast<std::chrono::microseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  ASSERT_EQ(*(*store)->retry_dead("crm", now), 1u);
  EXPECT_TRUE(eventually([&] { return taken().size() == 6; })) << log_.lines();
  EXPECT_EQ(taken().back(), 1);
}

}  // namespace
}  // namespace plivo_dial
