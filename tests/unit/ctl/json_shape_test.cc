// Each --json: one object on one line, with "v" and the command, and no key that the manual does
// not promise.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "lib/settings/explanation.h"
#include "lib/settings/tables_config.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/call/call_json.h"
#include "mod_plivo_dial/ctl/call/call_player.h"
#include "mod_plivo_dial/ctl/commands.h"
#include "tests/unit/books/store_fixture.h"
#include "tests/unit/ctl/command_runner.h"
#include "tests/unit/ctl/fake_server.h"
#include "tests/unit/ctl/httpd/manifest_sample.h"
#include "tests/unit/ctl/loopback_server.h"

namespace plivo_dial::ctl {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

using Commands = std::map<std::string, std::vector<std::string>>;

bool has_json(const Command& command) {
  return std::ranges::any_of(command.options(), [](const Option* option) {
    return option->long_names() == std::vector<std::string>{"--json"};
  });
}

void collect_json_commands(const Command& command, const std::string& path,
                           std::set<std::string>& found) {
  for (const Command* below : command.commands()) {
    const std::string name = path.empty() ? below->name() : path + " " + below->name();
    if (has_json(*below)) found.insert(name);
    collect_json_commands(*below, name, found);
  }
}

std::set<std::string> commands_with_json() {
  const auto app = make_application();
  std::set<std::string> found;
  collect_json_commands(*app, "", found);
  return found;
}

// Of all objects in `value`. What comes from elsewhere has keys of its own: an event, and the
// parameters and attributes of a played call.
void collect_keys(const json& value, std::set<std::string>& keys) {
  if (value.is_array()) {
    for (const json& item : value) collect_keys(item, keys);
  }
  if (!value.is_object()) return;
  for (const auto& [key, member] : value.items()) {
    keys.insert(key);
    const bool foreign = key == "parameters" || key == "attributes" || key == "event";
    if (!foreign) collect_keys(member, keys);
  }
}

std::string manual() {
  std::ifstream file(PLIVO_DIALCTL_MANUAL, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What the manual says of a command's keys: from its anchor to the end of the paragraph.
std::string promise_for(std::string command) {
  std::ranges::replace(command, ' ', '-');
  const std::string text = manual();
  const std::size_t at = text.find("[#json-" + command + "]");
  const std::size_t start = at != std::string::npos ? at : text.find("[[json-" + command + "]]");
  if (start == std::string::npos) return "";
  return text.substr(start, text.find("\n\n", start) - start);
}

std::vector<std::string> keys_without_a_promise(const std::string& command, const json& value) {
  std::set<std::string> keys;
  collect_keys(value, keys);
  keys.erase("v");
  keys.erase("command");
  const std::string promise = promise_for(command);
  std::vector<std::string> missing;
  for (const std::string& key : keys) {
    if (promise.find("`" + key + "`") == std::string::npos) missing.push_back(key);
  }
  return missing;
}

class JsonShape : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open_store({sink("a"), sink("b")});
    ASSERT_TRUE(store_->intake().end_catching_up().ok());
    take_in({frame_of(event_of_call(1, "other", "c")), frame_of(event_of_call(2, "other", "d"))});
    record(1, DeliveryState::kDelivered);
  }

  // A program with `text` for its output.
  std::string program(const std::string& text) const {
    return files_.write("program", "#!/bin/sh\ncat <<'END'\n" + text + "END\n");
  }

  // The sample with a route map and a schedule.
  ConfigManifest manifest_with_tables() const {
    ConfigManifest manifest = sample_manifest();
    manifest.spool = spool_;
    const std::string map = files_.write("numbers.txt", "+14155550199 +14155550111\n");
    manifest.locations[1].route_map = map;
    manifest.tables = to_json(
        TablesConfig{{{{"office", "Europe/London", "Mon-Fri 09:00-18:00"}, "/etc/a.conf:4"}},
                     {{map, {}, "/etc/b.conf:4"}},
                     {{files_.write("callers.txt", "anonymous\n"), "/etc/b.conf:5"}},
                     {}});
    return manifest;
  }

  // Every command that has --json, in a way that makes it print.
  Commands commands() const {
    const ConfigManifest manifest = manifest_with_tables();
    const std::vector<ExplainedCall> explained = {{"main server",
                                                   "/dialstatus",
                                                   "/etc/a.conf:9",
                                                   {{"stage", "+14155550111", "/etc/a.conf:11"}}}};
    const std::string httpd = program(output_with(manifest) + to_json(explained) + "\n");
    chmod(httpd.c_str(), 0700);
    const std::string id = id_of(2);
    Commands all = {{"doctor", {"--httpd", "/bin/false"}},
                    {"plan", {"+14155550199", "--httpd", httpd}},
                    {"explain", {"+14155550199", "--httpd", httpd}},
                    {"urls", {"--httpd", httpd}},
                    {"compile", {"--httpd", httpd}},
                    {"map check", {"--httpd", httpd, manifest.locations[1].route_map}},
                    {"call", {"--url", port_.url("/answer")}},
                    {"events status", {}},
                    {"events list", {}},
                    {"events show", {id}},
                    {"events retry", {id}},
                    {"events replay", {"--since", "2026-11-18T11:06:40Z", "--sink", "a"}},
                    {"events dead list", {}},
                    {"events dead retry", {"--all"}},
                    {"events dead drop", {"--all"}},
                    {"events verify", {}},
                    {"events hook-test", {"--", "/bin/true"}}};
    for (auto& [command, arguments] : all) {
      if (command.starts_with("events")) {
        arguments.insert(arguments.begin(), {"--spool", spool_});
      }
      arguments.insert(arguments.begin(), "--json");
    }
    return all;
  }

  static std::string output_of(const std::string& command, std::vector<std::string> arguments) {
    std::vector<std::string> words;
    std::istringstream stream(command);
    for (std::string word; stream >> word;) words.push_back(word);
    arguments.insert(arguments.begin(), words.begin(), words.end());
    const auto app = make_application();
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const Result<int, UsageError> status = app->run(arguments);
    EXPECT_TRUE(status.ok()) << command << ": " << (status ? "" : status.error().message);
    const std::string errors = testing::internal::GetCapturedStderr();
    const std::string output = testing::internal::GetCapturedStdout();
    EXPECT_NE(output, "") << command << ": " << errors;
    return output;
  }

  TemporaryFiles files_;
  ClosedPort port_;
};

TEST_F(JsonShape, EveryCommandHasOne) {
  const Commands all = commands();
  std::set<std::string> tried;
  for (const auto& [command, arguments] : all) tried.insert(command);
  EXPECT_EQ(commands_with_json(), tried) << "a command with --json that this test does not try";
}

TEST_F(JsonShape, IsOneObjectOnOneLineWithItsVersionAndCommand) {
  for (const auto& [command, arguments] : commands()) {
    SCOPED_TRACE(command);
    const std::string output = output_of(command, arguments);
    EXPECT_EQ(output.find('\n'), output.size() - 1);
    const json object = json::parse(output, nullptr, false);
    ASSERT_TRUE(object.is_object()) << output;
    EXPECT_EQ(object["v"], 1);
    EXPECT_EQ(object["command"], command);
    EXPECT_TRUE(output.starts_with("{\"v\":1,\"command\":")) << output;
    EXPECT_THAT(keys_without_a_promise(command, object), IsEmpty());
  }
}

TEST_F(JsonShape, OfAWholeCallIsPromised) {
  FakeServer server;
  server.document(
      "/answer",
      "<Dial timeout=\"5\"><Number>14155550100</Number></Dial><Speak x=\"y\">Bye</Speak>");
  CallScript script = test_script();
  script.chaos = 7;
  const json object = json::parse(render_json(play_call(script, server)));
  EXPECT_EQ(object["result"]["chaos"]["seed"], 7);
  EXPECT_GT(object["steps"].size(), 4U);
  EXPECT_GT(object["legs"].size(), 0U);
  EXPECT_THAT(keys_without_a_promise("call", object), IsEmpty());
}

TEST_F(JsonShape, AKeyThatIsNotPromisedIsSeen) {
  EXPECT_THAT(keys_without_a_promise("events list", {{"events", {{{"id", 1}, {"new", 2}}}}}),
              testing::ElementsAre("new"));
}

}  // namespace
}  // namespace plivo_dial::ctl
