// Every configuration and every command of the manual and of README.md, tried.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "lib/event/json.h"
#include "lib/event/syslog_line.h"
#include "lib/settings/dispatcher_config.h"
#include "tests/httpd/manual_blocks.h"
#include "tests/httpd/manual_machine.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class ManualPage : public testing::TestWithParam<std::string> {
 protected:
  std::vector<ManualBlock> blocks_ = manual_blocks(GetParam());

  std::string place(const ManualBlock& block) const {
    return GetParam() + ":" + std::to_string(block.line);
  }
};

class ManualConfigurations : public ManualPage {};
class ManualCommands : public ManualPage {};
class ManualStreamPrograms : public ManualPage {};

// The pages with at least one block of that kind.
std::vector<std::string> pages_with(const std::string& test) {
  std::vector<std::string> pages;
  for (const std::string& page : manual_pages()) {
    const std::vector<ManualBlock> blocks = manual_blocks(page);
    if (std::any_of(blocks.begin(), blocks.end(),
                    [&](const ManualBlock& block) { return block.mark("test") == test; })) {
      pages.push_back(page);
    }
  }
  return pages;
}

TEST_P(ManualPage, SaysHowEachBlockIsTried) {
  for (const ManualBlock& block : blocks_) {
    const std::string test = block.mark("test");
    EXPECT_FALSE(block.language.empty()) << place(block) << ": name the language";
    EXPECT_THAT(test, testing::AnyOf("config", "run", "hook", "mail", "stream", "event", "line",
                                     "diald", "logrotate", "file", "none"))
        << place(block) << ": say by test= how this is tried";
    if (test == "none") {
      EXPECT_NE(block.mark("because"), "") << place(block) << ": why is it not tried?";
    }
  }
}

TEST_P(ManualConfigurations, PassConfigtest) {
  ManualMachine machine(ManualMachine::State::kInstalled);
  for (const ManualBlock& block : blocks_) {
    if (block.mark("test") != "config") continue;
    SCOPED_TRACE(place(block));
    const CommandResult result = machine.configtest(block);
    EXPECT_EQ(result.exit_code, 0) << result.output;
  }
}

// What the page's own commands do not set up is there already.
ManualMachine::State state_for(const std::vector<ManualBlock>& blocks) {
  auto state = ManualMachine::State::kServing;
  for (const ManualBlock& block : blocks) {
    if (block.mark("test") != "run") continue;
    if (block.text.find("a2enmod") != std::string::npos) {
      return ManualMachine::State::kInstalled;
    }
    if (block.text.find("a2enconf") != std::string::npos) state = ManualMachine::State::kEnabled;
  }
  return state;
}

TEST_P(ManualCommands, Work) {
  if (geteuid() != 0) GTEST_SKIP() << "the commands are root's";
  ManualMachine machine(state_for(blocks_));
  machine.remove_sinks_belongings();
  ASSERT_TRUE(machine.start());
  for (const ManualBlock& block : blocks_) {
    if (block.mark("spool") == "root") machine.give_spool_to_root();
  }
  if (state_for(blocks_) == ManualMachine::State::kServing) {
    ASSERT_TRUE(wait_for(
        [&] { return machine.run("grep PD0601 /var/log/apache2/error.log").exit_code == 0; }));
  }
  for (const ManualBlock& block : blocks_) {
    SCOPED_TRACE(place(block));
    if (!block.mark("file").empty()) machine.write(block);
    if (block.mark("test") != "run") continue;
    if (block.text.find("plivo-dialctl events") != std::string::npos &&
        block.text.find("events status") == std::string::npos) {
      // The dispatcher may not have taken in what the block before has done.
      EXPECT_TRUE(
          wait_for([&] { return machine.run("plivo-dialctl events list").exit_code == 0; }));
    }
    const CommandResult result = machine.run_block(block);
    EXPECT_EQ(result.exit_code, 0) << block.text << result.output;
  }
}

TEST_P(ManualPage, ItsHooksAndDataAreWhatTheySay) {
  std::string event;
  for (const ManualBlock& block : blocks_) {
    SCOPED_TRACE(place(block));
    const std::string test = block.mark("test");
    if (test == "event") {
      event = block.text;
      EXPECT_TRUE(event_from_json(event).ok()) << event_from_json(event).error().message;
    }
    if (test == "line") {
      // The guides show the line of the event that plivo-events(7) shows.
      const auto page = std::string(SOURCE_DIR) + "/mod_plivo_dial/manual/plivo-events.adoc";
      for (const ManualBlock& other : manual_blocks(page)) {
        if (other.mark("test") == "event") event = other.text;
      }
      ASSERT_TRUE(event_from_json(event).ok());
      EXPECT_EQ(to_key_value(*event_from_json(event)) + "\n", block.text);
    }
    if (test == "logrotate") {
      EXPECT_THAT(read_file(CONF_EXAMPLES_DIR "/plivo-dial.logrotate"),
                  testing::EndsWith("\n" + block.text));
    }
    if (test == "diald") {
      const auto config = dispatcher_config_from_json(block.text);
      EXPECT_TRUE(config.ok()) << config.error().message;
    }
  }
}

TEST_P(ManualStreamPrograms, ConfirmEachEvent) {
  for (const ManualBlock& block : blocks_) {
    if (block.mark("test") != "stream") continue;
    SCOPED_TRACE(place(block));
    ManualMachine machine(ManualMachine::State::kInstalled);
    const CommandResult result = machine.run("cat > hook <<'END'\n" + block.text + "END\n" +
                                             "printf '%s\\n' '{\"id\":1}' '{\"id\":2}' | sh hook\n"
                                             "cat /var/log/plivo-dial/stream.json");
    EXPECT_EQ(result.output, "OK\nOK\nOK\n{\"id\":1}\n{\"id\":2}\n");
  }
}

std::string name_of_page(const testing::TestParamInfo<std::string>& page) {
  std::string name;
  for (const char c : std::filesystem::path(page.param).stem().string()) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(, ManualPage, testing::ValuesIn(manual_pages()), name_of_page);
INSTANTIATE_TEST_SUITE_P(, ManualConfigurations, testing::ValuesIn(pages_with("config")),
                         name_of_page);
INSTANTIATE_TEST_SUITE_P(, ManualCommands, testing::ValuesIn(pages_with("run")), name_of_page);
INSTANTIATE_TEST_SUITE_P(, ManualStreamPrograms, testing::ValuesIn(pages_with("stream")),
                         name_of_page);

// The reader of blocks and the machine must be able to complain.
TEST(ManualMachine, SeesAConfigurationAndACommandThatFail) {
  ManualMachine machine(ManualMachine::State::kInstalled);
  ManualBlock block;
  block.text = "<Location \"/d\">\nSetHandler plivo-dial\nPlivoDial 12345\n</Location>\n";
  EXPECT_THAT(machine.configtest(block).output, HasSubstr("not a phone number in E.164"));
  EXPECT_NE(machine.run("false\ntrue").exit_code, 0);
  block.text = "false && true\ntrue\n";
  EXPECT_NE(machine.run_block(block).exit_code, 0);
  EXPECT_NE(machine.run("plivo-dialctl call --url http://127.0.0.1/nothing").exit_code, 0);
}

}  // namespace
}  // namespace plivo_dial::test
